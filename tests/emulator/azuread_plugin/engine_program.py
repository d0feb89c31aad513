"""The program that the engine tests run: an application, its identity, consent and a secret."""

import pulumi
import pulumi_azuread as azuread

config = pulumi.Config()
permissions = config.require("permissions").split()
me = azuread.get_client_config()
well_known = azuread.get_application_published_app_ids()
graph = azuread.get_service_principal(client_id=well_known.result["MicrosoftGraph"])

application = azuread.Application(
    "rooms",
    display_name=config.require("name"),
    notes=config.get("notes"),
    owners=[me.object_id],
    required_resource_accesses=[
        {
            "resource_app_id": graph.client_id,
            "resource_accesses": [
                {"id": graph.app_role_ids[permission], "type": "Role"} for permission in sorted(permissions)
            ],
        }
    ],
)
principal = azuread.ServicePrincipal("rooms", client_id=application.client_id, owners=[me.object_id])
consents = [
    azuread.AppRoleAssignment(
        permission,
        app_role_id=graph.app_role_ids[permission],
        principal_object_id=principal.object_id,
        resource_object_id=graph.object_id,
    )
    for permission in permissions
]
password = azuread.ApplicationPassword(
    "rooms",
    application_id=application.id,
    display_name="rooms",
    end_date=config.require("end"),
    rotate_when_changed={"period": config.require("period")},
    opts=pulumi.ResourceOptions(depends_on=consents),
)
pulumi.export("applicationId", application.id)
pulumi.export("keyId", password.key_id)
pulumi.export("secret", password.value)
