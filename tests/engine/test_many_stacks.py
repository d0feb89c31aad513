"""Three customers' stacks with the real engine, each in a tenant of its own."""

import json
from pathlib import Path

import pytest
import yaml

from tests.emulated import trusted_alone
from tests.engine.many_rehearsals import many_rehearsals
from tests.engine.rehearsal import PROJECT

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

STACKS = ("prod-one", "prod-three", "prod-two")


def test_what_changes_for_one_and_fails_for_another_is_told_of_them_alone(
    tmp_path: Path, brought_up_once: Path
) -> None:
    with trusted_alone(many_rehearsals(tmp_path, ("dev", *STACKS), brought_up_once)) as many:
        file = many.project / "Pulumi.prod-three.yaml"
        document = yaml.safe_load(file.read_text())
        document["config"][f"{PROJECT}:permissions"] = ["Calendars.ReadWrite", "Mail.Send"]
        file.write_text(yaml.safe_dump(document))
        del many.environment["SECRET_OF_PROD_TWO"]

        done = many.roomctl("review", "--stacks", "prod-*", "--json")
        assert (done.returncode, done.stderr) == (7, "")
        told = {one["stack"]: one for one in json.loads(done.stdout)["stacks"]}
        assert {name: one["exitCode"] for name, one in told.items()} == dict(
            zip(STACKS, (0, 7, 1), strict=True)
        )
        assert told["prod-one"]["summary"] == "nothing changes"
        assert "Mail.Send" in str(told["prod-three"]["answer"]["changes"])
        assert "${SECRET_OF_PROD_TWO} is not set here" in told["prod-two"]["summary"]

        done = many.roomctl("preflight", "--stacks", "prod-[ot]*", "--at-once", "3")
        assert done.returncode == 1, done.stdout
        one, three, two, _, total = done.stdout.splitlines()
        for line in (one, three):
            assert line.endswith("  Contoso  0  nothing is in the way")
        assert two.startswith("prod-two    -  ")
        assert total == "3 stacks: 2 fine, 1 could not look (prod-two)."
