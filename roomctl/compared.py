"""A stack held against its tenant: what `roomctl drift` tells, and what it was told from."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from deployer import DeployerError, current_deployer
from drift import accepted
from drift.accepted import Acceptance, AcceptedError
from drift.finding import Finding
from drift.looks import LOOKS, Looks, Unseen
from drift.managed import managed
from drift.report import Report, report
from drift.tenant import Tenant
from exchange.admin_api import current_exchange
from graph.api import current_graph
from https_json import EndpointError
from roomctl.code_of_stack import code_of_stack, require_its_tenant
from roomctl.console import working
from roomctl.outcome import could_not_look
from roomctl.recorded_stack import RecordedStack, read_stack
from roomctl.refreshed import refreshed
from roomctl.stack_settings import whole_settings
from settings import Settings
from stack_files import acceptances_file
from wire import WireError


@dataclass(frozen=True)
class Compared:
    """The report, and the stack, its settings and its tenant, which was asked once."""

    recorded: RecordedStack
    settings: Settings
    tenant: Tenant
    report: Report


def compared(stack: str | None, accepted_file: Path | None = None, looks: Looks = LOOKS) -> Compared:
    """Look at all of it; ends the command with 1 when there is nothing to look at, or nobody to ask."""
    recorded = read_stack(stack)
    settings = whole_settings(recorded, stack)
    acceptances = _accepted(accepted_file or Path(acceptances_file(recorded.name)))
    try:
        deployer = current_deployer()
        require_its_tenant(recorded, deployer.tenant_id)
        with working("Asking Pulumi, Microsoft Graph and Exchange"), ThreadPoolExecutor(1) as beside:
            asked = beside.submit(refreshed, stack)
            code = code_of_stack(recorded, settings, current_exchange())
            tenant = Tenant(deployer.tenant_id, current_graph(), current_exchange(), code)
            changes, unseen = asked.result()
            pulumi: list[Finding | Unseen] = [*managed(changes, recorded.called), *unseen]
            told = report(tenant, pulumi, acceptances, deployer.clock.now().date(), looks)
            return Compared(recorded, settings, tenant, told)
    except (DeployerError, EndpointError, WireError) as error:
        could_not_look(str(error))


def _accepted(file: Path) -> tuple[Acceptance, ...]:
    try:
        return accepted.read(file)
    except AcceptedError as error:
        could_not_look(str(error))
