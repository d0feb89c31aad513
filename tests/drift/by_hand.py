"""The commands that a finding proposes, typed by an administrator: az and Exchange Online PowerShell."""

import json
import re
import shlex
from typing import Any

from exchange.admin_api import ExchangeAdmin
from graph.api import GraphApi

_PARAMETER = re.compile(
    r"""-(?P<name>\w+)(?::(?P<flag>\$\w+)| '(?P<value>(?:[^']|'')*)'| "(?P<told>(?:[^"]|"")*)"|(?= |$))"""
)
_ESCAPED = re.compile(r"""`(.)|\$\(\[char\]0x(\w{4})\)|"(")""")
_QUOTED = re.compile(r"""'[^']*'|"[^"$`\\!]*\"""")
_EATEN = re.compile(r"""[]$`\\!*?{}();&|<>#~"'[]""")


class UnknownCommandError(AssertionError):
    """A repair that nobody could type here."""


def typed(commands: str, graph: GraphApi, exchange: ExchangeAdmin) -> list[str]:
    """Run every line but comments; what is for pulumi or roomctl comes back to be run by the test."""
    left = []
    for line in commands.split("\n"):
        if line.startswith(("pulumi ", "roomctl ")):
            left.append(shlex.join(words(line)))
        elif line.startswith("az "):
            _az(words(line), graph)
        elif re.match(r"[A-Z]\w+-\w+ -", line):
            _cmdlet(line, exchange)
        elif not line.startswith("#"):
            raise UnknownCommandError(line)
    return left


def words(line: str) -> list[str]:
    """As a shell takes the line; where it would take something away, or run it, that is no command."""
    eaten = _EATEN.search(_QUOTED.sub("", line))
    assert eaten is None, f"a shell would not leave {eaten and eaten[0]} alone: {line}"
    return shlex.split(line)


def _cmdlet(line: str, exchange: ExchangeAdmin) -> None:
    name, _, said = line.partition(" ")
    parameters: dict[str, Any] = {}
    for one in _PARAMETER.finditer(said):
        parameters[one["name"]] = _argument(one)
    assert _PARAMETER.sub("", said).strip() == "", f"PowerShell would not take: {line}"
    exchange.run(name, **parameters)


def _argument(said: re.Match[str]) -> str | bool | list[str]:
    if (value := said["value"]) is not None:
        return value.replace("''", "'")
    if (told := said["told"]) is not None:
        return _ESCAPED.sub(lambda one: chr(int(one[2], 16)) if one[2] else one[1] or one[3], told)
    return [] if said["flag"] == "$null" else (said["flag"] or "$true") == "$true"


def _az(words: list[str], graph: GraphApi) -> None:
    """The part of Azure's command line that is proposed (learn.microsoft.com/cli/azure)."""
    command = " ".join(words[1 : next(i for i, word in enumerate(words) if word.startswith("--"))])
    options = _options(words)
    if command == "rest":
        _rest(options, graph)
    elif command in {"ad app credential delete", "ad sp credential delete"}:
        _remove_credential(command.split()[1], options, graph)
    elif command == "ad app federated-credential delete":
        path = _application(graph, options["--id"])
        graph.delete(f"{path}/federatedIdentityCredentials/{options['--federated-credential-id']}")
    elif command == "ad app owner add":
        owner = {"@odata.id": graph.address(f"/v1.0/directoryObjects/{options['--owner-object-id']}")}
        graph.post(f"{_application(graph, options['--id'])}/owners/$ref", owner)
    elif command == "ad app owner remove":
        graph.delete(f"{_application(graph, options['--id'])}/owners/{options['--owner-object-id']}/$ref")
    elif command == "ad group member remove":
        graph.delete(f"/v1.0/groups/{options['--group']}/members/{options['--member-id']}/$ref")
    elif command == "ad sp delete":
        graph.delete(_principal(graph, options["--id"]))
    else:
        raise UnknownCommandError(" ".join(words))


def _options(words: list[str]) -> dict[str, str]:
    found, last = {}, ""
    for word in words:
        if word.startswith("--"):
            last = word
            found[last] = ""
        elif last:
            found[last] = word
    return found


def _rest(options: dict[str, str], graph: GraphApi) -> None:
    path = options["--url"].removeprefix(graph.address(""))
    if options["--method"] == "DELETE":
        graph.delete(path)
    elif options["--method"] == "POST":
        graph.post(path, json.loads(options["--body"]))
    else:
        assert options["--method"] == "PATCH", options
        graph.patch(path, json.loads(options["--body"]))


def _remove_credential(whose: str, options: dict[str, str], graph: GraphApi) -> None:
    path = _application(graph, options["--id"]) if whose == "app" else _principal(graph, options["--id"])
    if "--cert" not in options:
        graph.post(f"{path}/removePassword", {"keyId": options["--key-id"]})
        return
    kept = [one for one in graph.get(path)["keyCredentials"] if one["keyId"] != options["--key-id"]]
    graph.patch(path, {"keyCredentials": kept})


def _application(graph: GraphApi, client_id: str) -> str:
    [found] = graph.list("/v1.0/applications", {"$filter": f"appId eq '{client_id}'", "$select": "id"})
    return f"/v1.0/applications/{found['id']}"


def _principal(graph: GraphApi, client_id: str) -> str:
    [found] = graph.list("/v1.0/servicePrincipals", {"$filter": f"appId eq '{client_id}'", "$select": "id"})
    return f"/v1.0/servicePrincipals/{found['id']}"
