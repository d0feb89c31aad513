"""Every message that the product can print, read from its sources.

`python -m docs.messages --write` renews docs/messages.md; `--check` ends with 7 when it is out of date.
A message that can't be read from the sources is refused, with the place: nothing is left out in silence.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby, product
from pathlib import Path

from docs.generated import CannotGenerateError, command
from docs.sinks import (
    ANSWERS,
    CARRIED,
    ERROR,
    KNOWN_ELSEWHERE,
    NOT_PRINTED,
    NOT_PRINTED_AS,
    NOT_PRINTED_BY,
    NOT_TOLD,
    SINKS,
    TOLD_WHERE_MADE,
    Sink,
)
from docs.sources import Product, Source, called
from docs.wording import SHOWING, Reader, UnknownTextError, has_words, placeholder, reads_like_a_message

_ROOT = Path(__file__).parent.parent
_PAGE = Path(__file__).with_name("messages.md")
_SCRIPTS = ("Makefile", "toolchain/bootstrap.sh", "toolchain/pulumi-language-python")
_WITHOUT_WORDS = NOT_TOLD | TOLD_WHERE_MADE
_HEADING = """\
# Messages

Every message that the product can print, by the part of it that does. Generated from the sources by
`python -m docs.messages --write`. Words in braces stand for what is known only when it runs: an address, a
count, the service's own reason.

| Kind | What it is |
| --- | --- |
| error | The run stops, or a setting, a cell or a call is refused: why, and what to do |
| waiting | Nothing is wrong and nothing usable exists yet: run it again later |
| warning | The run goes on |
| question | Waits for yes or no |
| progress | What is being done, for steps that take long |
| note | What was done, or how to go on |
| part | Words of other messages: a reason, one finding of several, an end of a sentence |
"""


class SilentHoleError(CannotGenerateError):
    """A place that prints what can't be read from the sources; the text says where, and what to do."""


@dataclass(frozen=True)
class Message:
    """One message; `kind` says what it is for, `module` where it is written."""

    text: str
    kind: str
    module: str


def messages(sources: Product) -> list[Message]:
    """Every message in the product's modules, in their order; SilentHoleError for one that can't be read."""
    reader = Reader(sources)
    told = [message for source in sources.sources.values() for message in _told(source, reader)]
    parts = [message for source in sources.sources.values() for message in _parts(source, reader)]
    found = dict.fromkeys(message for message in (*told, *parts) if has_words(message.text))
    return sorted(found, key=lambda message: message.module)


def _told(source: Source, reader: Reader) -> Iterator[Message]:
    """What the module prints or raises."""
    for node in source.nodes:
        if isinstance(node, ast.Call):
            yield from _of_call(node, source, reader)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            name = called(node.exc.func)  # of a class: what a function makes is told where it is made
            if name[:1].isupper() and not _sink(node.exc, reader.sources) and name not in _WITHOUT_WORDS:
                raise _hole(source, node, f"{name} is no exception that is known")
        elif isinstance(node, ast.Return) and node.value and _is_answer(node, source):
            for text in _required(reader, node.value, source):
                yield Message(text, "error", source.name)


def _of_call(node: ast.Call, source: Source, reader: Reader) -> Iterator[Message]:
    """The messages of a call, if it tells a person something; none when all of it is told elsewhere."""
    sink = _sink(node, reader.sources)
    if sink is None:
        return
    given = dict(zip(sink.parameters, node.args, strict=False))
    given |= {word.arg: word.value for word in node.keywords if word.arg}
    shown: list[list[str]] = []
    for name, told in sink.parameters.items():
        if told is not None and (value := given.get(name)) is not None:
            read = reader.known if told.optional else partial(_required, reader)
            shown.append([f"{told.before}{text}" for text in read(value, source) if text])
    kind = "error" if any(ast.unparse(word.value) == "sys.stderr" for word in node.keywords) else sink.kind
    for parts in product(*filter(None, shown)):
        yield Message("".join(parts), kind, source.name)


def _required(reader: Reader, value: ast.expr, source: Source) -> list[str]:
    """The texts of a value, or its name when they are told elsewhere; SilentHoleError for any other."""
    if _is_message(value, reader.sources):
        return [f"{{{placeholder(value)}}}"]
    try:
        return reader.texts(value, source)
    except UnknownTextError as unknown:
        if not _is_carried(value, source):
            reason = f"what `{ast.unparse(value)}` says is not known ({unknown})"
            raise _hole(source, value, reason) from None
    return [f"{{{placeholder(value)}}}"]


def _parts(source: Source, reader: Reader) -> Iterator[Message]:
    """Texts that read like messages and are printed by way of others."""
    for node in source.nodes:
        if isinstance(node, ast.expr) and node not in reader.read and _may_be_printed(node, source):
            for text in Reader(reader.sources).known(node, source):
                if reads_like_a_message(text):
                    yield Message(text, "part", source.name)


