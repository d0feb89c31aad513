"""The policy pack in a review: every rule tells what it has to say, and none stops the plan halfway."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from roomctl.outcome import could_not_look

FOLDER = Path("policies")
"""The pack, beside Pulumi.yaml."""
CONFIG = FOLDER / "config" / "default.json"
_OF_DAYS = "secret-lifetime-limited"
"""The rule that counts from today."""
_LEVEL, _ADVISORY, _MANDATORY = "enforcementLevel", "advisory", "mandatory"


@dataclass(frozen=True)
class PolicyPack:
    """`options` run it with a preview; `levels` are those that an update would have."""

    options: tuple[str, ...]
    levels: dict[str, str]

    def refuses(self, rule: str) -> bool:
        """Whether a violation of the rule would stop an update; a rule without a level is mandatory."""
        return self.levels.get(rule, _MANDATORY) == _MANDATORY


@contextmanager
def policy_pack(config: Path, project: Path, today: date | None = None) -> Iterator[PolicyPack]:
    """The pack of the project with a configuration in which what is mandatory is advice.

    The engine ends a preview at a mandatory violation, and the rest of the plan would stay unseen. `today` is
    the day of an emulated tenant. Ends the command with 1 when the configuration can't be read.
    """
    rules = _read(project / config)
    levels = {name: str(rule.get(_LEVEL, _MANDATORY)) for name, rule in rules.items()}
    relaxed = {name: rule | {_LEVEL: _relaxed(levels[name])} for name, rule in rules.items()}
    if today:
        relaxed.setdefault(_OF_DAYS, {_LEVEL: _ADVISORY})["today"] = today.isoformat()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "config.json")
        file.write_text(json.dumps({"all": {_LEVEL: _ADVISORY}, **relaxed}), encoding="utf-8")
        pack = str((project / FOLDER).absolute())
        yield PolicyPack(("--policy-pack", pack, "--policy-pack-config", str(file)), levels)


def _relaxed(level: str) -> str:
    return _ADVISORY if level == _MANDATORY else level


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
