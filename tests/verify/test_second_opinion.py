"""Why it is not as promised, where the engine's tests don't come by."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.emulated import emulated
from tests.roomctl.conftest import Scene, scene
from tests.verify.stacks import IN_USE, PROMISE, ROOM, promise
from tests.verify.test_outcome import PLAIN, RAOP, question
from verify.mode import Mode
from verify.outcome import Came, Opinion, Seen, Verdict
from verify.promise import Expected, Promise
from verify.second_opinion import CannotAskError, SecondOpinion
from verify.sign_ins import REFUSED_SIGN_INS, refused_sign_in

__all__ = ["emulated", "scene"]


def nobody() -> Any:
    raise CannotAskError("sign in first")


def unasked() -> Any:
    raise AssertionError("nothing is to be asked")


def opinion(made: Promise, ask: Callable[[], Any], expected: Expected, seen: Seen, came: Came) -> Opinion:
    return SecondOpinion(made, ask, ask).of_call(question(expected=expected), seen, came)


@pytest.mark.parametrize(
    ("expected", "seen", "came"),
    [
        (Expected.WORKS, PLAIN, Came.OUT_OF_SCOPE),
        (Expected.OUT_OF_SCOPE, Seen(200), Came.WORKED),
        (Expected.OUT_OF_SCOPE, RAOP, Came.NO_PERMISSION),
    ],
)
def test_under_rbac_nobody_else_can_say(expected, seen, came):
    found = opinion(promise(mode=Mode.RBAC), unasked, expected, seen, came)
    assert found.verdict is Verdict.UNEXPLAINED
    assert "Get-ManagementRoleAssignment" in found.advice


def test_without_an_operator_it_says_that_it_cannot_tell():
    found = opinion(PROMISE, nobody, Expected.OUT_OF_SCOPE, Seen(200), Came.WORKED)
    assert found.verdict is Verdict.UNEXPLAINED
    assert "could be asked" in found.why
    assert "sign in first" in found.why


def test_an_answer_that_is_neither_is_no_refusal():
    seen = Seen(404, "ErrorInvalidUser", "The requested user is invalid.")
    found = opinion(PROMISE, unasked, Expected.WORKS, seen, Came.UNCLEAR)
    assert (found.verdict, found.why) == (Verdict.NOT_TOLD, "The requested user is invalid.")


def test_a_consent_that_was_taken_back_is_graph_s_memory(scene: Scene) -> None:
    principal = scene.principal(scene.application())
    made = promise(service_principal=principal["id"])
    opinions = SecondOpinion(made, unasked, lambda: scene.emulated.graph)
    found = opinions.of_call(question("send mail", ROOM, Expected.NO_PERMISSION), Seen(202), Came.WORKED)
    assert found.verdict is Verdict.NOT_YET


def test_without_the_right_to_exchange_it_says_that_it_cannot_tell(scene: Scene) -> None:
    scene.emulated.fault(cmdlet="Test-ApplicationAccessPolicy", status=403)
    exchange = scene.emulated.exchange
    found = opinion(PROMISE, lambda: exchange, Expected.OUT_OF_SCOPE, Seen(200), Came.WORKED)
    assert found.verdict is Verdict.UNEXPLAINED
    assert "as who may read the application and Exchange's access policies" in found.advice


def test_an_application_that_is_gone_is_no_young_secret(scene: Scene) -> None:
    gone = promise(application="00000000-0000-0000-0000-000000000009")
    opinions = SecondOpinion(gone, unasked, lambda: scene.emulated.graph)
    found = opinions.of_sign_in(IN_USE, refused_sign_in("AADSTS700016"))
    assert (found.verdict, found.why) == (Verdict.NOT_AS_PROMISED, "the application is gone from Entra")


@pytest.mark.parametrize("code", [*REFUSED_SIGN_INS, "AADSTS1"])
def test_each_refused_sign_in_says_what_to_do_on_this_stack(code):
    refused = refused_sign_in(code)
    found = SecondOpinion(PROMISE, nobody, nobody).of_sign_in(IN_USE, refused)
    assert found.advice
    assert "STACK" not in found.advice
    expected = Verdict.UNEXPLAINED if refused.may_pass else Verdict.NOT_AS_PROMISED
    assert found.verdict is expected
