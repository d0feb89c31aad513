"""Both sides, out of the engine's steps."""

from review import types
from review.declared import NOT_KNOWN, UNKNOWN, Resource, Step, resource, sides
from tests.review.stack import clean

OLD, NEW = Resource("urn::old", "kind", {"a": 1}), Resource("urn::old", "kind", {"a": 2})


def test_what_the_engine_adds_is_no_input():
    state = {
        "urn": "u::n",
        "type": "t",
        "inputs": {"__defaults": [], "__provider": "p", "a": [{"__defaults": [], "b": 1}]},
    }
    assert resource({**state, "protect": True, "retainOnDelete": True}) == Resource(
        "u::n", "t", {"a": [{"b": 1}]}, protect=True, stays=True
    )
    assert resource({**state, "inputs": None}) == Resource("u::n", "t", {})


def test_a_replacement_in_three_steps_is_one_resource_made_anew():
    last = Resource("urn::old", "kind", {"a": "what the tenant says by then"})
    steps = [
        Step("create-replacement", OLD, NEW),
        Step("replace", last, NEW),
        Step("delete-replaced", last, None),
    ]
    both = sides(steps)
    assert (both.before.resources, both.after.resources) == ({"urn::old": OLD}, {"urn::old": NEW})
    assert both.replaced == {"urn::old"}


def test_an_update_is_not_made_anew_and_a_deletion_is_gone():
    both = sides([Step("update", OLD, NEW), Step("delete", Resource("urn::gone", "kind"), None)])
    assert both.replaced == both.forgotten == frozenset()
    assert "urn::gone" in both.before.resources
    assert "urn::gone" not in both.after.resources


def test_an_alias_makes_nothing_new():
    both = sides([Step("same", OLD, Resource("urn::new", "kind", {"a": 1}))])
    assert both.pairs("kind") == ((Resource("urn::new", "kind", {"a": 1}), both.after.of("kind")[0]),)


def test_what_the_stack_leaves_in_the_tenant_is_there_after_it_too():
    kept = Resource("urn::old", "kind", stays=True)
    for steps in ([Step("delete", kept, None)], [Step("discard", OLD, None)]):
        both = sides(steps)
        assert both.after.resources.keys() == both.forgotten == {"urn::old"}
    assert not sides([Step("delete", kept, None), Step("create", None, NEW)]).forgotten


def test_pairs_are_in_the_order_of_their_names():
    one, two = Resource("urn:x::b", "kind"), Resource("urn:y::a", "kind")
    assert [
        after for _, after in sides([Step("create", None, one), Step("create", None, two)]).pairs("kind")
    ] == [
        two,
        one,
    ]


def test_a_computed_value_is_never_read_as_a_text():
    computed = Resource("u", "t", {"one": UNKNOWN, "some": ["a", UNKNOWN], "masked": "[secret]"})
    assert computed.known("one") is None
    assert computed.texts("some") == ("a", NOT_KNOWN)
    assert computed.texts("one") == computed.texts("masked") == (NOT_KNOWN,)
    assert computed.texts("absent") == ()


def test_what_is_understood():
    stack = clean()
    assert all(types.understood(one["type"]) for one in stack.states.values())
    assert types.understood("pulumi:pulumi:Stack")
    assert not types.understood("azuread:index/group:Group")
