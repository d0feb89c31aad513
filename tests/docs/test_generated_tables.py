"""The generated tables of the documentation."""

import pytest

from docs.tables import TABLES, main, with_tables

PAGE = "before\n<!-- {name} -->\nold\n<!-- /{name} -->\nafter\n"


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_renewed_between_its_markers(name):
    renewed = with_tables(PAGE.format(name=name))
    assert renewed == f"before\n<!-- {name} -->\n{TABLES[name]()}\n<!-- /{name} -->\nafter\n"
    assert with_tables(renewed) == renewed


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_as_many_cells_as_the_header(name):
    rows = [line.replace(r"\|", "").count("|") for line in TABLES[name]().splitlines()]
    assert len(rows) > 2
    assert len(set(rows)) == 1


def test_check_tells_and_write_repairs(tmp_path, capsys):
    page = tmp_path / "README.md"
    page.write_text(PAGE.format(name="settings"), encoding="utf-8")
    assert main(["--check", str(page)]) == 7
    assert "python -m docs.tables --write" in capsys.readouterr().err
    assert "old" in page.read_text(encoding="utf-8")
    assert main(["--write", str(page)]) == 0
    assert "`roomGroupAddress`" in page.read_text(encoding="utf-8")
    assert main(["--check", str(page)]) == 0


def test_a_marker_without_its_other_is_an_error():
    with pytest.raises(ValueError, match="belong together"):
        with_tables("<!-- settings -->\n")
