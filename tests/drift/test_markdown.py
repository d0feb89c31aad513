"""The report as Markdown: whole, deaf to what names say, and the same as long as it means the same."""

import random
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from drift.finding import Finding
from drift.markdown import NOT_LOOKED_AT, TITLE, could_not_look, markdown
from drift.report import Report
from drift.shown import MOST
from on_github.drift_issue import _UNNAMED, _UNSEEN
from on_github.drift_looks import _speaks_of
from on_github.looks import Look
from on_github.report_text import _LONGEST, harmless, mark
from permissions import Level
from tests.drift.told import BLIND, acceptance, everything, finding, reported

_PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HOSTILE = (
    "a | b |", "`", "```", "````", "\n## x", "\r\n- x", "[x](https://e.example)", "<b>", "![x](y)", "@ada",
    "#12", "https://e.example", "\\", "**x**", "~~x~~", "<!-- x -->", "\u202e", "\x1b[2J", "\u2028", "1. x",
    "> x", "",
)  # fmt: skip


def shape(report: Report) -> list[str]:
    """The blocks and the marks of the text as a parser sees them."""
    tokens = _PARSER.parse(markdown(report))
    return [one.type for token in tokens for one in (token, *(token.children or ())) if one.type != "text"]


def named(text: str) -> Report:
    """A report in which everything that comes from outside is this text."""
    one = finding(
        text, what=f"it is {text}", where=f"Entra {text}", repair=f"az x '{text}'", accept=f"# {text}"
    )
    said = acceptance(text, reason=text or "x", owner=text)
    unseen = [type(BLIND)(text, text, text)]
    return reported(one, accepted=[(one, said)], ended=[said], unused=[said], unseen=unseen, stack="a")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(HOSTILE), max_size=5).map("".join))
def test_no_name_ends_a_cell_or_a_fence_or_begins_anything(text: str) -> None:
    assert set(shape(named(text))) <= set(shape(named("plain"))) | {"text_special", "softbreak"}
    assert shape(named(text)).count("td_open") == shape(named("plain")).count("td_open")
    assert shape(named(text)).count("fence") == 2


def test_what_stands_where() -> None:
    told = markdown(everything())
    assert told.splitlines()[:5] == [
        "## PlaceOS drift: prod",
        "",
        "**Drift**: 2 findings, the gravest critical. 1 thing could not be looked at.",
        "",
        "PlaceOS can open every mailbox of the tenant, 171; it should open 48 mailboxes.",
    ]
    headings = [line for line in told.splitlines() if line.startswith("### ")]
    assert headings == [
        "### Not looked at",
        "### 1. critical: owner-not-in-code",
        "### 2. high: owner-not-in-code",
        "### To repair all of them",
        "### Accepted",
        "### Accepted findings to tidy up",
    ]
    assert "Since 2026-01-05T08:00:00Z." in told
    assert "| c is an owner | high | they help | it | 2027-01-01 |" in told
    assert "- **owners**: Microsoft Graph: GET /v1.0/x: Forbidden. Grant the deployer User.Read.All." in told
    assert "ended on 2025-01-01" in told
    assert "- owner-not-in-code, b (it) accepts high, and it is graver now, so it is drift" in told


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (reported(), "**Clean**: the tenant is as the code says."),
        (reported(finding()), "**Drift**: 1 finding, the gravest high."),
        (
            reported(unseen=[BLIND]),
            "**Could not look**: nothing was found, and 1 thing could not be looked at, so it is not clean.",
        ),
        (
            reported(unseen=[BLIND, BLIND]),
            "**Could not look**: nothing was found, and 2 things could not be looked at, so it is not clean.",
        ),
    ],
)
def test_the_verdict(report: Report, said: str) -> None:
    assert markdown(report).splitlines()[2] == said


def test_what_was_left_out_is_said() -> None:
    said = "Left out: full access to mailboxes (`--every-mailbox` looks at it)."
    assert said in markdown(reported()).splitlines()
    assert "Left out" not in markdown(reported(left_out=()))


