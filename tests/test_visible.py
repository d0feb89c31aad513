"""Text from outside, as a person is shown it."""

import pytest

from visible import in_markdown, quoted, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zürich [red] €", "Zürich [red] €"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x1b[31mred\x07\x9b", r"\x1b[31mred\x07\x9b"),
        ("\u202egnp.exe\u200b\u2028", r"\u202egnp.exe\u200b\u2028"),
        ("\udc80", r"\udc80"),
    ],
)
def test_what_a_terminal_obeys_is_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_long_text_is_cut_and_measured() -> None:
    assert quoted("x" * 100) == f'"{"x" * 100}"'
    assert quoted("\x1b" * 3000) == '"' + r"\x1b" * 100 + '…" (3,000 characters)'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a@contoso.example", r"a\@contoso.example"),
        ("Ada @octocat", "Ada \\@\u200boctocat"),
        ("\\@octocat", "\\\\\\@\u200boctocat"),
        ("&#64;octocat", r"\&\#64;octocat"),
        ("https://a.example www.b.example", r"https\://a.example www\.b.example"),
        ("  - 1. x", r"  \- 1. x"),
        ("1. x", r"1\. x"),
        ("a | <b> ~c~ $d$", r"a \| \<b\> \~c\~ \$d\$"),
    ],
)
def test_in_markdown_a_text_is_a_text(text: str, shown: str) -> None:
    assert in_markdown(text) == shown
