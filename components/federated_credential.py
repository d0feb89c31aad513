"""What the credentials of all kinds of pipelines have in common."""

import pulumi
import pulumi_azuread as azuread

from components.refusals import names_the_right
from pipeline_subject import AUDIENCE, credential_name


def federated_credential(
    parent: pulumi.ComponentResource,
    name: str,
    application_id: pulumi.Input[str],
    issuer: str,
    subject: str,
) -> azuread.ApplicationFederatedIdentityCredential:
    """The one credential; another subject makes a new one before the old one goes."""
    return azuread.ApplicationFederatedIdentityCredential(
        f"{name}-credential",
        application_id=application_id,
        audiences=[AUDIENCE],
        description="Who deploys PlaceOS room booking",
        display_name=credential_name(subject),
        issuer=issuer,
        subject=subject,
        opts=pulumi.ResourceOptions(parent=parent, hooks=names_the_right(name)),
    )
