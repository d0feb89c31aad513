"""The small Python language host, for an engine that was built from its Go module and so came without one.

It speaks `pulumi/language.proto`: https://pulumi-developer-docs.readthedocs.io/latest/docs/_generated/proto/language.html
"""
