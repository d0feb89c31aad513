"""PlaceOS room calendar access on Microsoft 365: settings in, one component, outputs for PlaceOS."""

import pulumi

import program
from components import RoomCalendarAccess
from moments import instant

with program.told():
    settings = program.read_settings()
    recorded = program.still_there(program.recorded_stack())
    program.check_tenant(settings, recorded)
    slots = program.secret_slots(settings, recorded)
    program.check_secrets(settings, recorded, slots)
    program.warn_of_ends(settings, recorded, slots)
    program.warn_of_consents(settings, recorded)
    access = RoomCalendarAccess(program.NAME, program.arguments(settings, recorded, slots))

pulumi.export("clientId", access.identity.client_id)
pulumi.export("tenantId", program.tenant_id())
pulumi.export("applicationObjectId", access.identity.application_object_id)
pulumi.export("servicePrincipalObjectId", access.identity.service_principal_object_id)
pulumi.export("clientSecretKeyId", access.secret.key_id)
pulumi.export("clientSecretExpires", access.secret.expires)
pulumi.export("keyVaultSecretUri", program.key_vault_secret_uri(access))
pulumi.export("nextRotation", instant(slots.next_rotation))
pulumi.export("roomGroupAddress", access.rooms.address)
pulumi.export("roomGroupObjectId", access.rooms.object_id)
pulumi.export("accessPolicyIds", access.scope.policy_ids)
pulumi.export("grantedPermissions", access.consent.granted)
pulumi.export("configuredAccess", access.scope.proof.result)
pulumi.export("enforcedAccess", access.enforced.result)
if settings.secret_outputs:
    pulumi.export("clientSecret", access.secret.value)
    pulumi.export("placeosCalendarConfig", program.calendar_config(settings, access))
    pulumi.export("legacyEngineSettings", program.legacy_settings(access))
    pulumi.export("legacyEngineEnvironment", program.legacy_environment(settings, access))
