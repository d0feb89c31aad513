"""`roomctl`, the operator's command beside `pulumi`."""
