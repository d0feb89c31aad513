"""The policy pack in a review: every rule tells what it has to say, and none stops the plan halfway."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from nearest import did_you_mean
from roomctl.outcome import could_not_look

FOLDER = Path("policies")
"""The pack, beside Pulumi.yaml."""
CONFIG = FOLDER / "config" / "default.json"
_OF_DAYS = "secret-lifetime-limited"
"""The rule that counts from today."""
_LEVEL, _ADVISORY, _DISABLED, _MANDATORY = "enforcementLevel", "advisory", "disabled", "mandatory"


@dataclass(frozen=True)
class PolicyPack:
    """`options` run it with a preview; `levels` are those that an update would have.

    `off`: sentences on what of the pack does not judge.
    """

    options: tuple[str, ...]
    levels: dict[str, str]
    off: tuple[str, ...] = ()

    def refuses(self, rule: str) -> bool:
        """Whether a violation of the rule would stop an update; a rule without a level is mandatory."""
        return self.levels.get(rule, _MANDATORY) not in {_ADVISORY, _DISABLED}


@contextmanager
def policy_pack(config: Path, project: Path, today: date | None = None) -> Iterator[PolicyPack]:
    """The pack of the project with a configuration in which what is mandatory is advice.

    The engine ends a preview at a mandatory violation, and the rest of the plan would stay unseen. `today` is
    the day of an emulated tenant. Ends the command with 1 when the configuration can't be read.
    """
    rules = _read(project / config)
    _refuse_unknown(rules, project, config)
    levels = {name: str(rule.get(_LEVEL, _MANDATORY)) for name, rule in rules.items()}
    relaxed = {name: rule | {_LEVEL: _relaxed(levels[name])} for name, rule in rules.items()}
    if today:
        relaxed.setdefault(_OF_DAYS, {_LEVEL: _ADVISORY})["today"] = today.isoformat()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "config.json")
        file.write_text(json.dumps({"all": {_LEVEL: _ADVISORY}, **relaxed}), encoding="utf-8")
        pack = str((project / FOLDER).absolute())
        yield PolicyPack(
            ("--policy-pack", pack, "--policy-pack-config", str(file)), levels, tuple(_off(rules, levels))
        )


def _relaxed(level: str) -> str:
    return level if level == _DISABLED else _ADVISORY


def _off(rules: Mapping[str, Mapping[str, Any]], levels: Mapping[str, str]) -> Iterator[str]:
    if off := sorted(name for name, level in levels.items() if level == _DISABLED):
        yield f"rules of the policy pack that are off: {', '.join(off)}"
    if day := rules.get(_OF_DAYS, {}).get("today"):
        yield f"{_OF_DAYS} counts from {day} in the policy pack's configuration, not from today"


def _refuse_unknown(rules: Iterable[str], project: Path, config: Path) -> None:
    """The engine ignores a rule that it does not know: of the one that was meant nobody has spoken."""
    known = {file.stem.replace("_", "-") for file in (project / FOLDER / "rules").glob("[!_]*.py")}
    if unknown := sorted(set(rules) - known - {"all"}):
        could_not_look(
            f"{config}: the policy pack has no rule {', '.join(unknown)}; {did_you_mean(unknown[0], known)}."
        )


def _read(config: Path) -> dict[str, dict[str, Any]]:
    try:
        rules = json.loads(config.read_text(encoding="utf-8"))
    except OSError as error:
        could_not_look(f"{config} can't be read: {error.strerror}. Name another with --policy-config.")
    except ValueError as error:
        could_not_look(f"{config} is not JSON: {error}")
    if not isinstance(rules, dict) or not all(isinstance(rule, dict) for rule in rules.values()):
        could_not_look(f"{config} must have an object for each rule, as policies/config/default.json has")
    return rules
