"""azuread.ApplicationFederatedIdentityCredential: whose tokens an application may sign in with.

Call by call as hashicorp/terraform-provider-azuread v3.9.0, internal/services/applications.
"""

from typing import ClassVar

from emulator.azuread_plugin import validation
from emulator.azuread_plugin.graph import Document, Graph, saying
from emulator.azuread_plugin.resource import Field, Kind, Minutes, Resource
from emulator.plugin.errors import PluginError
from emulator.plugin.wire import Properties

_TEXT = Field(required=True)
_PATTERN = "{objectId}/federatedIdentityCredential/{credentialId}"


class ApplicationFederatedIdentityCredential(Resource):
    """The trust; its id is `{objectId}/federatedIdentityCredential/{credentialId}`."""

    token = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential"  # noqa: S105
    schema_version = 0
    minutes = Minutes(create=15, read=5, update=5, delete=5)
    outputs = ("credentialId",)
    fields: ClassVar = {
        "applicationId": Field(required=True, replaces=True, check=validation.is_application_id),
        "audiences": Field(Kind.LIST, required=True, most=1, element=Field(check=validation.not_empty)),
        "description": Field(),
        "displayName": Field(required=True, replaces=True, check=validation.at_most(120)),
        "issuer": _TEXT,
        "subject": _TEXT,
    }

    def create(self, graph: Graph, inputs: Properties) -> tuple[str, Properties]:
        """GET the application, add the credential, wait until it is seen five times in a row."""
        application = inputs["applicationId"]
        object_id = application.rsplit("/", 1)[-1]
        named = f'Application (Application: "{object_id}")'
        with graph.lock(application):
            with saying(f"retrieving {named}"):
                graph.get(application)
            with saying(f"Adding federated identity credential for {named}"):
                made = graph.post(_all(object_id), _body(inputs), type_="federatedIdentityCredential")
            if not made.get("id"):
                raise PluginError(
                    f"API error adding federated identity credential for {named}: nil or empty ID"
                )
            path = f"{_all(object_id)}/{made['id']}"
            graph.settle(lambda: graph.find(path) is not None, every=1, doing=f"Waiting for {path}")
        id_ = f"{object_id}/federatedIdentityCredential/{made['id']}"
        return id_, self.read_back(graph, id_, inputs)

    def read(self, graph: Graph, id_: str, known: Properties) -> Properties | None:
        """One GET."""
        del known
        object_id, credential_id = _parts(id_)
        found = graph.find(f"{_all(object_id)}/{credential_id}")
        if found is None:
            return None
        return {
            "applicationId": f"/applications/{object_id}",
            "audiences": found.get("audiences") or [],
            "credentialId": credential_id,
            "description": found.get("description") or "",
            "displayName": found.get("name") or "",
            "issuer": found.get("issuer") or "",
            "subject": found.get("subject") or "",
        }

    def update(self, graph: Graph, id_: str, inputs: Properties, state: Properties) -> Properties:
        """PATCH the whole credential, its name included, which does not change."""
        object_id, credential_id = _parts(id_)
        doing = f'Updating federated identity credential with ID "{credential_id}"'
        with graph.lock(f"/applications/{object_id}"), saying(doing):
            body = {**_body(inputs), "id": credential_id}
            graph.patch(f"{_all(object_id)}/{credential_id}", body, type_="federatedIdentityCredential")
        return self.read_back(graph, id_, {**state, **inputs})

    def delete(self, graph: Graph, id_: str, state: Properties) -> None:
        """DELETE, then wait until it is seen no more."""
        del state
        object_id, credential_id = _parts(id_)
        path = f"{_all(object_id)}/{credential_id}"
        with graph.lock(f"/applications/{object_id}"):
            with saying(f"Removing {path}"):
                graph.delete(path)
            graph.gone(path, f"Waiting for deletion of {path}")


def _body(inputs: Properties) -> Document:
    return {
        "audiences": inputs["audiences"],
        "description": inputs.get("description") or "",
        "issuer": inputs["issuer"],
        "name": inputs["displayName"],
        "subject": inputs["subject"],
    }


def _all(object_id: str) -> str:
    return f"/applications/{object_id}/federatedIdentityCredentials"


def _parts(id_: str) -> tuple[str, str]:
    validation.expect_id("FederatedIdentityCredential", _PATTERN, id_)
    object_id, _, credential_id = id_.split("/")
    return object_id, credential_id
