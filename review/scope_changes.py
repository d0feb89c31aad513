"""What becomes of the access policies, and of the proofs that they hold."""

from review import types
from review.change import Area, Change, Effect
from review.declared import NOT_KNOWN, Resource, Sides
from review.permission_table import opens_any_mailbox
from review.reach import RESTRICT, limited

_PROOFS = {
    types.CONFIGURED_ACCESS: "Exchange is no longer asked, before anything is consented to, whether the "
    "policy holds.",
    types.ENFORCED_ACCESS: "Microsoft Graph is no longer asked, before a secret is handed out, whether it "
    "refuses the mailboxes outside.",
}


def changes(sides: Sides) -> tuple[Change, ...]:
    """Policies that go or no longer restrict, and proofs that are no longer asked for."""
    found: list[Change] = []
    for before, after in sides.pairs(types.ACCESS_POLICIES):
        found += [*_policies(before, after, sides), *_other_groups(before, after, sides)]
    for kind, what in _PROOFS.items():
        for before, after in sides.pairs(kind):
            if before and not after and not sides.after.of(kind) and opens_any_mailbox(sides.after):
                ask = "What proves then that the application is kept to its rooms?"
                found.append(Change(Effect.GAINS, Area.PROOF, what, "high", ask))
    for before, after in sides.pairs(types.CONFIGURED_ACCESS):
        found += _refused(before, after)
    return tuple(found)


def _policies(before: Resource | None, after: Resource | None, sides: Sides) -> list[Change]:
    if before and not after and not limited(sides.after):
        if not opens_any_mailbox(sides.after):
            return [
                Change(
                    Effect.NEITHER,
                    Area.SCOPE,
                    f"The access policies {before.name} go, and every permission that opens mailboxes.",
                )
            ]
        return [
            Change(
                Effect.GAINS,
                Area.SCOPE,
                f"The access policies {before.name} are no longer declared.",
                "critical",
                "What limits the application instead?",
            )
        ]
    if before and after and before.texts("groupObjectIds") and after.known("groupObjectIds") == []:
        what = f"The access policies {after.name} name no group any more."
        return [Change(Effect.GAINS, Area.SCOPE, what, "critical", "What limits the application instead?")]
    wrong = sorted(set(after.texts("accessRights")) - {RESTRICT}) if after else []
    was = set(before.texts("accessRights")) if before else set()
    return [
        Change(
            Effect.GAINS,
            Area.SCOPE,
            f"An access policy is of the kind {right}: it denies its group and opens every other mailbox.",
            "critical",
            "Only RestrictAccess keeps an application to a group. Why this one?",
        )
        for right in wrong
        if right not in was
    ]


def _other_groups(before: Resource | None, after: Resource | None, sides: Sides) -> list[Change]:
    """Groups that a policy names by an id it did not name before, and whose members are listed nowhere."""
    if not before or not after:
        return []
    listed = {one.known("groupObjectId") for one in sides.after.of(types.GROUP_MEMBERS)}
    new = set(after.texts("groupObjectIds")) - set(before.texts("groupObjectIds")) - listed - {NOT_KNOWN}
    return [
        Change(
            Effect.GAINS,
            Area.SCOPE,
            f"The access policies {after.name} name another group, {group}: whoever is in it can be reached.",
            "high",
            f"Which group is {group}, and who decides who is in it?",
        )
        for group in sorted(new)
    ]


def _refused(before: Resource | None, after: Resource | None) -> list[Change]:
    """The mailboxes that the proof takes as those that must be refused."""
    if not before or not after:
        return []
    was, is_ = set(before.texts("deniedMailboxes")), set(after.texts("deniedMailboxes"))
    gone, new = sorted(was - is_), sorted(is_ - was)
    found = []
    if gone:
        what = f"The proof no longer asks that these are refused: {', '.join(gone)}."
        ask = "Why need these mailboxes no longer be refused?"
        found.append(Change(Effect.GAINS, Area.PROOF, what, "moderate", ask))
    if new and not was:
        what = f"The proof asks only these, and no longer chooses people's mailboxes: {', '.join(new)}."
        ask = "Are these ordinary mailboxes, which nothing but the policy keeps PlaceOS from?"
        found.append(Change(Effect.GAINS, Area.PROOF, what, "moderate", ask))
    elif new:
        what = f"The proof also asks that these are refused: {', '.join(new)}."
        found.append(Change(Effect.NEITHER, Area.PROOF, what))
    return found
