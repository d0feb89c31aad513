"""The files of a stack: named by what is after the last slash of its name, as Pulumi does.

https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/
"""


def short_name(stack: str) -> str:
    """The stack's name without organization and project."""
    return stack.rpartition("/")[2]


def settings_file(stack: str) -> str:
    """Its settings."""
    return f"Pulumi.{short_name(stack)}.yaml"


def acceptances_file(stack: str) -> str:
    """The findings of drift that are accepted, below the folder of Pulumi.yaml."""
    return f"accepted/{short_name(stack)}.yaml"
