"""The table of messages: whole, up to date, and never with a silent hole."""

import ast
from pathlib import Path

import pytest

from docs.messages import SilentHoleError, main, messages, of_script, page
from docs.sinks import KNOWN_ELSEWHERE, NOT_PRINTED
from docs.sources import Product

ROOT = Path(__file__).parents[2]


def texts_of(code: str, **others: str) -> list[tuple[str, str]]:
    """The messages of a module: kind and text."""
    modules = {f"{name}.py": text for name, text in others.items()}
    found = messages(Product.of({"new.py": code, **modules}))
    return [(one.kind, one.text) for one in found if one.module == "new.py"]


def test_the_page_is_up_to_date() -> None:
    assert main(["--check"]) == 0, "python -m docs.messages --write"


def test_check_tells_and_write_repairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "messages.md"
    written.write_text("", encoding="utf-8")
    assert main(["--check", str(written)]) == 7
    assert "python -m docs.messages --write" in capsys.readouterr().err
    assert main(["--write", str(written)]) == 0
    assert main(["--check", str(written)]) == 0
    written.write_text("other", encoding="utf-8")
    assert main(["--check", str(written)]) == 7


def test_every_row_has_three_cells() -> None:
    rows = [line.replace(r"\|", "") for line in page().splitlines() if line.endswith("` |")]
    assert len(rows) > 200
    assert {row.count(" | ") for row in rows} == {2}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('raise ValueError("the tap drips")', [("error", "the tap drips")]),
        ("raise ValueError(f'{self.count:,} taps drip')", [("error", "{count} taps drip")]),
        ('raise ValueError("the tap " "drips")', [("error", "the tap drips")]),
        ("raise ValueError('wet' if wet else 'dry')", [("error", "wet"), ("error", "dry")]),
        ("raise ValueError(f'{n} tap{\"s\" * (n > 1)} drip')", [("error", "{n} tap(s) drip")]),
        ('raise ValueError("dripping: " + "; ".join(taps))', [("error", "dripping: {taps}")]),
        ('could_not_look(f"no {len(taps)} taps")', [("error", "no {number of taps} taps")]),
        ('def f():\n    said = "the tap drips"\n    tell(said)', [("note", "the tap drips")]),
        ('SAID = "the tap drips"\npulumi.log.warn(SAID)', [("warning", "the tap drips")]),
        ('def why():\n    return "the tap drips"\nraise ValueError(why())', [("error", "the tap drips")]),
        ('raise RefusedValueError("it drips", "close it")', [("error", "why  it drips\nfix  close it")]),
        ('raise Invalid(SERVICE, operation, "it drips", advice="close it")',
         [("error", "{SERVICE}: {operation}: it drips. close it")]),
        ('waiting("the plumber", clock, "none yet", meanwhile="it drips")',
         [("waiting", "WAITING for the plumber (none yet), it drips")]),
        ('print("it drips", file=sys.stderr)', [("error", "it drips")]),
        ('findings.append("the tap drips on")', [("part", "the tap drips on")]),
        ("def problems(self):\n    return [f'{n} drips' for n in taps]", [("error", "{n} drips")]),
    ],
)  # fmt: skip
def test_a_message_is_seen(code: str, expected: list[tuple[str, str]]) -> None:
    assert texts_of(code) == expected


def test_an_exception_of_our_own_and_a_constant_from_elsewhere_are_followed() -> None:
    other = 'class Wet(Exception):\n    """x"""\nTAP = "the tap"'
    assert texts_of('from other import TAP\nraise Wet(f"{TAP} drips")', other=other) == [
        ("error", "the tap drips")
    ]


@pytest.mark.parametrize(
    "code",
    [
        "def f(said):\n    raise ValueError(said)",
        "raise ValueError(service.words())",
        "tell(answer.text)",
        "console.print(table)",
        "for line in lines:\n    pulumi.log.error(line)",
        "raise Unheard('of this class')",
        "def problems(self):\n    return self.found",
    ],
)
def test_what_can_not_be_read_is_refused(code: str) -> None:
    with pytest.raises(SilentHoleError, match=r"new\.py:\d"):
        texts_of(code)


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    f()\nexcept OSError as error:\n    could_not_look(str(error))",
        "raise typer.Exit(7)",
        "raise NotImplementedError",
        'def f():\n    """What a docstring says of it."""',
        're.compile("the tap drips")',
        'typer.Option(help="Close the tap now.")',
    ],
)
def test_what_is_told_elsewhere_or_is_no_message_is_left_out(code: str) -> None:
    assert texts_of(code) == []


def test_what_a_script_says_is_seen_and_what_it_can_not_show_is_refused() -> None:
    said = of_script("x.sh", 'stop "no $tap here" # x\n    echo "dripping ${on_and:-on}"\nstop() {\n')
    assert [(one.kind, one.text) for one in said] == [
        ("error", "setup: no {tap} here"),
        ("note", "dripping {on_and}"),
    ]
    with pytest.raises(SilentHoleError, match=r"x\.sh"):
        of_script("x.sh", "echo $words")


def test_every_exemption_is_of_something_that_is_there() -> None:
    sources = Product.read(ROOT).sources
    for module, expression in KNOWN_ELSEWHERE:
        assert any(ast.unparse(node) == expression for node in sources[module].nodes), (module, expression)
    for module, place in NOT_PRINTED:
        assert place in sources[module].constants or place in sources[module].functions, (module, place)
