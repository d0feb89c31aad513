import re

import pytest


def test_an_answer_has_warnings_context_and_records_with_type_companions(exchange):
    answer = exchange.post("Get-DistributionGroup", {"Identity": "Rooms"})

    body = answer.json()
    assert body["@odata.context"].startswith(exchange.tenant.exchange_url)
    assert body["@adminapi.warnings"] == []
    assert body["@adminapi.warnings@odata.type"] == "#Collection(String)"
    record = body["value"][0]
    assert record["EmailAddresses@odata.type"] == "#Collection(String)"
    assert record["Guid@odata.type"] == "#Guid"
    assert record["PrimarySmtpAddress"] == "rooms@fabrikam.example"
    assert "DisplayName@odata.type" not in record
    assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["request-id"])


def test_both_versions_and_both_spellings_of_the_path_answer(exchange):
    for start in ("/adminapi/beta", "/adminapi/v1.0", "/AdminApi/beta", "/AdminApi/v1.0"):
        url = f"{start}/{exchange.tenant.id}/InvokeCommand"
        assert exchange.post("Get-OrganizationConfig", url=url).status_code == 200


def test_select_limits_the_properties(exchange):
    url = f"/adminapi/beta/{exchange.tenant.id}/InvokeCommand?$select=Name,EmailAddresses"
    record = exchange.post("Get-Recipient", {"Identity": "Rooms"}, url=url).json()["value"][0]
    assert set(record) == {"Name", "EmailAddresses", "EmailAddresses@odata.type"}


def test_names_of_cmdlets_and_parameters_are_read_without_regard_to_case(exchange):
    answer = exchange.post("get-recipient", {"identity": "ANN.ABEL@fabrikam.example"})
    assert [found["Name"] for found in answer.json()["value"]] == ["Ann Abel"]
    assert answer.headers["Cmdlet-Name"] == "Get-Recipient"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no json", "no JSON"),
        (b"[]", "CmdletInput"),
        (b'{"CmdletInput": {}}', "CmdletName"),
        (b'{"CmdletInput": {"CmdletName": "Get-Mailbox", "Parameters": []}}', "Parameters"),
    ],
)
def test_a_body_that_is_no_cmdlet_is_refused(exchange, content, reason):
    answer = exchange.post("", content=content)
    assert answer.status_code == 400
    assert reason in answer.json()["error"]["message"]


def test_an_error_has_the_real_shape_and_headers(exchange):
    answer = exchange.post("Get-Recipient", {"Identity": "nobody@fabrikam.example"})

    assert answer.status_code == 404
    error = answer.json()["error"]
    assert error["code"] == "NotFound"
    assert error["message"] == "Error executing cmdlet"
    error_id, type_, text = error["details"][0]["message"].split("|")
    assert error_id == "Ex6F9304"
    assert type_ == "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException"
    assert text.startswith("The operation couldn't be performed because object 'nobody@fabrikam.example'")
    assert error["innererror"]["internalexception"]["message"] == error["details"][0]["message"]
    assert answer.headers["x-ExceptionType"] == "ManagementObjectNotFoundException"
    assert answer.headers["request-id"]


def test_a_tenant_may_report_a_missing_object_with_status_400(exchange, change_settings):
    change_settings(notFoundStatus=400)
    answer = exchange.post("Get-Recipient", {"Identity": "nobody"})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "BadRequest"
    assert "ManagementObjectNotFoundException" in answer.text


def test_a_text_is_in_the_language_of_the_request(exchange, change_settings):
    def text(**headers):
        answer = exchange.post("Get-Recipient", {"Identity": "nobody"}, headers=headers)
        return answer.json()["error"]["details"][0]["message"]

    german = "Der Vorgang konnte nicht ausgeführt werden, weil das Objekt 'nobody'"
    assert german in text(**{"Accept-Language": "de-DE"})
    assert german in text(**{"Accept-Language": "fr"})
    assert "couldn't be found" in text(**{"Accept-Language": "en-GB"})
    assert "couldn't be found" in text(**{"Accept-Language": ""})
    change_settings(language="de-DE")
    assert german in text(**{"Accept-Language": ""})


def test_every_text_has_a_german_form(exchange):
    answer = exchange.post("New-DistributionGroup", {}, headers={"Accept-Language": "de"})
    assert "erforderlicher Parameter fehlt: Name" in answer.text
