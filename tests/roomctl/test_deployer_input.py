"""What `roomctl create-deployer` is given: refused at once, in one message, or taken as it is meant."""

from uuid import UUID

import pytest
from typer.testing import CliRunner

from graph.registrations import Trust
from pipeline_subject import GITHUB
from roomctl.__main__ import cli
from roomctl.new_trust import credential_name
from tests.roomctl.desk import NAME, SUBJECT, desk

__all__ = ["desk"]
DEVOPS = "https://vstoken.dev.azure.com/0aabbccd-1111-4222-8333-444455556666"
CYRILLIC = "\u0441"


def refused(says: str, *arguments: str) -> None:
    """No tenant is set up: whoever asks one fails otherwise."""
    done = CliRunner().invoke(cli, ["create-deployer", *arguments, "--yes"], env={"COLUMNS": "200"})
    assert done.exit_code == 2, "64 from the command line"
    text = " ".join((done.output + done.stderr).replace("│", " ").split())
    assert says in text
    assert "\x1b[2J" not in text


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ("repo:contoso/rooms:pull_request", "pull request"),
        ("repo:contoso/*:environment:prod", "pattern"),
        ("repo:contoso/rooms:ref:refs/pull/7/merge", "pull request"),
        ("repo:contoso/rooms", "not of the form"),
        ("rooms", "not of the form"),
        ("", "empty"),
        (f"{SUBJECT}\x1b[2J", "U+001B"),
        (f"{SUBJECT}\u200b", "U+200B ZERO WIDTH SPACE"),
        (f"repo:{CYRILLIC}ontoso/rooms:environment:prod", "U+0441 CYRILLIC SMALL LETTER ES"),
        (f"repo:c/r:environment:{'x' * 600}", "600 are allowed"),
    ],
)
def test_a_subject_that_lets_in_too_many_or_nobody(subject, says):
    refused(says, "--subject", subject)


@pytest.mark.parametrize("issuer", [f"{GITHUB}/", GITHUB.replace("token", "TOKEN")])
def test_another_spelling_of_github_is_github(issuer):
    refused("not of the form", "--subject", "repo:c/r:ref:refs/notes/v1", "--issuer", issuer)


@pytest.mark.parametrize(
    ("issuer", "says"),
    [
        ("https://", "--issuer must be a plain https:// address"),
        ("http://issuer.example", "--issuer must be a plain https:// address"),
        ("https://token.actions.githubusercontent.com@evil.example", "--issuer must be a plain https://"),
        ("https://evil\n.example", "U+000A"),
        (f"https://{CYRILLIC}.example", "U+0441"),
        (f"https://{'x' * 600}.example", "600 are allowed"),
    ],
)
def test_an_issuer_that_is_none(issuer, says):
    refused(says, "--subject", "sc://org/project/connection", "--issuer", issuer)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "the name is empty"),
        (" PlaceOS", "begins or ends with a space"),
        ("x" * 65, "64 at most"),
        ("A\x1b[2JB", "U+001B"),
        ("PlaceOS\u200bDeployer", "U+200B"),
        (f"Pla{CYRILLIC}eOS Deployer", "U+0441"),
    ],
)
def test_a_name_that_looks_like_another(name, says):
    refused(says, "--name", name, "--subject", SUBJECT)


@pytest.mark.parametrize("owner", ["", "me", "..", "../applications", "'", "a@b"])
def test_an_owner_who_is_nobody(owner):
    refused("is no user principal name and no object id", "--subject", SUBJECT, "--owner", owner)


def test_one_way_to_sign_in():
    refused("give either --subject or --secret-file")
    refused("give either --subject or --secret-file", "--subject", SUBJECT, "--secret-file", "x")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            "--role consent --read-sign-ins",
            "--read-sign-ins does nothing for an identity of consent: it goes ",
        ),
        ("--read-sign-ins", "for an identity of apply and consent: it goes with --role read or contain"),
        ("--role consent --read-policies", "it goes with --role read or rotate or apply or contain"),
        (
            f"--role rotate --application {UUID(int=1)} --exchange directory-role",
            "--exchange directory-role does nothing for an identity of rotate, which takes no Exchange role",
        ),
        ("--role rotate", "belong together"),
    ],
)
def test_an_option_that_does_nothing(arguments, says):
    refused(says, "--subject", SUBJECT, "--name", NAME, *arguments.split())


def test_an_issuer_of_no_pipeline():
    refused("--issuer goes with --subject", "--secret-file", "x", "--issuer", DEVOPS)


def test_a_role_without_a_name_of_its_own():
    refused(
        "--role makes another identity than PlaceOS Deployer: give it a --name",
        "--subject",
        SUBJECT,
        "--role",
        "read",
    )


@pytest.mark.parametrize(
    "says", ["give either --subject", "give it a --name", "--read-policies does nothing", "'me' is no user"]
)
def test_all_that_is_wrong_is_told_at_once(says):
    refused(says, "--role", "consent", "--read-policies", "--owner", "me")


def test_github_s_issuer_is_written_as_its_tokens_have_it(desk):
    assert desk.run("--subject", SUBJECT, "--issuer", f"{GITHUB}/", "--yes")[0] == 0
    [made] = desk.application()["_federated"]
    assert made["issuer"] == GITHUB
    assert desk.run("--subject", SUBJECT, "--yes")[0] == 0


def test_names_with_accents_and_apostrophes_and_other_issuers_are_fine(desk):
    arguments = (
        "--name",
        "Räume d'été",
        "--subject",
        "sc://org/My project/rooms",
        "--issuer",
        DEVOPS,
        "--yes",
    )
    assert desk.run(*arguments)[0] == 0
    code, output = desk.run(*arguments)
    assert code == 0, output
    assert "Nothing to do" in output
    assert desk.principal("Räume d'été")


def test_the_case_of_a_name_is_no_other_name(desk):
    assert desk.run("--subject", SUBJECT, "--yes")[0] == 0
    code, output = desk.run("--name", NAME.lower(), "--subject", SUBJECT, "--yes")
    assert code == 0, output
    assert "Nothing to do" in output


def test_no_two_pipelines_have_a_credential_of_one_name():
    subjects = ["repo:a/b-c:environment:d", "repo:a-b/c:environment:d", "x" * 200, "x" * 201, "/", "?"]
    named = {credential_name(Trust(issuer, subject)) for issuer in (GITHUB, DEVOPS) for subject in subjects}
    assert len(named) == 2 * len(subjects)
    assert all(3 <= len(name) <= 120 and name.replace("-", "").isalnum() for name in named)
