"""One case: tamper, look, type the repair that was proposed, look again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from deployer import deployer_from_environment
from drift.code import Code, CodeGroup
from exchange.mailbox_kinds import ROOMS
from review.types import CLIENT_SECRET
from tests.drift.by_hand import typed
from tests.drift.made import Made
from tests.drift.tampering import BY_PEOPLE, Tampering
from tests.drill.cases import Case
from tests.emulated import Emulated
from tests.engine.death import Operator
from tests.engine.rehearsal import Rehearsal
from wire import WireError

BESIDE = frozenset({"proof-fails"})
"""What may be found beside: the proof tells that the next run would stop, whatever else is the reason."""
_LOOK = "roomctl drift --json --stack rehearsal"

Report = dict[str, Any]


class MissedError(AssertionError):
    """Drift, or its repair, did not do what it promises; the text says what."""


@dataclass(frozen=True)
class Outcome:
    """What was found (level and rule), what was typed, and whether only people can end what is left."""

    found: tuple[str, ...]
    typed: tuple[str, ...]
    left_to_people: bool


def drill(case: Case, rehearsal: Rehearsal) -> Outcome:
    """Do it in a tenant that was just brought up; raises MissedError."""
    rehearsal.environment["PULUMI_SKIP_CONFIRMATIONS"] = "true"
    operator, made = Operator(rehearsal), _made(rehearsal)
    for one in case.tamperings:
        one.do(made)
    for command in case.then:
        _run(command, operator)
    report = _looked(operator)
    _is_found(case.tamperings, report)
    left_to_people = any(one in BY_PEOPLE for one in case.done)
    proposed = _proposed(report, left_to_people=left_to_people)
    lines = [one for line in proposed for one in _type(line, operator, made)]
    again = _looked(operator)
    _is_gone(report, again, left_to_people=left_to_people)
    return Outcome(_named(report), tuple(lines), left_to_people)


def _made(rehearsal: Rehearsal) -> Made:
    """The stack's objects, as an administrator gets at them."""
    emulated = Emulated(rehearsal.tenant, deployer_from_environment(rehearsal.tenant.environment))
    administrator = emulated.administrator
    resources = {one["urn"].rpartition("::")[2]: one for one in rehearsal.resources()}
    proof = resources["placeos-scope-configured-access"]["outputs"]
    code = Code(
        stack="rehearsal", mark="", application=proof["applicationObjectId"], client_id=proof["appId"],
        principal=proof["servicePrincipalObjectId"], name="PlaceOS", existing=False, permissions=frozenset(),
        accepted_permissions=frozenset(), accepted_policies=frozenset(), owners=frozenset(),
        administrators=frozenset(),
        secrets=frozenset(
            one["outputs"]["keyId"] for one in resources.values() if one["type"] == CLIENT_SECRET
        ),
        groups=tuple(CodeGroup(one["objectId"], "", ROOMS, None) for one in proof["groups"]),
    )  # fmt: skip
    return Made(emulated, administrator.graph, administrator.exchange, code)


def _looked(operator: Operator) -> Report:
    """What the identity of the role read is told."""
    rehearsal = operator.rehearsal
    with rehearsal.run_by(rehearsal.tenant.environment_of("Reader")):
        done = operator.types(f"{_LOOK} 2>&1")
    try:
        report: Report = json.loads(done.output)
    except ValueError:
        raise MissedError(f"it could not look:\n{done.output}") from None
    if report["notLookedAt"] or report["exitCode"] != done.code:
        raise MissedError(f"ended with {done.code}, not looked at: {report['notLookedAt']}")
    return report


def _is_found(tamperings: Sequence[Tampering], report: Report) -> None:
    """Each by a finding of its rule and level, and nothing else but what may stand beside."""
    left = list(report["findings"])
    for one in tamperings:
        found = next((finding for finding in left if _tells(finding, one)), None)
        if found is None:
            raise MissedError(f"no {one.level} {one.rule} about {one.of!r} in {_said(report)}")
        left.remove(found)
    if noise := [one["what"] for one in left if one["rule"] not in BESIDE]:
        raise MissedError(f"and beside it: {noise}")


def _tells(finding: dict[str, Any], tampering: Tampering) -> bool:
    about = f"{finding['what']} {finding['subject']}"
    return (finding["rule"], finding["level"]) == (tampering.rule, tampering.level) and tampering.of in about


def _proposed(report: Report, *, left_to_people: bool) -> list[str]:
    """Every line, in the order that the report proposes; the run waits for what people have to decide."""
    return [one for one in report["repair"] if not (left_to_people and one.startswith("pulumi up "))]


def _type(line: str, operator: Operator, made: Made) -> list[str]:
    """What is for pulumi or roomctl is run; the way back that recover prints is gone, line by line."""
    try:
        left = typed(line, made.graph, made.exchange)
        if any(one.startswith("roomctl recover ") for one in left):
            return [line, *operator.recovers()]
    except (AssertionError, WireError) as error:
        raise MissedError(f"{line}\n{error}") from None
    for command in left:
        _run(command, operator)
    return [line]


def _run(command: str, operator: Operator) -> None:
    done = operator.types(command)
    if done.code:
        said = done.output.rpartition("Diagnostics:")[2].strip()
        raise MissedError(f"{command} ended with {done.code}:\n{said}")


def _is_gone(before: Report, after: Report, *, left_to_people: bool) -> None:
    if not left_to_people and after["findings"]:
        raise MissedError(f"still there after the repair: {_said(after)}")
    left = _proposed(after, left_to_people=left_to_people)
    if left_to_people and not all(line.startswith("#") for line in left):
        raise MissedError(f"left, and it is not said who must do what: {_said(after)} after {_said(before)}")


def _named(report: Report) -> tuple[str, ...]:
    return tuple(f"{one['level']} {one['rule']}" for one in report["findings"])


def _said(report: Report) -> list[str]:
    return [f"{one['level']} {one['rule']}: {one['what']}" for one in report["findings"]]
