"""A stack among many is itself, or nobody."""

from pathlib import Path

import pytest

from roomctl.stack_environment import NoIdentityError, stack_environment

TENANT = "ECD7C293-a8ee-50d3-98ca-646e4886ffb1"
OWN = f"# ours\nexport ARM_TENANT_ID='{TENANT}'\nARM_CLIENT_ID=own\nARM_CLIENT_SECRET=${{SECRET_OF_OWN}}\n"
CALLER = {
    "PATH": "/bin",
    "ARM_CLIENT_ID": "neighbour",
    "ARM_CLIENT_CERTIFICATE_PATH": "neighbour.pfx",
    "ARM_METADATA_HOSTNAME": "neighbour.example",
    "ARM_USE_CLI": "true",
    "ARM_USE_OIDC": "true",
    "ARM_OIDC_REQUEST_URL": "https://pipeline.example",
    "EXCHANGE_CLIENT_ID": "neighbour",
    "CLOCK_ENDPOINT": "https://neighbour.example",
}


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_OWN", "s3cret")


def written(folder: Path, text: str) -> Path:
    (folder / "prod.env").write_text(text)
    return folder


def test_nothing_of_a_neighbour_and_the_pipeline_for_all(tmp_path: Path) -> None:
    own = stack_environment("firm/rooms/prod", written(tmp_path, OWN), CALLER)
    assert own.tenant_id == TENANT.lower()
    assert own.variables == {
        "PATH": "/bin",
        "ARM_USE_OIDC": "true",
        "ARM_OIDC_REQUEST_URL": "https://pipeline.example",
        "ARM_USE_CLI": "false",
        "ARM_TENANT_ID": TENANT,
        "ARM_CLIENT_ID": "own",
        "ARM_CLIENT_SECRET": "s3cret",
    }
    assert "s3cret" not in repr(own)


def test_whoever_is_signed_in_by_the_azure_cli_only_where_the_file_says_so(tmp_path: Path) -> None:
    folder = written(tmp_path, f"ARM_TENANT_ID={TENANT}\nARM_USE_CLI=true\n")
    assert stack_environment("prod", folder, CALLER).variables["ARM_USE_CLI"] == "true"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ARM_CLIENT_ID=own", "does not set ARM_TENANT_ID"),
        (f"ARM_TENANT_ID={TENANT}", "does not set ARM_CLIENT_ID"),
        (
            OWN.replace("OF_OWN", "OF_NOBODY"),
            "ARM_CLIENT_SECRET is empty: ${SECRET_OF_NOBODY} is not set here",
        ),
        (f"{OWN}ARM_ENVIRONMENT=\n", "ARM_ENVIRONMENT is empty: it has no value"),
        (f"{OWN}ARM_ENVIRONMENT\n", "ARM_ENVIRONMENT is empty: it has no value"),
        (f"{OWN}this is a sentence\n", "has no NAME=VALUE in line 5"),
        (f"{OWN}ARM_CLIENT_CERTIFICATE=MIIK\n", "holds ARM_CLIENT_CERTIFICATE, and others may read it"),
        ("\xff", "can't be read: it is not text in UTF-8"),
    ],
)
def test_what_is_not_complete_is_nobody(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "prod.env").write_bytes(text.encode("latin-1"))
    (tmp_path / "prod.env").chmod(0o644)
    with pytest.raises(NoIdentityError, match=r"prod\.env") as refused:
        stack_environment("prod", tmp_path, CALLER)
    assert said in str(refused.value)
    assert "MIIK" not in str(refused.value)


def test_a_private_file_may_hold_the_secret(tmp_path: Path) -> None:
    folder = written(tmp_path, OWN.replace("${SECRET_OF_OWN}", "'s~e.cr-et_'"))
    (tmp_path / "prod.env").chmod(0o600)
    assert stack_environment("prod", folder, CALLER).variables["ARM_CLIENT_SECRET"] == "s~e.cr-et_"


def test_no_file_is_nobody(tmp_path: Path) -> None:
    with pytest.raises(NoIdentityError, match=r"There is no .*prod\.env, .* with ARM_TENANT_ID"):
        stack_environment("prod", tmp_path, CALLER)
