"""The report as a comment: whole, short enough, and deaf to what names say."""

import logging
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from review.change import Effect
from review.markdown import LONGEST, could_not_look, markdown
from review.policy import Violation
from review.settings_changes import SettingChange
from tests.review.stack import Stack, clean, reviewed

GITHUB_TAKES = 65_536
logging.getLogger("markdown_it").setLevel(logging.INFO)  # it tells each rule that it tries
_PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_BOTH = (
    "heading",
    "paragraph",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "bullet_list",
    "list_item",
    "blockquote",
)
_OURS = {"inline", *(f"{one}_{end}" for one in _BOTH for end in ("open", "close"))}
_OURS_INLINE = {"text", "text_special", "strong_open", "strong_close", "code_inline", "softbreak"}
_LINK = re.compile(r"(?:https?|ftp)://|www\.", re.IGNORECASE)
_MENTION = re.compile(r"(?<![A-Za-z0-9_])@[A-Za-z0-9]")


def blocks(report: str) -> list[str]:
    return [token.type for token in _PARSER.parse(report)]


def texts(report: str) -> str:
    return "\n".join(
        "".join(child.content for child in token.children or ())
        for token in _PARSER.parse(report)
        if token.children
    )


def inline(report: str) -> set[str]:
    return {child.type for token in _PARSER.parse(report) for child in token.children or ()}


def named(name: str) -> str:
    """A report in which everything that has a name from outside has this one."""
    stack = clean().has(f"helper {name}", "azuread:index/group:Group")
    stack["rooms-group"].update(name=name, memberJoin="Open", owners=[name], allowedSenders=[name])
    stack["rooms-members"]["members"] = {f"{name}@contoso.example": name}
    stack["application"].update(displayName=name, owners=[name], web={"redirectUris": [name]})
    stack["policies"]["accepted"] = [name]
    stack.grants_beside(name, principalObjectId=name, resourceObjectId=name)
    return markdown(
        reviewed(
            stack,
            # A colon would make it the setting of a provider.
            settings=(SettingChange(name.replace(":", ";"), name, name + "x"),),
            violations=(Violation(name, name, name, refused=False),),
            notes=(name,),
            code=(name,),
            unseen=(name,),
        )
    )


SHAPE = blocks(named("name"))
NASTY = [
    *(
        "| x |",
        "[a](https://evil.example)",
        "![x](y)",
        "<script>",
        "<!-- ",
        "@octocat",
        "a @team/x",
        "é@octocat",
    ),
    *(
        "\\@octocat",
        "&#64;octocat",
        "&lt;b&gt;",
        "https://evil.example/?a=b",
        "HTTP://evil.example",
        "www.evil.example",
    ),
    *("`", "``", "**bold**", "~~gone~~", "$x$", "#1", "- x", "1. x", "---", "# x", "    x", "\r\n\r\n# x"),
    *("\u2028", "\\", "\\|", "a\\"),
]


@pytest.mark.parametrize("name", NASTY)
def test_a_name_is_a_text_and_nothing_else(name):
    report = named(name)
    assert blocks(report) == SHAPE
    assert inline(report) <= _OURS_INLINE
    assert not _MENTION.search(texts(report))
    assert not _LINK.search(report)


@given(
    st.text(min_size=1, max_size=40) | st.lists(st.sampled_from(NASTY), min_size=1, max_size=4).map("".join)
)
def test_any_name_is_a_text_and_nothing_else(name):
    report = named(name)
    assert set(blocks(report)) <= _OURS
    assert blocks(report).count("table_open") == 2
    assert blocks(report).count("heading_open") == SHAPE.count("heading_open")
    assert inline(report) <= _OURS_INLINE
    assert not _MENTION.search(texts(report))
    assert not _LINK.search(report)


def test_what_people_read_is_the_name():
    assert "1 room newly reachable: Opera & Co. | (a_b@contoso.example)" in texts(
        markdown(reviewed(renamed({"a_b@contoso.example": "Opera & Co. |"})))
    )


def renamed(members: dict[str, str]) -> Stack:
    stack = clean()
    stack["rooms-members"]["members"] |= members
    return stack


def test_nothing_changes():
    report = markdown(reviewed(clean()))
    assert report.startswith(
        "## PlaceOS access: dev\n\nNothing changes.\n\n### Permissions\n\n| | Permission |"
    )
    assert "| stays | Calendars.ReadWrite | " in report
    assert "| can be opened | 2 mailboxes | 2 mailboxes |\n| of these rooms | 2 | 2 |\n" in report
    assert report.endswith("\n\nCompared with what is recorded.\n")
    for section in ("Taken away", "Also changes", "Policy pack", "Ask", "Not seen", "Enter", "Leave"):
        assert section not in report


