"""What differs from run to run, made equal; of what stands in tables the width does not change."""

import re
from collections.abc import Callable

_UUID = re.compile(r"(?<![0-9a-f-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f-])")
_MARK = re.compile(r"(?<=plc:)[0-9a-f]{8}(?![0-9a-f])")
_PORT = re.compile(r"(?<=localhost:)\d+")
_TIME = re.compile(r"(?<=\dT)(?!00:00:00)\d\d:\d\d:\d\d(?=Z)")
_DAY = re.compile(r"(?<!\d)20\d\d-\d\d-\d\d(?!\d)")
_ENGINE = re.compile(r"(?<=Pulumi engine )[^\r\n]*")

_STYLED = "(?:«[^»]*»)?"
_PROGRESS = re.compile(
    rf"^({_STYLED}(?:Previewing update|Updating) \([^\n]*\n).*?(?=^{_STYLED}(?:Resources|Diagnostics):)",
    re.MULTILINE | re.DOTALL,
)
_LASTED = re.compile(r"(Duration:(?:«»)? )[\dms]+")


def steady(raw: str) -> str:
    """What a command sent to a terminal, as every run would send it."""
    text = _ENGINE.sub("VERSION, ORIGIN: FOLDER", raw)
    text = _PORT.sub(lambda found: "0" * len(found[0]), text)
    text = _TIME.sub("hh:mm:ss", text)
    text = _DAY.sub("yyyy-mm-dd", text)
    text = _MARK.sub("0a1b2c3d", text)
    return _UUID.sub(_numbered(), text)


def without_progress(shown: str) -> str:
    """What stands on a terminal, without the rows of Pulumi's own display: their order is never the same."""
    return _LASTED.sub(r"\1…", _PROGRESS.sub(r"\1    …\n\n", shown))


def _numbered() -> Callable[[re.Match[str]], str]:
    """The first id becomes …1, the next one …2, each the same wherever it stands."""
    known: dict[str, str] = {}

    def number(found: re.Match[str]) -> str:
        return known.setdefault(found[0], f"00000000-0000-4000-8000-{len(known) + 1:012}")

    return number
