#!/bin/sh
# Makes what every make target needs: uv, the virtual environment .venv, the Pulumi engine.
# Quick when all is there. May run several times at once, and may be interrupted: nothing half-made stays in use.
set -eu
cd "$(dirname "$0")/.."

UV_OLDEST=0.8.0
UV_VERSION=0.13.9
cache=${XDG_CACHE_HOME:-$HOME/.cache}/placeos-m365
own_uv=$cache/uv-$UV_VERSION/bin/uv

stop() {
    echo "setup: $1" >&2
    exit 1
}

# Is the version that "$1 --version" prints at least $2? No, too, when the command is missing or does not run.
at_least() {
    "$1" --version 2>/dev/null | awk -v oldest="$2" '
        { split($2, have, "."); split(oldest, need, ".")
          for (i = 1; i <= 3; i++) if (have[i] + 0 != need[i] + 0) exit !(have[i] + 0 > need[i] + 0)
          exit 0 }
        END { if (!NR) exit 1 }'
}

make_uv() {
    command -v python3 >/dev/null ||
        stop "python3 is missing. Install Python 3.11 or newer, or uv: https://docs.astral.sh/uv/getting-started/installation/"
    echo "setup: installing uv $UV_VERSION into $cache (once) ..."
    mkdir -p "$cache"
    part=$(mktemp -d "$cache/uv-$UV_VERSION.XXXXXX")
    trap 'rm -rf "$part"' EXIT
    trap 'exit 130' INT TERM
    python3 -m venv "$part" >&2 ||
        stop "python3 cannot make a virtual environment. Install its venv and pip modules (Debian: python3-venv), or uv."
    "$part/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION" >&2 ||
        stop "pip could not install uv $UV_VERSION; its message is above. Check the network, or install uv yourself."
    # A rename of a whole directory: another make that was first leaves ours to be removed.
    [ -x "$own_uv" ] || mv "$part" "$cache/uv-$UV_VERSION"
    rm -rf "$part" "$cache/uv-$UV_VERSION/${part##*/}"
    trap - EXIT INT TERM
}

if at_least uv "$UV_OLDEST"; then
    uv=uv
else
    [ -x "$own_uv" ] || make_uv
    uv=$own_uv
fi

if [ ! -x .venv/bin/python ]; then
    echo "setup: installing the locked Python packages into .venv (about 100, once) ..."
fi
"$uv" sync --frozen --quiet ||
    stop "uv could not install the packages of uv.lock; its message is above. Run it again: what is there is kept."
exec .venv/bin/python -m toolchain setup
