"""The commands and the excerpts that the documentation shows."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = (
    README,
    ROOT / "docs/first-tenant.md",
    ROOT / "docs/operations.md",
    ROOT / "docs/consent.md",
    ROOT / "docs/policies.md",
    ROOT / "docs/pull-requests.md",
    ROOT / "docs/drift.md",
    ROOT / "docs/evidence.md",
    ROOT / "docs/verify.md",
    ROOT / "docs/many-tenants.md",
)
REHEARSED = "## Try it, without a tenant"
"""The README's section whose commands are run; it needs nothing but this machine."""
WALKED = "## First real tenant"
"""The README's section whose commands are run against the emulated tenant, in the place of a real one."""


def blocks(text: str, language: str) -> list[str]:
    """The contents of the fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def commands(text: str) -> list[str]:
    """Every line of the shell blocks."""
    return [line for block in blocks(text, "sh") for line in block.splitlines() if line.strip()]


def section(heading: str) -> str:
    """A section of the README, up to the next of its rank."""
    text = README.read_text(encoding="utf-8")
    return text[text.index(f"{heading}\n") :].partition("\n## ")[0]
