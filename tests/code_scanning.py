"""What GitHub's code scanning takes, which is less than SARIF.

https://docs.github.com/code-security/reference/code-scanning/sarif-files/sarif-support
"""

from collections.abc import Mapping
from typing import Any

from sarif import SCHEMA


def run_of(log: Mapping[str, Any]) -> dict[str, Any]:
    """The one run of a log."""
    assert (log["$schema"], log["version"], len(log["runs"])) == (SCHEMA, "2.1.0", 1)
    run: dict[str, Any] = log["runs"][0]
    return run


def takes(run: Mapping[str, Any], stack_file: str) -> None:
    """Each rule and each result of the run has what it needs, at the beginning of this file."""
    listed = run["tool"]["driver"]["rules"]
    rules = {rule["id"]: rule for rule in listed}
    assert [rule["id"] for rule in listed] == sorted(rules)
    assert {one["ruleId"] for one in run["results"]} == rules.keys()
    for rule in rules.values():
        assert all(rule[key]["text"] for key in ("shortDescription", "fullDescription", "help"))
        assert rule["properties"]["tags"] == ["security"]
    for one in run["results"]:
        assert one["level"] in {"none", "note", "warning", "error"}
        assert one["message"]["text"]
        [location] = one["locations"]
        where = location["physicalLocation"]
        assert where == {"artifactLocation": {"uri": stack_file}, "region": {"startLine": 1}}
