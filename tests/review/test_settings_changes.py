"""The settings that differ, key by key."""

import pytest

from review.settings_changes import SettingChange, changes, setting_changes, unseen

PROJECT = "placeos-m365"


def differ(before, after):
    [told] = setting_changes({f"{PROJECT}:key": before}, {f"{PROJECT}:key": after}, PROJECT)
    return told.in_words


def test_what_comes_what_goes_and_what_is_another():
    before = {f"{PROJECT}:b": "1", f"{PROJECT}:a": "1", "azure:c": "1", "same": "1"}
    after = {f"{PROJECT}:b": "2", "azure:d": "1", "same": "1"}
    assert [(one.key, one.in_words) for one in setting_changes(before, after, PROJECT)] == [
        ("azure:c", "1 → not set"),
        ("azure:d", "not set → 1"),
        ("a", "1 → not set"),
        ("b", "1 → 2"),
    ]


def test_nothing_without_the_settings_of_before():
    assert setting_changes(None, {"a": "1"}, PROJECT) == ()


def test_lists_are_compared_without_their_order():
    assert setting_changes({"a": '["x","y"]'}, {"a": '["y", "x"]'}, PROJECT) == ()
    assert differ('["x","b","a"]', '["z","x","c"]') == "+ c, + z, - a, - b"
    assert differ("[]", '[{"a": 1}]') == "+ {'a': 1}"
    assert differ("", '["x"]') == 'not set → ["x"]'


def test_a_secret_is_shown_as_masked_and_a_broken_list_as_it_is():
    assert setting_changes({"a": "[secret]"}, {"a": "[secret]"}, PROJECT) == ()
    assert differ("plain", "[secret]") == "plain → [secret]"
    assert differ('["x"', '["y"]') == '["x" → ["y"]'


def test_a_longer_and_a_shorter_period():
    [longer] = changes((SettingChange("rotationPeriodDays", "90", "365"),))
    assert (longer.effect, longer.area, longer.level) == ("gains", "credentials", "moderate")
    assert longer.what == "Client secrets are valid for up to 730 days (was 180)."
    assert longer.ask == "Why do secrets have to live longer?"
    [shorter] = changes((SettingChange("rotationPeriodDays", "90", "30"),))
    assert (shorter.effect, shorter.level, shorter.ask) == ("loses", "low", "")


@pytest.mark.parametrize(
    "one", [SettingChange("rotationPeriodDays", "", "365"), SettingChange("a", "1", "2")]
)
def test_other_settings_say_nothing_of_the_access(one):
    assert changes((one,)) == ()


def test_a_setting_of_a_provider_may_say_who_deploys_and_where():
    [told] = changes((SettingChange("azuread:metadataHost", "", "elsewhere.example"),))
    assert (told.effect, told.level) == ("gains", "unknown")
    assert "azuread:metadataHost" in told.what


def test_another_anchor_makes_a_secret_anew():
    [told] = changes((SettingChange("rotationAnchor", "2026-01-01", "2026-03-07"),))
    assert (told.effect, told.area) == ("neither", "credentials")
    assert changes((SettingChange("rotationAnchor", "", "2026-03-07"),)) == ()


def test_what_could_not_be_looked_at_and_is_otherwise_may_be_anything():
    [told] = unseen(("environment",))
    assert (told.effect, told.level) == ("gains", "unknown")
    assert told.what == "environment of the stack's file changes, and can't be looked at here."
    assert unseen(()) == ()