def _sink(node: ast.Call, sources: Product) -> Sink | None:
    """What the call tells a person by, if it does."""
    name, dotted = called(node.func), ast.unparse(node.func)
    for known, sink in SINKS.items():
        if known == name or ("." in known and f".{dotted}".endswith(f".{known}")):
            return sink
    return ERROR if sources.is_exception(name) and name not in _WITHOUT_WORDS else None


def _is_message(value: ast.expr, sources: Product) -> bool:
    """Whether the value is made by what tells it."""
    return isinstance(value, ast.Call) and _sink(value, sources) is not None


def _is_carried(value: ast.expr, source: Source) -> bool:
    """Whether the value is a message, or a part of one, that is told where it was made."""
    if (source.name, ast.unparse(value)) in KNOWN_ELSEWHERE:
        return True
    if isinstance(value, ast.Attribute):
        return value.attr in CARRIED
    if isinstance(value, ast.Call) and called(value.func) in SHOWING and value.args:
        return _is_carried(value.args[0], source)
    return isinstance(value, ast.Name) and (
        source.is_caught(value.id, value) or source.function_of_parameter(value.id, value) in SINKS
    )


def _is_answer(node: ast.Return, source: Source) -> bool:
    return any(function.name in ANSWERS for function in source.functions_around(node)[:1])


def _may_be_printed(node: ast.expr, source: Source) -> bool:
    """Whether it is a text by itself, and neither documentation, help nor something to look for."""
    is_text = isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    around = list(source.around(node))
    if not is_text or isinstance(source.parents[node], ast.Expr | ast.Compare):
        return False
    names = {called(outer.func) for outer in around if isinstance(outer, ast.Call)}
    words = {outer.arg for outer in around if isinstance(outer, ast.keyword)}
    places = {outer.name for outer in around if isinstance(outer, ast.FunctionDef)}
    places |= {name for name, value in source.constants.items() if value is node or value in around}
    return not (
        any(isinstance(outer, ast.JoinedStr) for outer in around)
        or names & {*NOT_PRINTED_BY, *NOT_TOLD}
        or words & NOT_PRINTED_AS
        or any((source.name, place) in NOT_PRINTED for place in places)
    )


def _hole(source: Source, node: ast.AST, why: str) -> SilentHoleError:
    line = getattr(node, "lineno", 0)
    return SilentHoleError(
        f"{source.name}:{line}: {why}. Write the text where it is raised or printed, or say in docs/sinks.py "
        "why it is no hole."
    )


def of_script(name: str, text: str) -> list[Message]:
    """What a shell script or Makefile says by `stop` and `echo`; SilentHoleError for one without a text."""
    found = []
    for line in text.splitlines():
        command = re.search(r"(?:^|[\s@;|{])(stop|echo) (.*)", line.partition(" #")[0])
        if command is None or line.startswith("#"):
            continue
        said = re.fullmatch(r'"((?:[^"\\]|\\.)+)".*', command[2])
        if said is None:
            raise SilentHoleError(
                f"{name}: what `{line.strip()}` says is not known: write it in quotes there."
            )
        words = re.sub(r"\$\{?(\w+)[^}\s]*\}?", r"{\1}", said[1].replace("\\`", "`"))
        stops = command[1] == "stop"
        found.append(Message(f"setup: {words}" if stops else words, "error" if stops else "note", name))
    return found


def of_catalogue(text: str) -> list[Message]:
    """Why the permissions that are known and left out can't be granted."""
    reasons = [
        "; write ".join(filter(None, (one["excluded"], " and ".join(one["instead"]))))
        for one in json.loads(text)["permissions"]
        if one["excluded"]
    ]
    return [Message(reason, "part", "permissions/catalogue.json") for reason in dict.fromkeys(reasons)]


@cache
def page(root: Path = _ROOT) -> str:
    """docs/messages.md, from the sources below `root` as they are when it is asked for first."""
    found = messages(Product.read(root))
    for name in _SCRIPTS:
        found += of_script(name, (root / name).read_text(encoding="utf-8"))
    found += of_catalogue((root / "permissions/catalogue.json").read_text(encoding="utf-8"))
    lines = [_HEADING]
    for area, of_area in groupby(sorted(found, key=_area), key=_area):
        lines += [f"## {area}", "", "| Message | Kind | From |", "| --- | --- | --- |"]
        lines += [f"| {_cell(one.text)} | {one.kind} | `{one.module}` |" for one in of_area]
        lines.append("")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Renew or check the page: 0 fine, 1 a message can't be read, 7 the page is out of date."""
    return command("docs.messages", __doc__, _PAGE, lambda _: page(), arguments)


def _area(message: Message) -> str:
    """The folder of the product; single modules are the program."""
    folder, slash, _ = message.module.partition("/")
    return folder if slash else "program"


def _cell(text: str) -> str:
    """The text in a cell of a Markdown table, as it is printed."""
    shown = re.sub(r"\[/?(?:red|yellow|green|dim)?\]", "", text).strip("\n")
    special = "|<*`" if shown.count("`") % 2 else "|<*"
    return re.sub(rf"([{special}])", r"\\\1", shown).replace("\n", "<br>")


if __name__ == "__main__":
    sys.exit(main())
