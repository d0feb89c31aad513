import pytest

from deployer import DeployerError, require_one_identity

ENVIRON = {"ARM_TENANT_ID": "T", "ARM_CLIENT_ID": "C", "ARM_CLIENT_SECRET": "s3cr3t", "ARM_USE_CLI": "false"}


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"placeos-m365:applicationName": "PlaceOS", "azuread:disableTerraformPartnerId": "true"},
        {"azuread:clientId": "c", "azuread:tenantId": "T", "azuread:clientSecret": "s3cr3t"},
        {"azuread:useCli": "0", "azuread:useMsi": "false", "azuread:environment": "public"},
        {"azuread:clientId": ""},
    ],
)
def test_a_stack_that_says_what_the_variables_say_is_taken(config):
    require_one_identity(config, ENVIRON)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"azuread:clientId": "other"}, "azuread:clientId .*ARM_CLIENT_ID"),
        ({"azuread:tenantId": "other"}, "azuread:tenantId .*ARM_TENANT_ID"),
        ({"azuread:clientSecret": "0ther"}, "azuread:clientSecret .*ARM_CLIENT_SECRET"),
        ({"azuread:clientSecret": "S3CR3T"}, "azuread:clientSecret"),
        ({"azuread:useOidc": "true"}, "azuread:useOidc .*ARM_USE_OIDC"),
        ({"azuread:useMsi": "1"}, "azuread:useMsi .*ARM_USE_MSI"),
        ({"azuread:useCli": "true"}, "azuread:useCli .*ARM_USE_CLI"),
        ({"azuread:clientCertificatePath": "/x.pfx"}, "azuread:clientCertificatePath"),
        ({"azuread:environment": "china"}, "azuread:environment .*ARM_ENVIRONMENT"),
    ],
)
def test_another_identity_for_azuread_is_explained_without_its_value(config, said):
    with pytest.raises(DeployerError, match=said) as told:
        require_one_identity(config, ENVIRON)
    assert f"pulumi config rm {next(iter(config))}" in str(told.value)
    assert "0ther" not in str(told.value)
    assert "s3cr3t" not in str(told.value)


def test_the_azure_cli_is_on_where_nothing_is_said():
    require_one_identity({"azuread:useCli": "true"}, {})
