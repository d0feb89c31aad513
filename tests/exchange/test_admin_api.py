"""The endpoint's odd answers, one at a time; names in brackets are the reports they come from."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug import Response

from exchange.admin_api import ExchangeAdmin, exactly_one, hashtable
from tests.fake_service import (
    APP,
    EXISTS,
    MISSING,
    TENANT,
    body,
    records,
    refusal,
    reply,
)
from wire import (
    AlreadyExists,
    Invalid,
    NotAuthorised,
    NotFound,
    NotReady,
    Throttled,
    Transient,
    Unclear,
    WireError,
)

TASKS = "Microsoft.Exchange.Configuration.Tasks"


@pytest.fixture
def exchange(deployer):
    return ExchangeAdmin(deployer)


def test_the_request_is_the_one_that_the_module_sends(exchange, script, deployer):
    script.then(records())
    exchange.run("Set-Mailbox", Identity="room@x", Room=True, Emails=hashtable(Add=["smtp:a@x"]))
    sent = script.requests[0]
    assert (sent.method, sent.path) == ("POST", f"/adminapi/beta/{TENANT}/InvokeCommand")
    assert body(sent) == {
        "CmdletInput": {
            "CmdletName": "Set-Mailbox",
            "Parameters": {
                "Identity": "room@x",
                "Room": True,
                "Emails": {"@odata.type": "#Exchange.GenericHashTable", "Add": ["smtp:a@x"]},
            },
        }
    }
    expected = {
        "X-AnchorMailbox": f"APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{TENANT}",
        "X-CmdletName": "Set-Mailbox",
        "X-ResponseFormat": "json",
        "Prefer": "odata.maxpagesize=1000",
        "Accept-Language": "en-US",
        "Accept-Encoding": "identity",
        "Content-Type": "application/json",
        "Authorization": "Bearer token-1",
    }
    assert {name: sent.headers.get(name) for name in expected} == expected


def test_each_request_has_its_id_and_all_share_the_connection(exchange, script):
    script.then(records(), records())
    exchange.run("Get-Mailbox")
    exchange.run("Get-Mailbox")
    ids = {request.headers["client-request-id"] for request in script.requests}
    connections = {request.headers["connection-id"] for request in script.requests}
    assert (len(ids), len(connections)) == (2, 1)


def test_select_names_the_properties_in_the_address(exchange, script):
    script.then(records())
    exchange.run("Get-Recipient", select=("Guid", "Name"), ResultSize="Unlimited")
    assert script.requests[0].args["$select"] == "Guid,Name"
    assert script.parameters() == {"ResultSize": "Unlimited"}


@pytest.mark.parametrize("identity", ["", "   ", None, []])
def test_an_empty_identity_would_return_every_object_and_is_never_sent(exchange, script, identity):
    with pytest.raises(Invalid, match="nothing was sent"):
        exchange.run("Get-Mailbox", Identity=identity)
    assert script.requests == []


def test_a_parameter_without_value_is_never_sent(exchange, script):
    with pytest.raises(Invalid, match="Description has no value"):
        exchange.run("Set-ApplicationAccessPolicy", Identity="x", Description=None)
    assert script.requests == []


def test_pages_are_posted_with_the_same_body_and_headers(exchange, script, deployer):
    link = f"{deployer.cloud.exchange}/adminapi/beta/{TENANT}/InvokeCommand?$skiptoken=2"
    script.then(records({"Name": "a"}, **{"@odata.nextLink": link}), records({"Name": "b"}))
    assert [one["Name"] for one in exchange.run("Get-Mailbox")] == ["a", "b"]
    first, second = script.requests
    assert second.method == "POST"
    assert second.args["$skiptoken"] == "2"
    assert body(second) == body(first)
    assert second.headers["X-AnchorMailbox"] == first.headers["X-AnchorMailbox"]


def test_a_page_that_fails_is_an_error_never_a_short_list(exchange, script, deployer):
    link = f"{deployer.cloud.exchange}/adminapi/beta/{TENANT}/InvokeCommand?$skiptoken=2"
    script.then(records({"Name": "a"}, **{"@odata.nextLink": link}), *[reply({}, 500)] * 9)
    with pytest.raises(Transient):
        exchange.run("Get-Mailbox")


@pytest.mark.parametrize("status", [400, 404, 410])
def test_a_later_page_that_is_not_there_is_never_an_absent_list(exchange, script, deployer, status):
    link = f"{deployer.cloud.exchange}/adminapi/beta/{TENANT}/InvokeCommand?$skiptoken=2"
    lost = reply({"error": {"code": "NotFound", "message": "the page couldn't be found"}}, status)
    script.then(records({"Name": "a"}, **{"@odata.nextLink": link}), lost)
    with pytest.raises(Transient) as caught:
        exchange.run("Get-Mailbox")
    assert str(caught.value).endswith("Run it again: the list is then read from its beginning.")


@pytest.mark.parametrize("link", ["https://evil.example/next", "http://localhost/next"])
def test_the_next_page_is_never_asked_of_somebody_else(exchange, script, link):
    script.then(records({"Name": "a"}, **{"@odata.nextLink": link}))
    with pytest.raises(Invalid, match="not part of"):
        exchange.run("Get-Mailbox")


def test_pages_that_lead_back_are_an_error(exchange, script, deployer):
    link = f"{deployer.cloud.exchange}/adminapi/beta/{TENANT}/InvokeCommand?$skiptoken=2"
    script.then(*[records({"Name": "a"}, **{"@odata.nextLink": link})] * 9)
    with pytest.raises(Invalid, match="lead back"):
        exchange.run("Get-Mailbox")


def test_one_object_where_a_list_belongs_is_an_error(exchange, script):
    script.then(reply({"value": {"Name": "a"}}))
    with pytest.raises(Invalid, match="one object"):
        exchange.run("Get-Mailbox")


@pytest.mark.parametrize(
    "answer", [reply({}), reply({"Name": "a"}), Response(b"", 200), Response(b"\0" * 40, 200)]
)
def test_a_list_that_did_not_come_is_never_an_empty_one(exchange, script, answer):
    script.then(*[answer] * 20)
    with pytest.raises(Transient):
        exchange.run("Get-ApplicationAccessPolicy")


def test_types_beside_the_properties_are_stripped(exchange, script):
    script.then(records({"Name": "a", "Name@odata.type": "#String", "@odata.id": "1"}))
    assert exchange.run("Get-Mailbox") == [{"Name": "a"}]


def test_writes_that_return_nothing(exchange, script):
    script.then(Response(b"", 200), reply({"value": []}))
    assert exchange.run("Set-DistributionGroup", Identity="x") == []
    assert exchange.run("Set-DistributionGroup", Identity="x") == []


def test_warnings_are_passed_on(deployer, script):
    heard: list[str] = []
    exchange = ExchangeAdmin(deployer, warn=heard.append)
    script.then(records(**{"@adminapi.warnings": ["The group is hidden."]}))
    exchange.run("Get-Group", Identity="rooms@x")
    assert heard == ["Exchange: Get-Group rooms@x: The group is hidden."]


INCOMPLETE = [
    "By default, only the first 1000 items are returned. Use the ResultSize parameter to specify the number.",
    "There are more results available than are currently displayed.",
    "The operation couldn't be completed, so results may be incomplete.",
    "Some objects could not be read.",
    "The request timed out.",
]


@pytest.mark.parametrize("warning", INCOMPLETE)
def test_a_reading_cmdlet_that_warns_of_half_an_answer_has_none(exchange, script, warning):
    script.then(records({"Name": "a"}, **{"@adminapi.warnings": ["It is hidden.", warning]}))
    with pytest.raises(Transient, match="Get-Mailbox: the answer is incomplete: "):
        exchange.run("Get-Mailbox")


def test_a_warning_about_an_object_or_of_what_was_written_takes_nothing_away(exchange, script):
    corrupted = "The object rooms has been corrupted, and it's in an inconsistent state."
    script.then(records({"Name": "a"}, **{"@adminapi.warnings": corrupted}))
    assert exchange.run("Get-Mailbox") == [{"Name": "a"}]
    script.then(records({"Name": "a"}, **{"@adminapi.warnings": [INCOMPLETE[0]]}))
    assert exchange.run("Get-Mailbox", ResultSize=1) == [{"Name": "a"}]
    script.then(records({"Name": "a"}, **{"@adminapi.warnings": [INCOMPLETE[2]]}))
    assert exchange.run("Set-Mailbox", Identity="a") == [{"Name": "a"}]


def test_reads_are_repeated(exchange, script, clock):
    script.then(reply({}, 503), reply({}, 429, {"Retry-After": "9"}), records({"Name": "a"}))
    assert exchange.run("Test-ApplicationAccessPolicy", Identity="a", AppId=APP) == [{"Name": "a"}]
    assert clock.slept == [1.0, 9.0]


@pytest.mark.parametrize(
    "exception",
    [
        "CmdletProxyNotAvailableFailure",
        "Microsoft.Exchange.Data.ServerBusyException",
        "Microsoft.Exchange.Data.TransientException",
        "Microsoft.Exchange.BackendCommunicationException",
        "Microsoft.Exchange.UnableToWriteToAadException",
    ],
)
def test_busy_servers_that_answer_400_are_asked_again(exchange, script, exception):
    script.then(refusal(exception, "busy"), records({"Name": "a"}))
    assert exchange.run("Get-Mailbox") == [{"Name": "a"}]
    script.then(refusal(exception, "busy"))
    with pytest.raises(Unclear):
        exchange.run("New-DistributionGroup", Name="a")


@pytest.mark.parametrize("status", [200, 400, 503])
def test_plain_text_about_concurrent_requests_is_throttling_not_a_fault(exchange, script, clock, status):
    text = "You have reached the maximum number of concurrent requests per tenant. Please wait and try again"
    script.then(Response(text, status, content_type="text/plain"), records())
    exchange.run("New-DistributionGroup", Name="a")  # it was not carried out, so even a write is repeated
    assert len(script.requests) == 2
    assert clock.slept == [1.0]


def test_a_create_is_never_repeated_after_an_unclear_answer(exchange, script):
    script.then(reply({}, 500), records())
    with pytest.raises(Unclear):
        exchange.run("New-DistributionGroup", Name="a")
    assert script.cmdlets == ["New-DistributionGroup"]


def test_ensure_repeats_once_what_does_no_harm_twice(exchange, script):
    script.then(reply({}, 500), records())
    exchange.ensure("Set-DistributionGroup", Identity="x")
    script.then(reply({}, 500), reply({}, 500), records())
    with pytest.raises(Unclear):
        exchange.ensure("Set-DistributionGroup", Identity="x")
    assert len(script.requests) == 4


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_missing_object_is_known_by_its_exception_whatever_the_status(exchange, script, status):
    text = (
        "The operation couldn't be performed because object 'x@y' couldn't be found on 'A.PROD.OUTLOOK.COM'."
    )
    script.then(refusal(MISSING, text, status))
    with pytest.raises(NotFound) as raised:
        exchange.run("Get-Mailbox", Identity="x@y")
    said = str(raised.value)
    assert said.startswith("Exchange: Get-Mailbox x@y: The operation couldn't be performed")
    assert "OUTLOOK.COM" not in said
    assert "request 0f0e0d0c" in said
    assert len(script.requests) == 1


def test_dsc_687_errors_in_german_mean_the_same(exchange, script):
    script.then(refusal(MISSING, "Das Objekt 'x' konnte nicht gefunden werden.", 400))
    with pytest.raises(NotFound):
        exchange.run("Get-Mailbox", Identity="x")


@pytest.mark.parametrize(
    ("exception", "text", "kind"),
    [
        (EXISTS, "The object 'a' already exists.", AlreadyExists),
        (f"{TASKS}.MemberAlreadyExistsException", "x is already a member of the group y", AlreadyExists),
        (f"{TASKS}.ProxyAddressExistsException", "already being used", AlreadyExists),
        (
            f"{TASKS}.RecipientTaskException",
            'The recipient "a" is already a member of the group',
            AlreadyExists,
        ),
        (f"{TASKS}.MemberNotFoundException", "isn't a member", NotFound),
        (f"{TASKS}.RecipientTaskException", "a isn't a member of the group b", NotFound),
        ("Microsoft.InvalidOperationInDehydratedContextException", "dehydrated", NotReady),
        ("Microsoft.CmdletAccessDeniedException", "denied", NotAuthorised),
        ("X", "The operation isn't supported in this scenario", NotAuthorised),
        ("X", "The object is being synchronized from your on-premises organization", Invalid),
        (
            f"{TASKS}.RecipientTaskException",
            "The total size of App Access Policies exceeded the limit.",
            Invalid,
        ),
    ],
)
def test_refusals_by_meaning(exchange, script, exception, text, kind):
    script.then(refusal(exception, text))
    with pytest.raises(kind) as raised:
        exchange.run("Add-DistributionGroupMember", Identity="g", Member="m")
    assert type(raised.value) is kind
    assert raised.value.code == exception


def test_an_unknown_cmdlet_is_a_missing_role_not_a_missing_object(exchange, script):
    """The office-docs threads call it "not recognized": it means that no role brings the cmdlet."""
    script.then(
        refusal(
            "System.Management.Automation.CommandNotFoundException",
            "The term 'Get-ApplicationAccessPolicy' is not recognized as the name of a cmdlet",
            404,
        )
    )
    with pytest.raises(NotAuthorised, match=r"Exchange\.ManageAsApp"):
        exchange.run("Get-ApplicationAccessPolicy")


def test_dsc_6435_a_group_that_others_manage_names_the_role(exchange, script):
    text = "This operation can only be performed by a manager of the group."
    script.then(refusal(f"{TASKS}.RecipientTaskException", text))
    with pytest.raises(NotAuthorised, match="manager of the group"):
        exchange.run("Remove-DistributionGroup", Identity="g")


@pytest.mark.parametrize("label", [{}, {"Content-Encoding": "gzip"}])
def test_a_refusal_of_nuls_keeps_its_status_and_says_what_to_do(exchange, script, label):
    script.then(Response(b"\0" * 512, 403, label, content_type="application/json"))
    with pytest.raises(NotAuthorised, match=r"403 and no reason.*granted minutes ago"):
        exchange.run("Get-ApplicationAccessPolicy")
    assert len(script.requests) == 1


def test_a_refusal_of_nuls_tells_the_diagnostics(exchange, script):
    headers = {"x-ms-diagnostics": '2000008;reason="The role assigned to application is not supported."'}
    script.then(Response(b"\0" * 64, 403, headers))
    with pytest.raises(NotAuthorised, match="not supported"):
        exchange.run("Get-Mailbox")


def test_dsc_2077_a_second_401_names_permission_and_role(exchange, script):
    script.then(Response(b"", 401), Response(b"", 401))
    with pytest.raises(NotAuthorised, match=r"Exchange\.ManageAsApp and an Exchange role"):
        exchange.run("Get-Mailbox")


def test_a_wrong_address_is_not_an_absent_object(exchange, script):
    script.then(Response("<html>404 - File or directory not found.</html>", 404, content_type="text/html"))
    with pytest.raises(Invalid, match="EXCHANGE_ENDPOINT"):
        exchange.look_up("Get-Group", "Guid", "x")


def test_the_inner_exception_and_the_header_speak_where_the_details_do_not(exchange, script):
    document = {
        "error": {"code": "X", "innerError": {"internalException": {"message": "Real.", "type": MISSING}}}
    }
    script.then(reply(document, 400))
    with pytest.raises(NotFound, match="Real"):
        exchange.run("Get-Mailbox", Identity="x")
    script.then(reply({"error": {"message": "Nope."}}, 400, {"x-ExceptionType": MISSING}))
    with pytest.raises(NotFound, match="Nope"):
        exchange.run("Get-Mailbox", Identity="x")


def test_a_lost_connection_makes_a_write_unclear(exchange, script):
    def short(_request):
        return Response(b"{", 200, {"Content-Length": "500"}, content_type="application/json")

    script.then(short, short, records({"Name": "a"}))
    with pytest.raises(Unclear):
        exchange.run("New-DistributionGroup", Name="a")
    assert exchange.run("Get-Mailbox") == [{"Name": "a"}]


def test_look_up_is_none_only_when_exchange_says_so(exchange, script):
    script.then(refusal(MISSING, "couldn't be found", 404), records())
    assert exchange.look_up("Get-Group", "Guid", "x") is None
    assert exchange.look_up("Get-Group", "Guid", "x") is None
    script.then(Response(b"\0", 403))
    with pytest.raises(NotAuthorised):
        exchange.look_up("Get-Group", "Guid", "x")


def test_the_object_returned_must_be_the_one_asked_for(exchange, script):
    script.then(records({"Guid": "other"}), records({"Guid": "X"}))
    with pytest.raises(Invalid, match=r"other.*not exactly the one asked for"):
        exchange.look_up("Get-Group", "Guid", "x")
    assert exchange.look_up("Get-Group", "Guid", "x") == {"Guid": "X"}


@pytest.mark.parametrize("found", [[], [{"Name": "a"}, {"Name": "a"}]])
def test_one_means_one(exchange, script, found):
    script.then(records(*found))
    with pytest.raises(Invalid, match="one object was expected"):
        exchange.run_one("Get-Mailbox", Identity="a")


@given(names=st.lists(st.sampled_from(["room@x", "ROOM@X", "other@x"]), max_size=3))
def test_exactly_one_folds_case_and_takes_nothing_else(names):
    found = [{"Name": name} for name in names]
    if len(names) == 1 and names[0].lower() == "room@x":
        assert exactly_one(found, "Name", "Room@X") is found[0]
    else:
        with pytest.raises(Invalid, match="not exactly"):
            exactly_one(found, "Name", "Room@X")


def test_throttling_that_does_not_end_says_so(exchange, script):
    script.then(*[reply({}, 429)] * 9)
    with pytest.raises(Throttled, match="Run it again later"):
        exchange.run("Get-Mailbox")


@given(
    status=st.sampled_from([400, 401, 403, 404, 409, 429, 500, 503]),
    document=st.recursive(
        st.none() | st.text(max_size=20) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["error", "details", "message", "innererror", "internalException", "type", "code"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=8,
    ),
)
def test_no_failure_however_odd_is_taken_for_success(status, document):
    from exchange.judgement import judge
    from wire.answers import Answer

    answer = Answer(status, {}, repr(document), document if isinstance(document, dict) else None)
    error = judge("Get-X", answer)
    assert isinstance(error, WireError)
    assert re.fullmatch(r"Exchange: Get-X: [^\n]+", str(error))


@pytest.mark.parametrize("one", [True, False])
def test_the_cmdlets_are_listed_and_none_is_run(exchange, script, one):
    listed = {"exportedCmdlets": "Get-Mailbox,Set-Mailbox, "}
    script.then(reply({"value": [listed] if one else listed}))
    assert exchange.cmdlets() == {"get-mailbox", "set-mailbox"}
    sent = script.requests[0]
    assert (sent.method, sent.path) == ("GET", f"/adminapi/v1.0/{TENANT}/EXOModuleFile")
    assert sent.headers["CommandName"] == "*"


@pytest.mark.parametrize(
    "answer", [{}, {"value": []}, {"value": [{"exportedCmdlets": None}]}, {"value": "x"}]
)
def test_a_list_of_cmdlets_of_another_shape_is_refused(exchange, script, answer):
    script.then(reply(answer))
    with pytest.raises(Invalid, match="known shape"):
        exchange.cmdlets()
