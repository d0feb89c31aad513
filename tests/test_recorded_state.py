"""The stack's own state, read while the local backend may be writing it."""

from types import SimpleNamespace

import pulumi
import pytest

from recorded_state import recorded_outputs

SECRET = "azuread:index/applicationPassword:ApplicationPassword"
URN = "urn:pulumi:dev::placeos-m365::placeosm365:index:ClientSecret$azuread:index/x:X::placeos-secret-slot-0"


@pytest.fixture
def engine(monkeypatch):
    answers: list[object] = []

    def invoke(token, arguments):
        assert token == "pulumi:pulumi:readStackResourceOutputs"
        assert arguments == {"stackName": "org/placeos-m365/dev"}
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return SimpleNamespace(value={"outputs": answer})

    monkeypatch.setattr(pulumi.runtime, "invoke", invoke)
    monkeypatch.setattr("recorded_state.time.sleep", lambda _: None)
    return answers


def test_a_stack_that_was_never_updated_has_recorded_nothing(engine):
    engine.append({})
    assert recorded_outputs("org/placeos-m365/dev") == {}


def test_what_each_resource_answered_by_resource_name(engine):
    other = {"type": "x", "outputs": {}}
    engine.append({URN: {"type": SECRET, "outputs": {"endDate": "2026-01-01T00:00:00Z"}}, "urn::y": other})
    assert recorded_outputs("org/placeos-m365/dev") == {
        "placeos-secret-slot-0": {"endDate": "2026-01-01T00:00:00Z"},
        "y": {},
    }


def test_half_a_file_is_read_again(engine):
    engine.extend([RuntimeError("failed to load checkpoint: EOF"), {}])
    assert recorded_outputs("org/placeos-m365/dev") == {}


def test_a_state_that_cannot_be_read_stops_the_program(engine):
    engine.append(RuntimeError("permission denied"))
    with pytest.raises(pulumi.RunError, match=r"permission denied.*Nothing was changed"):
        recorded_outputs("org/placeos-m365/dev")