@pytest.mark.parametrize(
    ("report", "says"),
    [
        (markdown(reviewed(clean().grants("Mail.Send"))), "**New access.** After this change somebody can"),
        (markdown(reviewed(clean(), clean().grants("Mail.Send"))), "Nothing new: access is only taken away."),
        (
            markdown(reviewed(clean(), settings=(SettingChange("a", "", "b"),))),
            "Nothing new: what PlaceOS can reach stays as it is.",
        ),
        (
            markdown(reviewed(clean(), violations=(Violation("r", "x", "m", refused=True),))),
            "**Refused.** An update that runs the policy pack would not begin.",
        ),
    ],
)
def test_the_verdict_stands_first(report, says):
    assert report.startswith(f"## PlaceOS access: dev\n\n{says}")


def test_all_parts():
    stack = renamed({"bay@contoso.example": "Bay"}).grants("Mail.Send")
    stack["application"]["displayName"] = "Rooms"
    del stack["rooms-members"]["members"]["opera@contoso.example"]
    settings = (SettingChange("a", "", "b" * 700),)
    refusal = (Violation("rule", "x", "m", refused=True), Violation("other", "y", "n", refused=False))
    report = markdown(reviewed(stack, settings=settings, violations=refusal, notes=("the rest",)))
    assert "every mailbox of the tenant" not in report
    assert "| **+ new** | Mail.Send |" in report
    assert (
        "- **Enter**: Bay (bay\\@contoso.example)\n- **Leave**: Opera (opera\\@contoso.example)\n" in report
    )
    assert "### Taken away\n\n- 1 room no longer reachable: Opera (opera\\@contoso.example)\n" in report
    assert (
        "### Also changes\n\n- displayName of application becomes Rooms\n"
        f"- Setting a: not set → {'b' * 590}…\n" in report
    )
    assert "### Policy pack\n\n- **refused**, rule, x: m\n- advice, other, y: n\n" in report
    assert "### Ask before you approve\n\n- " in report
    assert "### Not seen\n\n- the rest\n" in report
    just, more = (reviewed(clean(), settings=(SettingChange("a", "", "b" * count),)) for count in (590, 591))
    assert f"{'b' * 590}\n" in markdown(just)
    assert f"{'b' * 590}…\n" in markdown(more)
    gone = markdown(reviewed(clean(), stack))
    assert "| - gone | Mail.Send |" in gone
    [gain] = [one for one in reviewed(stack).changes if one.effect is Effect.GAINS and one.level == "high"]
    assert f"- {gain.what.rstrip('.')} (high)\n" in report


def test_without_a_permission():
    nothing = markdown(reviewed(Stack(), Stack()))
    assert "### Permissions\n\nNone, before and after.\n" in nothing


def test_of_everything_no_kind_is_counted():
    report = markdown(reviewed(clean().without("policies")))
    assert "| can be opened | 2 mailboxes | every mailbox of the tenant |\n\n### Taken" not in report
    assert "of these" not in report
    assert "**Leave**" not in report


def test_ten_thousand_rooms_fit_a_comment():
    label = "Very long name of a room, with words " * 6
    report = markdown(reviewed(renamed({f"room-{one}@contoso.example": label for one in range(10_000)})))
    assert "and 9980 more" in report
    assert len(report) <= GITHUB_TAKES
    assert report.endswith("Compared with what is recorded.\n")


def test_what_does_not_fit_is_cut_at_a_line_and_says_so():
    stack = clean()
    for one in range(2_000):
        stack.has(f"helper-{one}", "x:y:Z")
    report = markdown(reviewed(stack))
    assert LONGEST - 500 < len(report) <= LONGEST < GITHUB_TAKES
    assert report.startswith("## PlaceOS access: dev\n\n**New access.**")
    shown, _, end = report.rpartition("\n\n")
    assert shown.endswith("(unknown)")
    assert end.startswith("This is longer than a comment may be, so the rest is left out.")
    assert end.endswith(" All of it: `roomctl review --json`.\n")


def test_could_not_look_says_so_and_quotes_the_reason():
    report = could_not_look("dev", "no <right>\n\n  # on it")
    assert report == (
        "## PlaceOS access: dev\n\n**Could not look**, so nothing is known of what this change does:\n\n"
        "> no \\<right\\>\n> \n>   \\# on it\n"
    )
    assert len(could_not_look("dev", "reason\n" * 20_000)) <= LONGEST
