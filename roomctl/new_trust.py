"""The pipeline that is typed at `create-deployer`: refused where it is misspelt or lets in too many."""

import hashlib
from urllib.parse import urlsplit

import pipeline_subject
from graph.registrations import Trust
from https_json import EndpointError, https_url
from pipeline_subject import GITHUB
from roomctl.plain_text import strange_letter

_LONGEST = 600
"""learn.microsoft.com/graph/api/resources/federatedidentitycredential, both issuer and subject."""


def normalised(issuer: str) -> str:
    """GitHub's issuer as its tokens spell it; any other as it was typed: Entra compares letter by letter."""
    parts = urlsplit(issuer)
    return GITHUB if parts.hostname == urlsplit(GITHUB).hostname and parts.path in ("", "/") else issuer


def problem(subject: str, issuer: str) -> str:
    """Why a federated credential for this subject would let in too many, or nobody; "" when it is fine."""
    return (
        _misspelt("issuer", issuer)
        or _misspelt("subject", subject)
        or _no_address(issuer)
        or pipeline_subject.problem(subject, normalised(issuer))
    )


def credential_name(trust: Trust) -> str:
    """A name for the credential, another for each issuer and subject, however long they are."""
    digest = hashlib.sha256(f"{trust.issuer} {trust.subject}".encode()).hexdigest()[:12]
    return f"{pipeline_subject.credential_name(trust.subject)[:100]}-{digest}".lstrip("-")


def _misspelt(what: str, text: str) -> str:
    if not text.strip():
        return f"the {what} is empty"
    if len(text) > _LONGEST:
        return f"the {what} has {len(text)} characters, and {_LONGEST} are allowed"
    if text != text.strip():
        return f"the {what} begins or ends with a space"
    return strange_letter(what, text)


def _no_address(issuer: str) -> str:
    try:
        https_url(issuer, "--issuer")
    except EndpointError as error:
        return str(error)
    return ""
