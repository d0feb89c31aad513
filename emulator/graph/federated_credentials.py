"""Federated identity credentials: whose tokens an application may sign in with, in place of a secret.

https://learn.microsoft.com/en-us/graph/api/resources/federatedidentitycredential
"""

import re
import uuid

from emulator.graph import query
from emulator.graph.applications import find as application
from emulator.graph.authorization import MANAGE_APPLICATIONS, READ_APPLICATIONS, must_manage
from emulator.graph.entities import FEDERATED_CREDENTIAL
from emulator.graph.errors import GraphError, not_found
from emulator.graph.routing import NO_CONTENT, Answer, Call, Operations
from emulator.store import Document

OPERATIONS = Operations()

_ALL = "/applications/{id}/federatedIdentityCredentials"
_MOST = 20
_NAME = re.compile(r"[A-Za-z0-9_-]{3,120}")
_LONGEST = 600


@OPERATIONS.on("GET", _ALL, needs=READ_APPLICATIONS)
def list_credentials(call: Call) -> Answer:
    """List an application's federated credentials."""
    return query.many(call, FEDERATED_CREDENTIAL, _of(application(call)))


@OPERATIONS.on("GET", _ALL + "/{credential}", needs=READ_APPLICATIONS)
def get_credential(call: Call) -> Answer:
    """Read a federated credential, by id or by name."""
    return query.one(call, FEDERATED_CREDENTIAL, _find(call, application(call)))


@OPERATIONS.on("POST", _ALL, needs=MANAGE_APPLICATIONS)
def add_credential(call: Call) -> Answer:
    """Trust the tokens of an issuer for a subject."""
    owner = application(call)
    must_manage(call.token, owner)
    asked = {**FEDERATED_CREDENTIAL.template, **FEDERATED_CREDENTIAL.accept(call.body)}
    _check(asked, _of(owner))
    made = {**asked, "id": str(uuid.uuid4())}
    call.store.put("application", owner["id"], owner | {"_federated": [*_of(owner), made]})
    return query.one(call, FEDERATED_CREDENTIAL, made, 201)


@OPERATIONS.on("PATCH", _ALL + "/{credential}", needs=MANAGE_APPLICATIONS)
def change_credential(call: Call) -> Answer:
    """Change a federated credential, but for its name."""
    owner = application(call)
    must_manage(call.token, owner)
    before = _find(call, owner)
    others = [one for one in _of(owner) if one["id"] != before["id"]]
    after = before | FEDERATED_CREDENTIAL.accept(call.body, before)
    if after["name"] != before["name"]:
        raise _invalid("FederatedIdentityCredential.Name is not changeable.")
    _check(after, others)
    kept = [after if one["id"] == before["id"] else one for one in _of(owner)]
    call.store.put("application", owner["id"], owner | {"_federated": kept})
    return NO_CONTENT


@OPERATIONS.on("DELETE", _ALL + "/{credential}", needs=MANAGE_APPLICATIONS)
def remove_credential(call: Call) -> Answer:
    """Trust them no more."""
    owner = application(call)
    must_manage(call.token, owner)
    gone = _find(call, owner)
    kept = [one for one in _of(owner) if one["id"] != gone["id"]]
    call.store.put("application", owner["id"], owner | {"_federated": kept})
    return NO_CONTENT


def _check(asked: Document, present: list[Document]) -> None:
    """What the service refuses; the texts are those of Azure/azure-workload-identity #434, azure-dev #1482.

    The text of a wrong name or audience, and of too many, is not confirmed.
    """
    if not (asked["issuer"] and asked["subject"] and asked["audiences"]):
        raise GraphError(
            400,
            "BadRequest",
            "The request format was unexpected. Federated Identity Credential must specify 'issuer', "
            "'subject' and 'audience'.",
        )
    if any(len(asked[name]) > _LONGEST for name in ("issuer", "subject")) or len(asked["audiences"]) != 1:
        raise _invalid("One audience, and at most 600 characters in issuer and subject, are allowed.")
    if _NAME.fullmatch(str(asked["name"])) is None:
        raise _invalid("FederatedIdentityCredential.Name is not valid.")
    if asked["name"] in [one["name"] for one in present]:
        raise GraphError(
            409,
            "Request_MultipleObjectsWithSameKeyValue",
            f"FederatedIdentityCredential with name {asked['name']} already exists.",
        )
    if (asked["issuer"], asked["subject"]) in [(one["issuer"], one["subject"]) for one in present]:
        raise _invalid(
            "The combination of issuer and subject must be unique for the application. Issuer "
            f"{asked['issuer']} and Subject: {asked['subject']} already exist."
        )
    if len(present) >= _MOST:
        raise GraphError(403, "Directory_QuotaExceeded", "The federated credentials quota has been exceeded.")


def _invalid(message: str) -> GraphError:
    return GraphError(400, "InvalidFederatedIdentityCredentialValue", message)


def _of(owner: Document) -> list[Document]:
    return list(owner.get("_federated", []))


def _find(call: Call, owner: Document) -> Document:
    wanted = call.params["credential"]
    for one in _of(owner):
        if wanted in (one["id"], one["name"]):
            return one
    raise not_found(wanted)
