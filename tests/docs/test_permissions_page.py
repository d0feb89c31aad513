"""The page of permissions: up to date, whole, and each permission where a reader looks for it."""

import re
from pathlib import Path

import pytest

import permissions
from docs.permissions import is_excluded, is_look_alike, is_own_right, main, page
from permissions import Permission

ROOT = Path(__file__).parents[2]
LEVELS_OF_OTHERS = 3
"""Columns before the sources' own, in the table of ratings."""


def section(heading: str) -> str:
    """What stands under a heading of the second rank."""
    return page().split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def rows(text: str) -> list[list[str]]:
    """The cells of every row below a table's head."""
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [cells for cells in lines if cells[0].startswith("`")]


def named(found: list[Permission]) -> list[str]:
    return [f"`{one.name}`" for one in found]


def test_the_page_is_up_to_date():
    assert main(["--check"]) == 0, "python -m docs.permissions --write"


def test_check_tells_and_write_repairs(tmp_path, capsys):
    written = tmp_path / "permissions.md"
    written.write_text("", encoding="utf-8")
    assert main(["--check", str(written)]) == 7
    assert "python -m docs.permissions --write" in capsys.readouterr().err
    assert main(["--write", str(written)]) == 0
    assert main(["--check", str(written)]) == 0


@pytest.mark.parametrize("one", permissions.known(), ids=lambda one: f"{one.name} of {one.resource.name}")
def test_every_permission_has_its_place(one):
    places = [one.grantable, is_own_right(one) and not one.grantable, is_excluded(one), is_look_alike(one)]
    assert places.count(True) == 1


def test_names_that_mean_something_else_are_told_apart():
    found = {(one.resource.name, one.name) for one in permissions.known() if is_look_alike(one)}
    on_graph = {name for resource, name in found if resource == "Microsoft Graph"}
    calendars = {"Calendars.Read.All", "Calendars.ReadBasic", "Calendars.ReadWrite.All"}
    assert on_graph == calendars | {"Contacts.Read.All", "User.Read"}
    assert ("Office 365 Exchange Online", "Calendars.ReadWrite.All") in found


@pytest.mark.parametrize(
    ("heading", "belongs"),
    [
        ("Rights of our own identities", is_own_right),
        ("Deliberately excluded", is_excluded),
        ("Names that look alike", is_look_alike),
    ],
)
def test_a_section_lists_those_that_belong_there(heading, belongs):
    found = list(filter(belongs, permissions.known()))
    assert [cells[0] for cells in rows(section(heading))] == named(found)
    for one in found:
        assert one.level_reason in section(heading)


def test_profiles_come_first_with_a_table_each():
    text = section("Profiles")
    assert page().index("## Profiles") < page().index("## What may be granted")
    for name, wanted in permissions.PROFILES.items():
        table = text.split(f"### `{name}`", 1)[1].split("###", 1)[0]
        assert [cells[0] for cells in rows(table)] == [f"`{one}`" for one in wanted]


def test_what_may_be_granted_is_told_in_full():
    text = section("What may be granted")
    for name in permissions.names():
        one = permissions.find(name)
        told = text.split(f"### `{name}`\n", 1)[1].split("###", 1)[0]
        for part in (one.opens, one.level_reason, one.id, *(need.source for need in one.needed_by)):
            assert part in told
        assert ("tenant-wide" in told) is not bool(one.scoped_by)
        assert one.narrower is None or f"`{one.narrower.name}`, which loses" in told


def test_ratings_stand_side_by_side_with_their_sources_and_dates():
    text = section("Ratings side by side")
    for source in permissions.SOURCES.values():
        assert f"]({source.url}), of {source.read}" in text
    told = {(cells[0], cells[1]): cells[LEVELS_OF_OTHERS:] for cells in rows(text)}
    assert told["`Calendars.Read`", "Graph"] == ["4", "ManagementPlane", "2", "Medium"]
    assert told["`Place.Read.All`", "Graph"] == ["3", "ManagementPlane", "2", "not rated"]
    assert len(told) == sum(bool(one.ratings) for one in permissions.known())


def test_every_row_has_as_many_cells_as_its_table():
    for table in re.findall(r"(?:^\|.*\n)+", page(), re.MULTILINE):
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_links_to_the_project_lead_somewhere():
    for target in re.findall(r"\]\(\.\./([^)#]+)", page()):
        assert (ROOT / target).is_file()
