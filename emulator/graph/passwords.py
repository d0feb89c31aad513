"""Client secrets of applications and of service principals: each may hold its own, and either signs in.

https://learn.microsoft.com/en-us/graph/api/application-addpassword,
https://learn.microsoft.com/en-us/graph/api/serviceprincipal-addpassword
"""

import uuid
from datetime import datetime, timedelta

from emulator.clock import parse_stamp, stamp
from emulator.graph.credential_rules import check_secret
from emulator.graph.entities import Entity
from emulator.graph.errors import GraphError, bad_request
from emulator.graph.routing import NO_CONTENT, Answer, Call
from emulator.issued import new_secret
from emulator.store import Document

_LIFETIME = timedelta(days=730)


def add(call: Call, entity: Entity, holder: Document) -> Answer:
    """Add the secret that the body describes; its text is answered this once."""
    credential = new(call, entity, holder, call.body.get("passwordCredential") or {})
    call.note(credential=credential["displayName"])
    call.store.put(entity.kind, holder["id"], holder)
    context = call.context("microsoft.graph.passwordCredential")
    return Answer(200, {"@odata.context": context, **credential})


def remove(call: Call, entity: Entity, holder: Document) -> Answer:
    """Remove the secret whose key id the body holds; GraphError when there is none."""
    key_id = str(call.body.get("keyId", "")).lower()
    held = holder.get("passwordCredentials", [])
    kept = [one for one in held if one["keyId"] != key_id]
    if len(kept) == len(held):
        raise bad_request(f"No password credential found with keyId {key_id}.")
    secrets = {id_: text for id_, text in holder.get("_secrets", {}).items() if id_ != key_id}
    call.store.put(entity.kind, holder["id"], holder | {"passwordCredentials": kept, "_secrets": secrets})
    return NO_CONTENT


def new(call: Call, entity: Entity, holder: Document, asked: Document) -> Document:
    """Add a secret to the document; what comes back has the text, which is shown once."""
    starts = _time(asked, "startDateTime") or call.tenant.clock.now()
    ends = _time(asked, "endDateTime") or starts + _LIFETIME
    if ends <= starts:
        raise bad_request("Key credential end date is invalid.")
    check_secret(call.store, entity, holder, starts, ends)
    text = new_secret(call.store, "emu")
    key_id = str(uuid.uuid4())
    credential = {
        "customKeyIdentifier": None,
        "displayName": asked.get("displayName"),
        "endDateTime": stamp(ends),
        "hint": text[:3],
        "keyId": key_id,
        "secretText": None,
        "startDateTime": stamp(starts),
    }
    holder.setdefault("passwordCredentials", []).append(credential)
    holder.setdefault("_secrets", {})[key_id] = text
    call.tenant.made("passwordCredential", key_id)
    return {**credential, "secretText": text}


def _time(asked: Document, name: str) -> datetime | None:
    """The time of a property, if given; GraphError when it is none."""
    if asked.get(name) is None:
        return None
    try:
        return parse_stamp(asked[name])
    except (TypeError, ValueError) as reason:
        raise GraphError(
            400,
            "BadRequest",
            f"Cannot convert the literal '{asked[name]}' to the expected type 'Edm.DateTimeOffset'.",
        ) from reason
