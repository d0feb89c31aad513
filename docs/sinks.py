"""Where the product speaks to a person: what prints or raises a message, and what only looks like one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """A parameter that is part of a message: what is shown before it, and whether it may be unknown."""

    before: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Sink:
    """What tells a person something when it is called or raised.

    `parameters` in their order: those that are told, and None for each that is not.
    """

    kind: str
    parameters: dict[str, Told | None]


_TEXT: dict[str, Told | None] = {"text": Told()}
ERROR = Sink("error", _TEXT)
_NOTE = Sink("note", _TEXT)
_WARNING = Sink("warning", _TEXT)
_PROGRESS = Sink("progress", _TEXT)
_CELL = Sink("error", {"reason": Told(), "fix": Told(". ")})
_OPINION = Sink("note", {"why": Told(), "advice": Told(". To do: ")})
_SETTING = Sink("error", {"reason": Told("why  "), "fix": Told("\nfix  ")})
_SERVICE = Sink(
    "error",
    {
        "service": Told(optional=True),
        "operation": Told(": ", optional=True),
        "reason": Told(": "),
        "advice": Told(". "),
    },
)
SINKS = {
    "AlreadyExists": _SERVICE,
    "BadParameter": ERROR,
    "Damage": _CELL,
    "Fault": _SETTING,
    "Finding": Sink("note", {"what": Told(), "fix": Told(". ")}),
    "Invalid": _SERVICE,
    "NotAuthorised": _SERVICE,
    "NotDone": _SERVICE,
    "NotFound": _SERVICE,
    "NotReady": _SERVICE,
    "Problem": Sink("error", {"key": None, "value": None, **_SETTING.parameters}),
    "RefusedCellError": _CELL,
    "RefusedValueError": _SETTING,
    "Throttled": _SERVICE,
    "Transient": _SERVICE,
    "Unclear": _SERVICE,
    "UnreadableError": _CELL,
    "RefusedSignIn": _OPINION,
    "_fail": Sink("error", {"context": None, "text": Told()}),
    "_lags": _OPINION,
    "_log.info": _NOTE,
    "_remark": Sink("note", {"text": Told("# ")}),
    "_say": _NOTE,
    "_unexplained": _OPINION,
    "_warn": _WARNING,
    "_wrong": _OPINION,
    "begin": _PROGRESS,
    "confirm": Sink("question", _TEXT),
    "could_not_look": ERROR,
    "echo": _NOTE,
    "kind": _SERVICE,
    "like": Sink("error", {"error": None, "advice": Told("{service}: {operation}: {reason}. ")}),
    "print": _NOTE,
    "pulumi.log.error": ERROR,
    "pulumi.log.info": _NOTE,
    "pulumi.log.warn": _WARNING,
    "refuse": _CELL,
    "say": _PROGRESS,
    "sys.stderr.write": _NOTE,
    "tell": _NOTE,
    "tell_error": ERROR,
    "waiting": Sink(
        "waiting",
        {"what": Told("WAITING for "), "clock": None, "progress": Told(" ("), "meanwhile": Told("), ")},
    ),
    "waiting_for_person": Sink(
        "waiting", {"what": Told("WAITING for "), "progress": Told(" ("), "meanwhile": Told("), ")}
    ),
    "warnings.append": _WARNING,
    "working": _PROGRESS,
}
"""By the name that is called, or its end; any other exception tells its first argument."""

ANSWERS = frozenset(("problems",))
"""Functions whose answer is a list of messages: what a provider refuses at preview."""

NOT_TOLD = frozenset(
    ("AssertionError", "CouldNotLook", "Exit", "ExceptionGroup", "NotImplementedError", "SystemExit")
)
"""Raised without a word for a person, or for a mistake of ours that is told as such."""

TOLD_WHERE_MADE = frozenset(("InventoryError", "SettingsError"))
"""They list problems, each of which is a message where it is found."""

CARRIED = frozenset(("advice", "fix", "reason"))
"""Attributes of what was refused, which carry a message that is told where it was made."""

KNOWN_ELSEWHERE = {
    ("exchange/judgement.py", "advice"): "from the tables of that module, which are parts",
    ("graph/judgement.py", "advice"): "from the tables of that module, which are parts",
    ("exchange/probe.py", "progress"): "of Question.progress, a part",
    ("exchange/probe.py", "self.meanwhile"): "what each caller says, a part",
    ("prerequisites/mailboxes.py", "reason"): "the rows, each told where it is found",
    ("prerequisites/mailboxes.py", "kind.why_not(found)"): "of MailboxKind.why_not, a part",
    ("prerequisites/mailboxes.py", "_remedy(found, kind)"): "of that function, a part",
    ("exchange/configured_access.py", "reason"): "of consent_waits, told there",
    ("prerequisites/groups.py", "reason"): "of _taken, a part",
    ("exchange/personal_consent.py", "meanwhile"): "what each caller says, a part",
    ("exchange/waiting.py", "progress"): "of Question.progress, a part",
    ("exchange/waiting.py", "meanwhile"): "what each caller says, a part",
    ("program.py", "warning"): "the inventory's, told there",
    (
        "roomctl/__main__.py",
        "reason",
    ): "typer's own words, or a BadParameter's, told where it is raised",
    ("roomctl/catalogue_check.py", "to_mend(chosen)"): "a table of looks, each told there",
    ("roomctl/contain.py", "_table(ways, todo)"): "a table of what is closed, each told there",
    ("roomctl/still_works.py", "_table([('tokens', tokens), ('access policies', _POLICIES), *sign_ins])"): (
        "a table of facts, which are parts"
    ),
    ("roomctl/consent.py", "json.dumps(page.as_json(), indent=2, sort_keys=True)"): "the page, for machines",
    ("roomctl/consent.py", "page.as_markdown()"): "the page as Markdown",
    ("roomctl/consent.py", "_table(page)"): "a table of facts and permissions",
    ("roomctl/consent.py", "why"): "of the request, a part",
    ("roomctl/secrets.py", "json.dumps(_as_json(report), indent=2, sort_keys=True)"): (
        "the report, for machines"
    ),
    ("roomctl/secrets.py", "_as_markdown(report, recorded.called)"): "the report as Markdown",
    ("roomctl/secrets.py", "_table(report)"): "a table of secrets",
    ("roomctl/secrets.py", "what"): "of each finding, told there",
    ("roomctl/secrets.py", "fix"): "of each finding, told there",
    ("drift/accepted.py", "'\\n'.join(problems)"): "the problems of its entries, each a part",
    ("roomctl/drift.py", "json.dumps(told_as_json(told), indent=2, ensure_ascii=False)"): (
        "the report, for machines"
    ),
    ("roomctl/drift.py", "told_as_markdown(told)"): "the report as Markdown",
    ("roomctl/drift.py", "told_as_missing(stack or 'the selected stack', reason.reason)"): (
        "the report as Markdown when there is none"
    ),
    ("drift/doors.py", "what"): "of each door, a part",
    ("drift/managed.py", "what"): "what Pulumi found, a part",
    ("drift/scope_members.py", "what"): "of each member, a part",
    ("roomctl/drift_on_terminal.py", "_verdict(report)"): "the verdict and the reach, each a part",
    ("roomctl/drift_on_terminal.py", "part"): "a table of what the report says",
    ("roomctl/drift_on_terminal.py", "rows"): "a table of what the report says",
    ("roomctl/plan.py", "told.failed"): "the engine's own words",
    ("roomctl/review.py", "json.dumps(told_as_json(told), indent=2)"): "the review, for machines",
    ("roomctl/review.py", "markdown(told)"): "the review as Markdown",
    ("roomctl/review_on_terminal.py", "part"): "a table of what the review says",
    ("roomctl/review_on_terminal.py", "rows"): "a table of what the review says",
    ("roomctl/review.py", "told_as_missing(stack or 'the selected stack', reason.reason)"): (
        "the review as Markdown when there is none"
    ),
    ("roomctl/preflight.py", "json.dumps(_as_json(report), indent=2, ensure_ascii=False)"): (
        "the report, for machines"
    ),
    ("roomctl/preflight.py", "request(report.stack, report.identity, report.rows)"): "the report as Markdown",
    ("roomctl/preflight.py", "fine_ones(report.rows)"): "a table of looks, each told there",
    ("roomctl/preflight.py", "visible(_who(report.identity))"): "who deploys, and where",
    ("roomctl/preflight.py", "to_mend(rows)"): "a table of looks, each told there",
    ("roomctl/many_stacks.py", "as_json(asked.command, answers, code)"): "every answer, for machines",
    ("roomctl/stack_of_many.py", "_reason(exported)"): "Pulumi's own words, or a part",
    ("roomctl/stack_of_many.py", "_reason(ended)"): "the command's own words, or a part",
    ("roomctl/create_deployer.py", "told"): "each told where it is found",
    ("roomctl/create_deployer.py", "_table(steps)"): "a table of what is made, each told there",
    ("roomctl/finish_destroy.py", "_table(left, group)"): "a table of identities",
    ("roomctl/handover.py", "_identities(outputs)"): "a table of outputs",
    ("roomctl/handover.py", "json.dumps(outputs, indent=2, sort_keys=True)"): "the outputs, for machines",
    (
        "roomctl/recover.py",
        "_document(recorded, steps, left.taken_over, undecided)",
    ): "the same, for machines",
    ("roomctl/recover.py", "words.fill(f'# {text}')"): "a remark, told where it is made",
    ("roomctl/recover.py", "step.why"): "of each step, told where the way back is made",
    ("roomctl/recover.py", "step.command"): "a command, told where the way back is made",
    ("roomctl/verify.py", "json.dumps(told_as_json(outcome), indent=2)"): "the outcome, for machines",
    ("roomctl/verify.py", "told_as_markdown(outcome)"): "the outcome as Markdown",
    ("roomctl/verify.py", "_fine(outcome.rows)"): "a table of what is as promised",
    ("roomctl/verify.py", "_open(rows, *said)"): "rows of the outcome, each told where it is judged",
    ("roomctl/verify.py", "visible(progress)"): "of the look, told there",
    (
        "verify/verification.py",
        "_progress(rows, open_ones, self.clock.now(), deadline)",
    ): "of that function, parts",
    ("verify/second_opinion.py", "refused.means"): "of the table of sign-ins, told there",
    ("verify/second_opinion.py", "self._advice(refused)"): "of the table of sign-ins, told there",
    ("verify/second_opinion.py", "self._mend"): "of that property, a part",
    ("verify/second_opinion.py", "self._stop"): "of that property, a part",
    ("settings/reading.py", "because"): "of each required setting, a part",
    ("settings/reading.py", "reason"): "the inventory's problems, told there",
    ("settings/values.py", "because"): "of each number's bounds, a part",
    ("settings/values.py", "fix"): "of each caller, where it is told as well",
    ("settings/values.py", "reason"): "of the catalogue of permissions, a part",
    ("toolchain/__main__.py", "engine.bin_dir"): "a folder, for machines",
    ("wire/sign_in.py", "text.removeprefix('Authentication failed: ')"): "the service's own words",
}
"""What can't be read where it is printed: the module, the expression, and why that is no hole."""

