"""A review for which nobody needs a right: what is compared is brought up on an emulated tenant.

It has what the stack's settings and inventory take for granted; secrets have stand-ins.
"""

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from review.report import Review
from review.settings_changes import setting_changes
from roomctl.bring_up import bring_up, new_stack
from roomctl.emulated_tenant import thrown_away
from roomctl.git_base import WorkTree, code_changed_since, install, work_tree
from roomctl.plan import plan
from roomctl.policy_pack import policy_pack
from roomctl.stand_in_settings import StandInSettings, stand_in_settings
from roomctl.tenant_of_settings import StandInTenant, settings_of, tenant_of_settings
from settings import PROJECT, as_text, defaults
from stack_files import settings_file, short_name

_BELIEVED = (
    "whether each address is what the settings take it for: the emulated tenant believes them",
    "dates: the emulated tenant begins at rotationAnchor, so that they are the same on every day",
)
"""What only the real tenant knows."""


def review_on_emulated_tenant(stack: str, base: str | None, policy_config: Path, project: Path) -> Review:
    """Compare the checkout with a git ref, or with nothing; ends the command with 1 when it can't."""
    name = short_name(stack)
    own = stand_in_settings(project / settings_file(name))
    with ExitStack() as open_:
        tree = open_.enter_context(work_tree(base, project)) if base else None
        file = tree.stack_file(name) if tree else None
        before = stand_in_settings(file) if file else None
        tenant = _tenant(own, before, tree, project)
        private = Path(open_.enter_context(tempfile.TemporaryDirectory()))
        environment = open_.enter_context(thrown_away(tenant.write(private / "tenant.yaml")))
        if tree and before:
            install(tree)
            bring_up(tree, environment, before.write(private / "base.yaml"), name)
        else:
            new_stack(project, environment, name)
        pack = open_.enter_context(policy_pack(policy_config, project, tenant.begins.date()))
        options = ["--config-file", str(own.write(private / "own.yaml"))]
        planned = plan(name, pack, options=options, environment=environment, project=project)
        sources = (own, before) if before else (own,)
        not_seen = [sentence for source in sources for sentence in source.not_seen]
        return Review(
            stack=name,
            against=_against(name, base, before),
            sides=planned.sides,
            settings=setting_changes(_texts(before), _texts(own) or {}, PROJECT),
            violations=planned.violations,
            code=code_changed_since(tree, project) if tree else (),
            unseen=own.otherwise_unseen(before) if before else (),
            notes=tuple(dict.fromkeys((*_BELIEVED, *not_seen, *tenant.remarks, *pack.off))),
        )


def _tenant(
    own: StandInSettings, before: StandInSettings | None, tree: WorkTree | None, project: Path
) -> StandInTenant:
    several = [settings_of(own.values, project)]
    if tree and before:
        several.append(settings_of(before.values, tree.folder, tree.ref))
    return tenant_of_settings(*several)


def _against(name: str, base: str | None, before: StandInSettings | None) -> str:
    if before:
        return f"{base}, brought up on an emulated tenant"
    return f"nothing: {base} has no Pulumi.{name}.yaml" if base else "nothing: an empty emulated tenant"


def _texts(settings: StandInSettings | None) -> Mapping[str, str] | None:
    """The values as Pulumi keeps them, defaults included."""
    if settings is None:
        return None
    return {key: as_text(value) or "" for key, value in {**defaults(), **settings.values}.items()}
