"""The small parts: versions, report, cache."""

import contextlib
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolchain.cache import cache_root, whole_directory
from toolchain.report import Report
from toolchain.versions import ENGINE, release

TOOLCHAIN = Path(__file__).parents[2] / "toolchain"
numbers = st.tuples(*[st.integers(0, 9999)] * 3)


@given(numbers, numbers, st.sampled_from(["", "-alpha.1", "+dirty", "-dev+3"]))
def test_versions_compare_by_their_numbers(one, other, suffix):
    text = "v{}.{}.{}".format(*one) + suffix
    assert release(text) == one
    assert (release(text) < other) == (one < other)


@pytest.mark.parametrize("text", ["", "none", "v3.x"])
def test_what_is_no_version_is_an_error(text):
    with pytest.raises(ValueError, match="invalid literal"):
        release(text)


def test_the_module_pins_the_engine_that_is_promised():
    pinned = re.findall(
        r"^require github.com/pulumi/pulumi/pkg/v3 v(\S+)$", (TOOLCHAIN / "engine/go.mod").read_text(), re.M
    )
    assert pinned == [ENGINE]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_one_line_that_changes():
    stream = Terminal()
    report = Report(stream)
    report.begin("Building")
    report.running()
    report.running()
    report.finish()
    assert stream.getvalue().count("\n") == 2
    assert stream.getvalue().count("\r") == 3
    assert report.interval < Report(io.StringIO()).interval


def test_the_cache_follows_the_base_directory_specification():
    assert cache_root({"XDG_CACHE_HOME": "/x", "HOME": "/h"}) == Path("/x/placeos-m365")
    assert cache_root({"XDG_CACHE_HOME": "", "HOME": "/h"}) == Path("/h/.cache/placeos-m365")


def test_a_directory_has_its_name_only_when_it_is_whole(tmp_path):
    target = tmp_path / "whole"
    with contextlib.suppress(RuntimeError), whole_directory(target) as part:
        (part / "file").write_text("")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    with whole_directory(target) as part:
        (part / "file").write_text("")
        assert not target.exists()
    assert [file.name for file in target.iterdir()] == ["file"]
