"""What lies in deploy/ fits the program: commands, settings, paths, pins. No container is built here."""

from __future__ import annotations

import dataclasses
import re
import shlex
import tomllib
from typing import Any

import pytest
import yaml

from tests.source_tree import ROOT
from tests.test_project_tree import declared, pins
from tracker.cli import COMMANDS
from tracker.config import Settings
from tracker.serve.jobs import read_jobs
from tracker.serve.units import SERVICE

DEPLOY = ROOT / "deploy"
SETTINGS = {f"TRACKER_{field.name.upper()}" for field in dataclasses.fields(Settings)}


def lines_of(kind: str) -> list[str]:
    text = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    return [line.removeprefix(f"{kind} ") for line in text.splitlines() if line.startswith(f"{kind} ")]


def compose() -> dict[str, Any]:
    found = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def test_the_image_is_made_of_what_is_there() -> None:
    for line in lines_of("COPY"):
        if not line.startswith("--from"):
            *sources, _ = shlex.split(line)
            assert [name for name in sources if not (ROOT / name).exists()] == []
    assert any("--require-hashes -r requirements/server.txt" in line for line in lines_of("RUN"))
    assert lines_of("USER") == ["tracker"]


def test_a_servers_packages_are_pinned_with_hashes() -> None:
    found = pins("server")
    extras = [declared(extra) for extra in ("postgres", "redis", "chat", "mail")]
    assert declared().union(*extras) <= found.keys()
    assert {n: v for n, v in pins("run").items() if found[n] != v} == {}
    text = (ROOT / "requirements" / "server.txt").read_text("utf-8").strip()
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=\S)", text))


def test_every_service_is_of_this_program_and_its_settings_exist() -> None:
    found = compose()
    ours = {name: s for name, s in found["services"].items() if s.get("image") == "market-signal-tracker"}
    assert set(ours) == {"server", "crawler"}
    for service in ours.values():
        names = {name.removesuffix("_FILE") for name in service["environment"]}
        assert names <= SETTINGS
        assert service.get("command", ["serve"])[0] in COMMANDS
        assert service["read_only"] is True
        told = [v for v in service["environment"].values() if str(v).startswith("/run/secrets/")]
        assert {path.rsplit("/", 1)[1] for path in told} <= set(service["secrets"]) <= set(found["secrets"])
    assert all(
        port.startswith("127.0.0.1:") for s in found["services"].values() for port in s.get("ports", [])
    )


def test_a_crawlers_schedule_only_crawls() -> None:
    jobs = read_jobs(str(DEPLOY / "crawler.toml"))
    assert [job.name for job in jobs if job.enabled] == ["crawl"]


def test_the_unit_is_as_hardened_as_those_of_the_jobs() -> None:
    unit = (DEPLOY / "tracker.service").read_text("utf-8")
    hardening = SERVICE.split("nothing else.\n", 1)[1].replace("{folder}", "/srv/tracker").splitlines()
    assert [line for line in hardening if line not in unit.splitlines()] == []
    [command] = re.findall(r"^ExecStart=\S+/tracker (\w+)", unit, flags=re.MULTILINE)
    assert command in COMMANDS


@pytest.mark.parametrize("name", ["crawler.toml"])
def test_every_job_of_it_is_a_shipped_one(name: str) -> None:
    shipped = tomllib.loads((ROOT / "data" / "schedule.toml").read_text("utf-8"))["jobs"]
    assert set(tomllib.loads((DEPLOY / name).read_text("utf-8"))["jobs"]) <= set(shipped)
