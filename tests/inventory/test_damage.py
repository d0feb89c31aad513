"""What spreadsheets do to cells is recognised, and what only looks like it is left alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory import damage


@pytest.mark.parametrize(
    ("cell", "likely"),
    [
        ("02-Mar", ("2-3",)),  # Excel, United Kingdom
        ("02. Mrz", ("2-3",)),  # Excel, Germany
        ("02.Mrz", ("2-3",)),
        ("2-Mar", ("3-2", "2-3")),  # Excel, United States
        ("12-Oct", ("10-12", "12-10")),
        ("3-Mar", ("3-3",)),
        ("02-mars", ("2-3",)),
        ("02-Mar-26", ("2-3",)),
        ("Mar-26", ("3-26",)),
        ("2-3-2026", ("2-3",)),
        ("02.03.2026", ("2-3",)),
        ("3/25/2026", ("3-25",)),
        ("2026-03-02", ("2-3", "3-2")),
        ("2026-03-02 00:00:00", ("2-3", "3-2")),  # pandas
    ],
)
def test_dates_are_recognised_with_what_was_typed(cell, likely):
    found = damage.date(cell)
    assert found is not None
    assert (found.reason, found.likely) == ("is a date", likely)


@pytest.mark.parametrize(
    "cell",
    [
        "2-3",
        "02-03",
        "1-2-13",
        "1-2-203",
        "2-Market",
        "G",
        "-1",
        "2 Mezzanine",
        "40-Mar",
        "13-13-2026",
        "2.3",
    ],
)
def test_codes_that_look_like_dates_are_left_alone(cell):
    assert damage.date(cell) is None


@given(st.dates(date(2015, 1, 1), date(2049, 12, 31)))
def test_every_day_in_the_usual_forms_is_a_date(day):
    original = f"{day.day}-{day.month}"
    for form in ("%d-%b", "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%b-%y"):
        found = damage.date(day.strftime(form))
        assert found is not None, form
        assert original in found.likely


@pytest.mark.parametrize(
    ("cell", "likely"),
    [
        ("1.2E+05", ("120000", "12E4")),
        ("1,2E+05", ("120000", "12E4")),
        ("2.00E+03", ("2000", "2E3")),
        ("2E+03", ("2000", "2E3")),
        ("1.5E-03", ()),
    ],
)
def test_scientific_notation_is_recognised_with_both_originals(cell, likely):
    found = damage.scientific(cell)
    assert found is not None
    assert found.likely == likely


@pytest.mark.parametrize("cell", ["2E3", "12", "E+3", "R2E+03x", "3E-2"])
def test_rooms_that_are_called_like_numbers_are_left_alone(cell):
    assert damage.scientific(cell) is None


@pytest.mark.parametrize("cell", ["=A1", '=HYPERLINK("x")', "#REF!", "#N/A", "#BEZUG!", "#NV", "########"])
def test_formulas_and_their_errors_are_recognised(cell):
    assert damage.formula(cell) is not None


@pytest.mark.parametrize("cell", ["-1", "+1", "@home", "Room #3", "#3 Harbour room, north"])
def test_other_signs_are_left_alone(cell):
    assert damage.formula(cell) is None