NOT_PRINTED_BY = frozenset(
    ("ArgumentParser", "Argument", "Column", "Option", "Typer", "add_argument", "add_parser", "compile")
)
"""Calls whose texts are help, documentation or patterns, not messages."""
NOT_PRINTED_AS = frozenset(("default", "description", "display_name", "help", "notes"))
"""Keyword arguments whose texts are help, or names and notes in the tenant."""
NOT_PRINTED = {
    ("components/room_calendar_access.py", "__init__"): "an input, by which secrets are told apart",
    ("exchange/directory.py", "_condition"): "a filter",
    ("exchange/judgement.py", "_BY_TEXT"): "patterns of Exchange's own texts",
    ("exchange/probe.py", "credential_name"): "a name in Entra",
    ("graph/applications.py", "named"): "a filter",
    ("graph/applications.py", "by_client_id"): "a filter",
    ("roomctl/consent_page.py", "as_markdown"): "a page",
    ("roomctl/consent_script.py", "_SCRIPT"): "a script",
    ("settings/application_rules.py", "NEW_APPLICATION"): "a name",
    ("exchange/policies.py", "description"): "a policy's description in Exchange",
    ("graph/containment.py", "ways_in"): "a filter",
    ("graph/containment.py", "_with_removed"): "a note in Entra",
    ("graph/sign_ins.py", "last_sign_ins"): "a filter",
    ("graph/restorable.py", "_of_application"): "a filter",
    ("graph/directory_audits.py", "_CONSENT"): "an activity's name in a log",
    ("graph/directory_audits.py", "consents_of"): "a filter",
    ("graph/service_principals.py", "find_service_principal"): "a filter",
    ("graph/service_principals.py", "display_name"): "a filter",
    ("inventory/columns.py", "_STATUSES"): "a column's meaning, in the README",
    ("inventory/damage.py", "_ABBREVIATIONS"): "names of months",
    ("toolchain/language_host/interpreter.py", "_QUESTION"): "a program for Python",
}
"""Other texts that read like messages: the module, the constant or function, and what they are."""
