"""Every rule of the pack, in the order in which they are listed."""

from pulumi_policy import Policy

from rules import (
    exceptions_in_force,
    mailbox_permission_scoped,
    no_critical_permission,
    no_delegated_permission,
    no_secret_in_outputs,
    no_sign_in_flow,
    no_wildcard_subject,
    own_resource_types,
    owners_set,
    permissions_on_list,
    protected_from_deletion,
    restrict_access_only,
    scope_group_locked,
    secret_lifetime_limited,
    single_tenant,
)

RULES: tuple[Policy, ...] = (
    permissions_on_list.RULE,
    no_critical_permission.RULE,
    no_delegated_permission.RULE,
    mailbox_permission_scoped.RULE,
    restrict_access_only.RULE,
    scope_group_locked.RULE,
    single_tenant.RULE,
    no_sign_in_flow.RULE,
    no_wildcard_subject.RULE,
    secret_lifetime_limited.RULE,
    no_secret_in_outputs.RULE,
    owners_set.RULE,
    protected_from_deletion.RULE,
    own_resource_types.RULE,
    exceptions_in_force.RULE,
)
