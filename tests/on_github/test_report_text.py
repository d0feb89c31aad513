"""A report on GitHub: what ours is made of stays, and nothing in it acts, whoever wrote it."""

import re
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from drift.markdown import markdown
from on_github.drift_issue import _lines
from on_github.report_text import harmless
from tests.drift.told import finding, reported

GAP = "\N{ZERO WIDTH SPACE}"
REPAIR = """- Repair:
  ```
  az rest --method DELETE --url "https://graph.microsoft.com/v1.0/x?a=1&b=<id>"

  echo @ada
  ```
"""


def test_what_ours_is_made_of_stays() -> None:
    ours = (
        "## PlaceOS access: prod\n\n### Reach\n\n| | Before | After |\n|---|---|---|\n"
        "| **+ new** | room\\_1\\@contoso.example |\n\n- Setting a: x → y\n> said\n"
    )
    assert harmless(ours) == ours


@pytest.mark.parametrize(
    ("bad", "shown"),
    [
        ("ask @contoso/identity", f"ask @{GAP}contoso/identity"),
        ("\\@ada", f"\\@{GAP}ada"),
        ("\\\\@ada", f"\\\\@{GAP}ada"),
        ("&#64;ada", f"&amp;#{GAP}64;ada"),
        ("<!-- placeos-access -->", "&lt;!-- placeos-access -->"),
        ("\\<b>", "&lt;b>"),
        ("[approve](https://evil.example)", f"[approve]\\(https:/{GAP}/evil.example)"),
        ("![x][y]\n\n[y]: //evil.example", "![x]\\[y]\n\n[y]\\: //evil.example"),
        ("_@octocat_ _@org/team_", f"_@{GAP}octocat_ _@{GAP}org/team_"),
        (
            "_https://evil.example/x_ _www.evil.example_",
            f"_https:/{GAP}/evil.example/x_ _www{GAP}.evil.example_",
        ),
        ("_gh-12_ ftp://evil.example", f"_gh-{GAP}12_ ftp:/{GAP}/evil.example"),
        ("owner/name@0123abc", f"owner/name@{GAP}0123abc"),
        ("see www.evil.example", f"see www{GAP}.evil.example"),
        ("closes #12, GH-3", f"closes #{GAP}12, GH-{GAP}3"),
        ("~~~\n```\n~~~\n@ada\n```", f"~{GAP}~~\n```\n~~~\n@ada\n```"),
        ("a\u202eb\x1b[2Jc\u200b", "a\ufffdb\ufffd[2Jc\ufffd"),
    ],
)
def test_what_acts_or_hides_is_text(bad: str, shown: str) -> None:
    assert harmless(bad) == shown


def test_code_is_there_to_be_copied() -> None:
    assert harmless(REPAIR) == REPAIR
    at_the_margin = "```\nhttps://graph.microsoft.com\n\n- @ada\n```"
    assert harmless(at_the_margin) == at_the_margin


def test_a_report_of_drift_keeps_its_commands_and_its_lines_of_code() -> None:
    """As `roomctl drift` writes it: blocks for both shells, and entries to accept the findings."""
    rest = "az rest --method DELETE --url https://graph.microsoft.com/v1.0/x"
    cmdlet = "Remove-ApplicationAccessPolicy -Identity 'x@0' -Confirm:$false"
    told = markdown(reported(finding(repair=rest), finding("b", repair=cmdlet)))
    shown = harmless(told)
    assert _code(shown) == _code(told)
    assert {info for info, _ in _code(shown)} == {"", "sh", "powershell"}
    assert GAP not in shown
    assert list(_lines(shown)) == ["b is an owner", "someone is an owner"]


def _code(text: str) -> list[tuple[str, str]]:
    return [(one.info, one.content) for one in MarkdownIt("commonmark").parse(text) if one.type == "fence"]


def test_a_long_one_is_not_cut_within_code() -> None:
    code = "  y\n" * 999
    shown = harmless("## Head\n" + f"- x\n  ```\n{code}  ```\n" * 40)
    assert shown.count("```") % 2 == 0
    assert shown.endswith("- x\n\nCut here: the whole report is in the run.\n")


FRAGMENTS = (
    "```", "````", "~~~", "```math", "```sh", "```powershell", "\n", "\n", "\n", "  ", "   ", "    ", "- ",
    "1. ", "> ", "`", "@ada https://e.example", "<b>", "[x](y)", "\\", "x", "|", "$$",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@example("- x\n  ```\n@ada\n  ```")
@example("- x\n  ```\n  y\n ```\n@ada\n  ```")
@example("~~~\n```\n~~~\n@ada\n```")
@example("```math\n```\n@ada\n```")
@example("```sh x\n```\n@ada\n```")
@example("```\n```sh\n@ada\n```\n@ada\n```")
@example("````\n```\n````\n@ada\n```")
@example("   ```\n   y\n```\n@ada\n   ```")
@example("1. x\n    ```\n    y\n    ```\n@ada\n    ```")
@example("```\ny\n```\n@ada\n```")
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=24).map("".join))
def test_only_in_code_is_anything_as_it_was(text: str) -> None:
    """As a parser sees it that knows nothing of ours."""
    for said in _outside_code(MarkdownIt("commonmark").parse(harmless(text))):
        assert not re.search(r"(?<![a-z])@ada", said), said
        assert "://" not in said


def test_a_parser_sees_what_is_not_made_harmless() -> None:
    shown = _outside_code(MarkdownIt("commonmark").parse("- x\n  ```\n@ada\n  ```\n"))
    assert "@ada" in list(shown)
    with pytest.raises(AssertionError):
        list(_outside_code(MarkdownIt("commonmark").parse("<b>")))


def _outside_code(tokens: Sequence[Token]) -> Iterator[str]:
    for one in tokens:
        assert one.type not in {"link_open", "image", "html_block", "html_inline"}
        if one.children:
            yield from _outside_code(one.children)
        elif one.type not in {"fence", "code_block", "code_inline"}:
            yield one.content
