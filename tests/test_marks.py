"""The mark, and the names that are known again."""

from datetime import UTC, datetime

from marks import is_slot_name, mark_of, probe_name, slot_name


def test_a_mark_is_short_and_the_stack_s_own():
    assert mark_of("contoso/placeos-m365/prod") != mark_of("contoso/placeos-m365/test")
    assert len(mark_of("contoso/placeos-m365/prod")) == len("plc:1a2b3c4d")


def test_a_slot_s_name_is_known_again_and_a_probe_s_is_not_taken_for_one():
    assert slot_name(datetime(2026, 12, 27, tzinfo=UTC)) == "PlaceOS until 2026-12-27"
    assert is_slot_name(slot_name(datetime(2026, 12, 27, tzinfo=UTC)))
    assert not is_slot_name(probe_name("plc:1a2b3c4d"))


def test_a_probe_s_name_tells_whose_it_is():
    assert "plc:1a2b3c4d" in probe_name("plc:1a2b3c4d")
