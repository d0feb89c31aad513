"""A refusal of azuread names the right to grant, in one line."""

import pulumi
import pytest

from components.refusals import _advice, _tell, answered

DENIED = (
    "unexpected status 403 (403 Forbidden) with error: Authorization_RequestDenied: Insufficient privileges"
)
CONSENT = "azuread:index/appRoleAssignment:AppRoleAssignment"


def refusing(text: str):
    def invoke() -> None:
        raise Exception(  # noqa: TRY002 - as the SDK
            "invoke of azuread:index/getUsers:getUsers failed: invocation of azuread:index/getUsers:getUsers "
            f"returned an error: 1 error occurred:\n\t* {text}\n"
        )

    return invoke


def test_a_refused_question_ends_the_program_in_one_line_with_the_right():
    with pytest.raises(pulumi.RunError) as ended:
        answered(refusing(DENIED), right="User.Read.All")
    assert str(ended.value) == f"azuread getUsers: {DENIED}. {_advice(DENIED, 'User.Read.All')}"
    assert "\n" not in str(ended.value)


def test_another_failure_names_no_right():
    with pytest.raises(pulumi.RunError, match=r"^azuread getUsers: no such user\. Run it again; if that"):
        answered(refusing("no such user"), right="User.Read.All")


def test_a_fault_of_ours_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        answered(lambda: 1 // 0)


def test_an_answer_is_passed_on():
    assert answered(lambda: 3, right="User.Read.All") == 3


@pytest.mark.parametrize(("error", "told"), [(DENIED, 1), ("status 429", 0)])
def test_a_refused_resource_is_told_and_never_tried_again(monkeypatch, error, told):
    lines: list[str] = []
    monkeypatch.setattr(pulumi.log, "error", lines.append)
    arguments = pulumi.ErrorHookArgs("urn", "id", "name", CONSENT, failed_operation="create", errors=[error])
    assert _tell(arguments) is False
    assert len(lines) == told
    assert all("AppRoleAssignment.ReadWrite.All and Application.Read.All" in line for line in lines)


@pytest.mark.parametrize(
    "error",
    [
        "To be managed via Terraform this resource needs to be imported into the State.",
        "The service principal cannot be created because the service principal name x is already in use.",
        "Permission being assigned already exists on the object",
    ],
)
def test_what_a_killed_run_left_leads_to_recover(monkeypatch, error):
    lines: list[str] = []
    monkeypatch.setattr(pulumi.log, "error", lines.append)
    _tell(pulumi.ErrorHookArgs("urn", "id", "name", CONSENT, failed_operation="create", errors=[error]))
    assert lines == ["If a killed run or a lost state left it there: roomctl recover prints the way back."]
