"""The policy pack: every rule, nothing else. The constructor serves the engine and does not return."""

from pulumi_policy import PolicyPack

from rules import RULES

PolicyPack("placeos-m365", list(RULES))
