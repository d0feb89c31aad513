"""Client ids of Microsoft's own applications, the same in every tenant.

Names as in the provider's `getApplicationPublishedAppIds`, ids from
https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
The real table has more entries; these are the ones that office administration meets.
"""

PUBLISHED_APP_IDS = {
    "AzureActiveDirectoryGraph": "00000002-0000-0000-c000-000000000000",
    "AzureKeyVault": "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
    "AzureServiceManagement": "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    "AzureStorage": "e406a681-f3d4-42a8-90b6-c2b029497af1",
    "MicrosoftAzureCli": "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
    "MicrosoftGraph": "00000003-0000-0000-c000-000000000000",
    "MicrosoftIntune": "0000000a-0000-0000-c000-000000000000",
    "MicrosoftOffice": "d3590ed6-52b3-4102-aeff-aad2292ab01c",
    "MicrosoftTeams": "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
    "Office365ExchangeOnline": "00000002-0000-0ff1-ce00-000000000000",
    "Office365Management": "c5393580-f805-4401-95e8-94b7a6ef2fc2",
    "Office365SharePointOnline": "00000003-0000-0ff1-ce00-000000000000",
    "SkypeForBusinessOnline": "00000004-0000-0ff1-ce00-000000000000",
}
