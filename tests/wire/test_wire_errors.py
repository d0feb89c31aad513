import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import Invalid, NotAuthorised, Throttled, Transient, Unclear, WireError
from wire.errors import cleaned


def test_one_line_says_what_where_why_and_what_to_do():
    error = WireError(
        "Exchange", "Get-Mailbox room@x", "It broke.", request_id="42", advice="Run it again.", status=500
    )
    assert str(error) == "Exchange: Get-Mailbox room@x: It broke (request 42). Run it again."


def test_an_unclear_write_keeps_what_was_known():
    transient = Transient("Exchange", "New-X", "reset", code="c", request_id="r", status=503)
    unclear = Unclear.like(transient)
    assert isinstance(unclear, Transient)
    assert (unclear.service, unclear.operation, unclear.reason) == ("Exchange", "New-X", "reset")
    assert (unclear.code, unclear.request_id, unclear.status) == ("c", "r", 503)
    assert "looks first" in str(unclear)


@pytest.mark.parametrize("kind", [NotAuthorised, Throttled])
def test_no_reason_is_said_too(kind):
    assert "no reason was given" in str(kind("Exchange", "Get-X", "\0\0\0"))


def test_back_end_hosts_stacks_and_tokens_are_not_shown():
    text = (
        "The operation couldn't be performed because object 'x@y' couldn't be found on "
        "'SY2P300A006DC01.AUSP300A006.PROD.OUTLOOK.COM'.\r\n"
        "   at Microsoft.Exchange.Admin.OData.Core.Run(String a)\n"
        "Bearer eyJhbGciOi.eyJzdWIi.c2ln and DB0P000A001DC01.EURP000A001.PROD.OUTLOOK.COM"
    )
    assert cleaned(text) == (
        "The operation couldn't be performed because object 'x@y' couldn't be found. [token] and [server]"
    )


@given(st.text())
def test_cleaned_text_is_one_bounded_printable_line(text):
    line = cleaned(text)
    assert len(line) <= 600
    assert not {"\n", "\r", "\0", "\x1b"} & set(line)
    assert cleaned(line) == line


def test_a_terminal_obeys_nothing_of_an_error():
    hostile = "a\x1b[2Jb\u202ec\x9bd\n"
    told = str(Invalid("Exchange", f"Get-Group {hostile}", hostile, advice=hostile, request_id=hostile))
    assert told.isprintable(), told
