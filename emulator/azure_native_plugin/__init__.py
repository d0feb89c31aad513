"""A stand-in for the azure-native plugin: `azure-native:keyvault:Secret` of 3.29.0, and no other resource.

It speaks to Azure Resource Manager and to vaults as the real provider does
(https://github.com/pulumi/pulumi-azure-native, provider/pkg).
"""
