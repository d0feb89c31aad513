"""A dynamic resource that does nothing."""

import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider


class TrivialProvider(ResourceProvider):
    """Keeps a text in the state."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, str]) -> CreateResult:
        """Take the text as it is."""
        return CreateResult("trivial", props)


class Trivial(Resource):
    """A text."""

    def __init__(self, resource_name: str, text: pulumi.Input[str]) -> None:
        super().__init__(TrivialProvider(), resource_name, {"text": text})
