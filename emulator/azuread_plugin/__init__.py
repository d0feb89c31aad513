"""A stand-in for the azuread plugin: resources of `pulumi_azuread` 6.11.1 against any Graph.

It speaks to Graph as the real provider does, so that either can serve the same program and the same state.
"""
