import io
import json
from pathlib import Path

from rich.console import Console

from benchmarks import report
from benchmarks.figures import Figure, ratio

FIGURES = [
    Figure("up from nothing", 16, "Exchange calls", 16, "4 Test-ApplicationAccessPolicy"),
    ratio("preview", 3.0, 2.0, bound=1.3, how="3 s against 2 s"),
    Figure("told only", 5, "Exchange calls"),
]


def test_a_figure_at_its_bound_is_fine_and_above_it_is_over():
    assert [figure.is_over for figure in FIGURES] == [False, True, False]
    assert FIGURES[1].measured == 1.5


def test_the_table_says_what_is_over():
    shown = io.StringIO()
    report.show(FIGURES, Console(file=shown, width=120))
    lines = shown.getvalue().splitlines()
    for name, verdict in (("up from nothing", "ok"), ("preview", "over")):
        [line] = [line for line in lines if name in line]
        assert f" {verdict} " in line


def test_the_file_is_the_same_for_the_same_figures_and_holds_no_path(tmp_path: Path):
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    report.write(FIGURES, first)
    report.write(FIGURES, second)
    assert first.read_bytes() == second.read_bytes()
    document = json.loads(first.read_text())
    assert document["machine"].keys() == {"architecture", "cores", "python", "system"}
    assert [figure["over"] for figure in document["figures"]] == [False, True, False]
    assert list(document["figures"][0]) == sorted(document["figures"][0])
    assert "/" not in first.read_text()
    assert sorted(tmp_path.iterdir()) == [first, second]
