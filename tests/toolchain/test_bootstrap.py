"""The set-up script on machines with and without uv."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "toolchain" / "bootstrap.sh"
TOOLS = ("awk", "cat", "chmod", "dirname", "mkdir", "mktemp", "mv", "rm", "sh")

UV = """\
if [ "$1" = --version ]; then echo "uv {version} (test)"; exit; fi
echo "{name} uv $*"
mkdir -p .venv/bin && printf '#!/bin/sh\\necho "python $*"\\n' > .venv/bin/python && chmod +x .venv/bin/python
"""

# `python3 -m venv FOLDER` makes FOLDER/bin/python, and that one's `-m pip` makes FOLDER/bin/uv.
PIP = (
    "folder=${0%/*}\nprintf '#!/bin/sh\\n%s' '"
    + UV.format(version="x", name="own").replace("'", "'\\''")
    + "' > $folder/uv\n"
)
PYTHON = f"""\
mkdir -p "$3/bin"
cat > "$3/bin/python" <<'PIP'
#!/bin/sh
{PIP}
chmod +x $folder/uv
PIP
chmod +x "$3/bin/python"
"""


@pytest.fixture
def checkout(tmp_path, machine):
    folder = tmp_path / "checkout"
    (folder / "toolchain").mkdir(parents=True)
    shutil.copy(SCRIPT, folder / "toolchain")
    for tool in TOOLS:
        (machine.bin / tool).symlink_to(shutil.which(tool))
    return folder


@pytest.fixture
def setup(checkout, machine):
    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [checkout / "toolchain" / "bootstrap.sh"],
            env=machine.environ,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.parametrize("version", ["0.8.0", "0.8.1", "0.13.9", "1.0.0"])
def test_a_uv_that_is_new_enough_is_used(setup, machine, version):
    machine.install("uv", UV.format(version=version, name="installed"))
    done = setup()
    assert done.stdout.splitlines() == [
        "setup: installing the locked Python packages into .venv (about 100, once) ...",
        "installed uv sync --frozen --quiet",
        "python -m toolchain setup",
    ]
    assert done.returncode == 0
    assert not machine.cache.exists()


@pytest.mark.parametrize("version", [None, "0.7.22", "0.0.9", "none"])
def test_without_one_it_is_made_in_the_cache_once(setup, machine, version):
    if version:
        machine.install("uv", UV.format(version=version, name="installed"))
    machine.install("python3", PYTHON)
    first, second = setup(), setup()
    assert first.stdout.splitlines() == [
        f"setup: installing uv 0.13.9 into {machine.cache} (once) ...",
        "setup: installing the locked Python packages into .venv (about 100, once) ...",
        "own uv sync --frozen --quiet",
        "python -m toolchain setup",
    ], first.stderr
    assert second.stdout.splitlines() == ["own uv sync --frozen --quiet", "python -m toolchain setup"]
    assert [entry.name for entry in machine.cache.iterdir()] == ["uv-0.13.9"]


def test_without_python_the_message_says_what_to_install(setup, machine):
    done = setup()
    assert done.returncode == 1
    assert done.stderr.startswith(
        "setup: python3 is missing. Install Python 3.11 or newer, or uv: https://docs.astral"
    )
    assert done.stdout == ""
    assert not machine.cache.exists()


@pytest.mark.parametrize(
    ("python", "reason"),
    [
        ("exit 1", "setup: python3 cannot make a virtual environment."),
        ('mkdir -p "$3/bin"; ln -s /bin/false "$3/bin/python"', "setup: pip could not install uv 0.13.9"),
    ],
)
def test_a_uv_that_cannot_be_made_leaves_nothing(setup, machine, python, reason):
    machine.install("python3", python)
    done = setup()
    assert (done.returncode, done.stderr.startswith(reason)) == (1, True), done.stderr
    assert list(machine.cache.iterdir()) == []


def test_packages_that_cannot_be_installed_stop_the_set_up(setup, machine):
    machine.install("uv", '[ "$1" = --version ] && echo "uv 1.0.0" || { echo no network >&2; exit 2; }')
    done = setup()
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "no network"
    assert "setup: uv could not install the packages of uv.lock" in done.stderr
