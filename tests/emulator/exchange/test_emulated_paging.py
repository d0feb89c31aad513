from datetime import timedelta

import pytest


def page(exchange, link="", size=2, cmdlet="Get-Mailbox", **parameters):
    return exchange.post(cmdlet, parameters, url=link, headers={"Prefer": f"odata.maxpagesize={size}"})


def test_the_next_page_is_posted_to_the_link_with_the_same_body(exchange):
    everything = exchange.run("Get-Mailbox")
    read, link, sizes = [], "", []
    while True:
        body = page(exchange, link).json()
        read += body["value"]
        sizes.append(len(body["value"]))
        if "@odata.nextLink" not in body:
            break
        link = body["@odata.nextLink"]
    assert read == everything
    assert sizes == [2] * (len(everything) // 2) + [1] * (len(everything) % 2)


def test_the_link_keeps_select(exchange):
    url = f"/adminapi/beta/{exchange.tenant.id}/InvokeCommand?$select=Name"
    link = page(exchange, url).json()["@odata.nextLink"]
    assert "$select=Name&" in link
    assert set(page(exchange, link).json()["value"][0]) == {"Name"}


def test_a_link_is_refused_after_ten_minutes_and_with_another_body(exchange):
    link = page(exchange).json()["@odata.nextLink"]
    other = page(exchange, link, ResultSize="Unlimited")
    assert other.status_code == 400
    assert "body" in other.json()["error"]["message"]
    assert page(exchange, link + "0").status_code == 400

    exchange.tenant.clock.advance(timedelta(minutes=4).total_seconds())
    assert page(exchange, link).status_code == 200
    exchange.tenant.clock.advance(timedelta(minutes=6).total_seconds())
    late = page(exchange, link)
    assert late.status_code == 400
    assert "expired" in late.json()["error"]["message"]


def test_a_page_holds_at_most_1000_whatever_is_preferred(exchange, add_recipient):
    many(exchange, add_recipient, 1001)
    answer = page(exchange, size=5000, cmdlet="Get-Recipient", ResultSize="Unlimited").json()
    assert len(answer["value"]) == 1000
    assert "@odata.nextLink" in answer


@pytest.mark.parametrize(
    ("size", "count", "warning"),
    [
        ({}, 1000, "only the first 1000 items are returned"),
        ({"ResultSize": 3}, 3, "There are more results available"),
        ({"ResultSize": "5000"}, 1000, ""),
        ({"ResultSize": "unlimited"}, 1000, ""),
    ],
)
def test_result_size_is_1000_unless_said_and_a_warning_tells_of_more(
    exchange, add_recipient, size, count, warning
):
    many(exchange, add_recipient, 1001)
    answer = exchange.post("Get-Recipient", size).json()
    assert len(answer["value"]) == count
    warnings = answer["@adminapi.warnings"]
    assert [text for text in warnings if warning and warning in text] == warnings
    assert bool(warnings) == bool(warning)
    assert ("@odata.nextLink" in answer) == (count == 1000 and not warning)


def test_members_of_a_large_group_come_in_pages(exchange, add_recipient):
    many(exchange, add_recipient, 1500)
    names = [f"user{number}" for number in range(1500)]
    exchange.run(
        "Update-DistributionGroupMember",
        Identity="Rooms",
        Members=names,
        BypassSecurityGroupManagerCheck=True,
    )
    first = exchange.post(
        "Get-DistributionGroupMember", {"Identity": "Rooms", "ResultSize": "Unlimited"}
    ).json()
    second = exchange.post(
        "Get-DistributionGroupMember",
        {"Identity": "Rooms", "ResultSize": "Unlimited"},
        url=first["@odata.nextLink"],
    ).json()
    assert [member["Name"] for member in first["value"] + second["value"]] == names


def many(exchange, add_recipient, count):
    with exchange.tenant.store.transaction():
        for number in range(count):
            add_recipient(f"user{number}", "UserMailbox")