def many(count: int, *others: Finding) -> Report:
    ones = [*(finding(f"{one:04}@contoso.example") for one in range(count)), *others]
    random.Random(count).shuffle(ones)  # noqa: S311 - an order, no secret
    return reported(*ones)


def test_very_many_are_folded_and_each_of_them_counts() -> None:
    told = markdown(many(500))
    assert told.count("is an owner") == MOST
    assert re.search(r"^- and 480 more like these \(checksum [0-9a-f]{8}\)$", told, re.MULTILINE)
    assert told.count("### ") == 1
    assert told == markdown(many(500)), "in whatever order they were seen"
    assert markdown(many(499, finding("9999@contoso.example"))) != told, "another of those that are not named"


def test_those_of_two_places_stand_together_in_each() -> None:
    ones = [finding(f"{one:02}", where=f"group {one % 2}") for one in range(10)]
    assert markdown(reported(*ones)).count("### ") == 2 + 1


def test_it_holds_no_day_of_the_run_and_no_order_of_it() -> None:
    assert not re.search(r"\b20\d\d\b", markdown(many(30)))
    assert str(date.today().year) not in markdown(reported(finding(), unseen=[BLIND]))


def test_it_is_never_cut_and_a_change_beyond_github_s_cut_is_noticed() -> None:
    """Who posts it cuts, and keeps a mark of the whole."""
    ones = [finding(f"{one:04}", repair=f"az {one}", level=Level.LOW) for one in range(1_000)]
    told, other = markdown(reported(*ones)), markdown(reported(*ones[:-1]))
    assert min(len(told), len(other)) > 2 * _LONGEST
    assert told.count("\n### ") == 1_000 + 1
    for text in (told, other):
        assert len(harmless(text)) < 65_536
        assert "Cut here: the whole report is in the run." in harmless(text)
    beyond = markdown(reported(*ones[:-1], finding("0999", repair="az 9999", level=Level.LOW)))
    assert harmless(told) == harmless(beyond)
    assert mark(told) != mark(beyond)


def test_who_posts_it_reads_the_headings_that_are_written() -> None:
    assert markdown(reported()).startswith(f"{TITLE} prod\n")
    assert could_not_look("prod", "x").startswith(f"{TITLE} prod\n")
    assert _speaks_of(Look(markdown(reported(stack="prod_1")), "0", {}, "")) == "prod_1"
    assert f"\n### {NOT_LOOKED_AT}\n" == _UNSEEN
    assert _UNSEEN in markdown(reported(unseen=[BLIND]))
    assert _UNNAMED in markdown(many(MOST + 1))
    assert _UNNAMED not in markdown(many(MOST))
    assert _UNSEEN not in markdown(everything()).replace(_UNSEEN, "")


def test_each_shell_has_a_block_of_its_own() -> None:
    cmdlet = "Remove-ApplicationAccessPolicy -Identity 'x' -Confirm:$false"
    told = markdown(reported(finding(repair=f"{cmdlet}\npulumi up --refresh --stack prod"), finding("b")))
    blocks = [(one.info, one.content) for one in _PARSER.parse(told) if one.type == "fence" and one.info]
    up, owner = "pulumi up --refresh --stack prod\n", "az ad app owner remove --id 1\n"
    assert blocks[:3] == [("sh", owner), ("powershell", f"{cmdlet}\n"), ("sh", up)]
    assert sorted(one for of in blocks[3:] for one in of[1].splitlines()) == sorted(
        [cmdlet, up.strip(), owner.strip()]
    )
    assert [shell for shell, _ in blocks[3:]] in (["sh", "powershell", "sh"], ["powershell", "sh"])


def test_what_could_not_be_looked_at_at_all_is_quoted_line_by_line() -> None:
    told = could_not_look("a_b", "first | `x`\n\n[second](https://e.example)")
    assert told == (
        "## PlaceOS drift: a\\_b\n\n**Could not look**, so nothing is known:\n\n"
        "> first \\| \\`x\\`\n> \n> \\[second\\](https\\://e.example)\n"
    )
