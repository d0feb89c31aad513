"""azuread.ApplicationPassword: a client secret of an application.

Call by call as hashicorp/terraform-provider-azuread v3.9.0, internal/services/applications. Two traps of the
real one are kept: `endDateRelative` is taken and ignored
(https://github.com/hashicorp/terraform-provider-azuread/issues/1424), and dates are compared as text, so that
`+00:00` for `Z` asks for a new secret on every run.
"""

from typing import ClassVar

from emulator.azuread_plugin import validation
from emulator.azuread_plugin.graph import Document, Graph, saying
from emulator.azuread_plugin.resource import Field, Kind, Minutes, Resource
from emulator.plugin.errors import PluginError
from emulator.plugin.wire import Properties

_DATE = Field(replaces=True, computed=True, check=validation.is_date)
_PATTERN = "{objectId}/password/{keyId}"


class ApplicationPassword(Resource):
    """The secret; its id is `{objectId}/password/{keyId}`. Graph tells the text once, at the create."""

    token = "azuread:index/applicationPassword:ApplicationPassword"  # noqa: S105 - a type token
    schema_version = 1
    minutes = Minutes(create=15, read=5, update=5, delete=5)
    outputs = ("keyId", "value")
    secrets = frozenset({"value"})
    conflicts = (("endDate", "endDateRelative"),)
    fields: ClassVar = {
        "applicationId": Field(required=True, replaces=True, check=validation.is_application_id),
        "displayName": Field(replaces=True, computed=True),
        "endDate": _DATE,
        "endDateRelative": Field(replaces=True, check=validation.not_empty),
        "rotateWhenChanged": Field(Kind.MAP, replaces=True),
        "startDate": _DATE,
    }

    def create(self, graph: Graph, inputs: Properties) -> tuple[str, Properties]:
        """GET the application, add the password, wait until the application lists it."""
        application = inputs["applicationId"]
        with graph.lock(application):
            if graph.find(application) is None:
                raise PluginError(f"{_named(application)} was not found")
            made = self._add(graph, inputs)
            key_id = made["keyId"]
            doing = f"Waiting for password credential for {_named(application)}"
            graph.settle(
                lambda: _credential(graph.get(application), key_id) is not None,
                every=1,
                misses=20,
                doing=doing,
            )
            id_ = f"{_object_id(application)}/password/{key_id}"
            return id_, self.read_back(graph, id_, {**inputs, "value": made["secretText"]})

    def read(self, graph: Graph, id_: str, known: Properties) -> Properties | None:
        """The credential as its application lists it; the text is kept from the state.

        There is no import: without a state nothing is found, for nobody could tell the text.
        """
        if not known:
            return None
        object_id, key_id = _parts(id_)
        app = graph.find(f"/applications/{object_id}")
        credential = _credential(app or {}, key_id)
        if credential is None:
            return None
        return {
            "applicationId": f"/applications/{object_id}",
            "displayName": credential.get("displayName") or "",
            "endDate": credential.get("endDateTime") or "",
            "endDateRelative": known.get("endDateRelative"),
            "keyId": key_id,
            "rotateWhenChanged": known.get("rotateWhenChanged"),
            "startDate": credential.get("startDateTime") or "",
            "value": known.get("value") or "",
        }

    def delete(self, graph: Graph, id_: str, state: Properties) -> None:
        """Remove the password, then wait until the application lists it no more."""
        del state
        object_id, key_id = _parts(id_)
        application = f"/applications/{object_id}"
        doing = f'password credential "{key_id}" from {_named(application)}'
        with graph.lock(application):
            with saying(f"Removing {doing}"):
                graph.post(f"{application}/removePassword", {"keyId": key_id})
            graph.settle(
                lambda: _credential(graph.get(application), key_id) is None,
                every=5,
                doing=f"Waiting for deletion of {doing}",
            )

    def _add(self, graph: Graph, inputs: Properties) -> Document:
        names = {"displayName": "displayName", "startDate": "startDateTime", "endDate": "endDateTime"}
        credential = {graph_name: inputs[name] for name, graph_name in names.items() if inputs.get(name)}
        application = inputs["applicationId"]
        with saying(f"Adding password for {_named(application)}"):
            made = graph.post(f"{application}/addPassword", {"passwordCredential": credential})
        if not made.get("keyId") or not made.get("secretText"):
            raise PluginError(f"API error adding password for {_named(application)}: no keyId or secretText")
        return made


def _credential(app: Document, key_id: str) -> Document | None:
    credentials: list[Document] = app.get("passwordCredentials") or []
    return next((one for one in credentials if str(one.get("keyId")).lower() == key_id.lower()), None)


def _named(application: str) -> str:
    return f'Application (Application: "{_object_id(application)}")'


def _object_id(application: str) -> str:
    return application.rsplit("/", 1)[-1]


def _parts(id_: str) -> tuple[str, str]:
    validation.expect_id("Password", _PATTERN, id_)
    object_id, _, key_id = id_.split("/")
    return object_id, key_id
