from hypothesis import given
from hypothesis import strategies as st

from exchange.fingerprint import fingerprint

addresses = st.lists(st.integers(0, 99).map("Room{}@contoso.example".format), unique=True, max_size=8)


@given(addresses, st.randoms())
def test_order_and_case_never_show(members, random):
    shuffled = [one.upper() if random.random() < 0.5 else one for one in random.sample(members, len(members))]
    assert fingerprint(shuffled) == fingerprint(members)


@given(addresses.filter(bool))
def test_a_member_more_or_less_always_shows(members):
    assert fingerprint(members[1:]) != fingerprint(members)
    assert fingerprint([*members, "one.more@contoso.example"]) != fingerprint(members)
