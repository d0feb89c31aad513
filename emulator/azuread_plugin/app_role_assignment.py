"""azuread.AppRoleAssignment: admin consent to one application permission.

Call by call as hashicorp/terraform-provider-azuread v3.9.0, internal/services/approleassignments.
"""

from typing import ClassVar

from emulator.azuread_plugin import validation
from emulator.azuread_plugin.graph import Graph, GraphError, saying, when
from emulator.azuread_plugin.resource import Field, Minutes, Resource, kept_when_unfinished
from emulator.plugin.wire import Properties

_NOT_THERE_YET = when(404)
_NO_REFERENCE_YET = when(400, saying="Not a valid reference update")
_UUID = Field(required=True, replaces=True, check=validation.is_uuid)


class AppRoleAssignment(Resource):
    """The grant; its id is `/servicePrincipals/{resourceObjectId}/appRoleAssignedTo/{assignmentId}`."""

    token = "azuread:index/appRoleAssignment:AppRoleAssignment"  # noqa: S105 - a type token
    schema_version = 1
    minutes = Minutes(create=5, read=5, update=None, delete=5)
    outputs = ("principalDisplayName", "principalType", "resourceDisplayName")
    fields: ClassVar = {"appRoleId": _UUID, "principalObjectId": _UUID, "resourceObjectId": _UUID}

    def create(self, graph: Graph, inputs: Properties) -> tuple[str, Properties]:
        """GET the resource, POST the grant until the principal has been replicated."""
        resource = inputs["resourceObjectId"]
        try:
            graph.get(f"/servicePrincipals/{resource}")
        except GraphError as failure:
            raise failure.about(
                f'Service principal not found for resource (Object ID: "{resource}")'
                if failure.status == 404
                else f'Could not retrieve service principal for resource (Object ID: "{resource}")'
            ) from None
        body = {
            "appRoleId": inputs["appRoleId"],
            "principalId": inputs["principalObjectId"],
            "resourceId": resource,
        }
        path = f"/servicePrincipals/{resource}/appRoleAssignedTo"
        with saying("Could not create app role assignment"):
            made = graph.post(path, body, type_="appRoleAssignment", retry=_principal_lags)
        id_ = f"/servicePrincipals/{made['resourceId']}/appRoleAssignedTo/{made['id']}"
        with kept_when_unfinished(id_, inputs):
            return id_, self.read_back(graph, id_, inputs)

    def read(self, graph: Graph, id_: str, known: Properties) -> Properties | None:
        """One GET."""
        del known
        pattern = "/servicePrincipals/{resourceObjectId}/appRoleAssignedTo/{assignmentId}"
        validation.expect_id("App Role Assignment", pattern, id_)
        found = graph.find(id_)
        if found is None:
            return None
        return {
            "appRoleId": found.get("appRoleId") or "",
            "principalDisplayName": found.get("principalDisplayName") or "",
            "principalObjectId": found.get("principalId") or "",
            "principalType": found.get("principalType") or "",
            "resourceDisplayName": found.get("resourceDisplayName") or "",
            "resourceObjectId": found.get("resourceId") or "",
        }

    def delete(self, graph: Graph, id_: str, state: Properties) -> None:
        """DELETE, without waiting."""
        del state
        graph.delete(id_)


def _principal_lags(failure: GraphError) -> bool:
    return _NOT_THERE_YET(failure) or _NO_REFERENCE_YET(failure)
