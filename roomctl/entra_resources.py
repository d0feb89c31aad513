"""Where the stack declares each Entra object: what `pulumi import` needs besides the object's id.

Types and names are those of the components; a test finds them among what the program declares.
"""

from __future__ import annotations

from dataclasses import dataclass

APPLICATION_TYPE = "azuread:index/application:Application"
PRINCIPAL_TYPE = "azuread:index/servicePrincipal:ServicePrincipal"
GRANT_TYPE = "azuread:index/appRoleAssignment:AppRoleAssignment"
SECRET_TYPE = "azuread:index/applicationPassword:ApplicationPassword"  # noqa: S105 (a type's name)
POLICIES_TYPE = "pulumi-python:dynamic/exchange:AccessPolicies"
GROUP_TYPE = "pulumi-python:dynamic/exchange:SecurityGroup"


@dataclass(frozen=True)
class Place:
    """A resource by its type and name, below its parent."""

    kind: str
    name: str
    parent: Place | None = None

    def urn(self, project: str, stack: str) -> str:
        """How the engine names it in a stack."""
        return f"urn:pulumi:{stack}::{project}::{self._kinds()}::{self.name}"

    def _kinds(self) -> str:
        return f"{self.parent._kinds()}${self.kind}" if self.parent else self.kind


_WHOLE = Place("placeosm365:index:RoomCalendarAccess", "placeos")
_IDENTITY = Place("placeosm365:index:AppRegistration", "placeos-identity", _WHOLE)
_CONSENT = Place("placeosm365:index:AdminConsent", "placeos-consent", _WHOLE)

APPLICATION = Place(APPLICATION_TYPE, "placeos-identity-application", _IDENTITY)
PRINCIPAL = Place(PRINCIPAL_TYPE, "placeos-identity-service-principal", _IDENTITY)


def grant(permission: str) -> Place:
    """The consent to one Graph permission."""
    return Place(GRANT_TYPE, f"placeos-consent-{permission}", _CONSENT)


def ancestors(place: Place) -> list[Place]:
    """Its parents, the outermost first."""
    return [*ancestors(place.parent), place.parent] if place.parent else []
