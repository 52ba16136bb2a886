"""The pages of a server, asked over real HTTP on loopback."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.web.server import NOT_DONE_YET
from twisted.web.test.requesthelper import DummyRequest

from tests.mail_server import free_port
from tests.test_brief_build import at, put
from tracker.cli import main
from tracker.models.tables import EventRow
from tracker.serve import web
from tracker.store.engine import open_store, transaction


class Server:
    """A running `tracker serve` and a way to ask it."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port
        self.said = b""

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def json(self, path: str) -> dict[str, object]:
        code, _, body = self.ask(path)
        assert code == 200, body
        found = json.loads(body)
        assert isinstance(found, dict)
        return found


@contextlib.contextmanager
def serving(folder: Path, *options: str, **env: str) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-m", "tracker", "serve", "--port", str(port), *options]
    settings = {"TRACKER_DATABASE_URL": f"sqlite:///{folder / 't.db'}", **env}
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **settings}, stderr=subprocess.PIPE)
    server = Server(process, port)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                server.ask("/healthz")
                break
            assert process.poll() is None, process.stderr and process.stderr.read()
            time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        server.said = process.communicate(timeout=30)[1]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serve")
    engine: sa.Engine = open_store(f"sqlite:///{folder / 't.db'}")
    with transaction(engine) as session:
        for n in range(5):
            put(session, f"wire{n}", f"202{n}-06-23", "announced")
            told = at(f"2026-06-2{n // 2}")  # two at a time
            row = {
                "id": f"acquisition-{n}",
                "type": "acquisition",
                "status": "announced",
                "category": "model",
            }
            session.add(
                EventRow(**row, salience="main", first_reported=told, last_reported=told, payload=row)
            )
    engine.dispose()
    (folder / "var" / "site").mkdir(parents=True)
    (folder / "var" / "site" / "index.html").write_text("<title>The site</title>")
    return folder


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[Server]:
    with serving(store, "--no-schedule") as found:
        yield found


def test_the_site_lies_at_the_root_and_its_folders_are_not_listed(server: Server, store: Path) -> None:
    (store / "var" / "site" / "events").mkdir(exist_ok=True)
    assert b"The site" in server.ask("/")[2]
    assert server.ask("/events/")[0] == 404
    for path in ("/../t.db", "/%2e%2e/%2e%2e/t.db", "/..%2f..%2ft.db", "//t.db"):
        code, _, body = server.ask(path)
        assert code == 404, path
        assert b"SQLite" not in body


def test_a_listing_comes_in_parts_that_make_the_whole(server: Server) -> None:
    seen: list[str] = []
    cursor = ""
    for _ in range(10):
        part = server.json(f"/api/v1/events?limit=2&cursor={cursor}")
        items = part["items"]
        assert isinstance(items, list)
        assert len(items) <= 2
        seen += [item["id"] for item in items]
        cursor = str(part["next"] or "")
        if not cursor:
            break
    whole = server.json("/api/v1/events?limit=200")["items"]
    assert isinstance(whole, list)
    assert seen == [item["id"] for item in whole]
    assert seen == [f"acquisition-{n}" for n in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize("path", ["events", "predictions", "runs", "sources"])
def test_every_listing_answers(server: Server, path: str) -> None:
    found = server.json(f"/api/v1/{path}?limit=3")
    assert set(found) == {"items", "next"}


@pytest.mark.parametrize(
    "path",
    [
        "events?limit=0",
        "events?limit=999",
        "events?limit=x",
        "events?limit=%D9%A3",
        "events?cursor=x",
        "runs?cursor=-1",
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(server: Server, path: str) -> None:
    code, _, body = server.ask(f"/api/v1/{path}")
    assert code == 400
    assert json.loads(body)["error"]


def test_what_has_not_changed_is_not_sent_again(server: Server) -> None:
    _, headers, body = server.ask("/api/v1/events")
    code, _, again = server.ask("/api/v1/events", If_None_Match=headers["ETag"])
    assert (code, again) == (304, b"")
    code, headers, nothing = server.ask("/api/v1/events", "HEAD")
    assert (code, nothing, headers["Content-Length"]) == (200, b"", str(len(body)))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_is_written_over_http(server: Server, method: str) -> None:
    assert server.ask("/api/v1/events", method)[0] == 405


@pytest.mark.parametrize("length", ["Content-Length: 1000000000", "Transfer-Encoding: chunked"])
def test_no_body_is_read(server: Server, length: str) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(f"POST /status HTTP/1.1\r\nHost: localhost\r\n{length}\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")
        with contextlib.suppress(ConnectionError):
            assert connection.recv(100) == b""  # and no more is waited for


def test_who_asks_at_the_same_time_is_answered_by_one_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    made: Deferred[web.Answer] = Deferred()
    readings: list[object] = []
    monkeypatch.setattr(web, "deferToThread", lambda *work: readings.append(work) or made)
    page = web.Page(lambda _: web.told(200, {}))
    asking = [DummyRequest([b""]) for _ in range(3)]
    for request in asking:
        request.uri = b"/status"
        assert page.render_GET(request) == NOT_DONE_YET
    asking[1].processingFailed(Failure(ConnectionError()))
    made.callback(web.told(200, {"a": 1}))
    assert [request.finished for request in asking] == [1, 0, 1]
    assert asking[0].written == asking[2].written == [b'{"a": 1}']
    later = DummyRequest([b""])
    later.uri = b"/status"
    assert page.render_GET(later) == b'{"a": 1}'
    assert len(readings) == 1


def test_who_asks_after_the_first_has_gone_waits_for_the_same_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: Deferred[web.Answer] = Deferred()
    readings: list[object] = []
    monkeypatch.setattr(web, "deferToThread", lambda *work: readings.append(work) or made)
    page = web.Page(lambda _: web.told(200, {}))
    first, second = DummyRequest([b""]), DummyRequest([b""])
    for request in (first, second):
        request.uri = b"/status"
        page.render_GET(request)
        if request is first:
            first.processingFailed(Failure(ConnectionError()))
    made.callback(web.told(200, {"a": 1}))
    assert (len(readings), first.finished, second.written) == (1, 0, [b'{"a": 1}'])


def test_what_is_wrong_with_the_store_goes_to_the_log_alone(tmp_path: Path) -> None:
    with serving(tmp_path, "--no-schedule") as server:
        with open_store(f"sqlite:///{tmp_path / 't.db'}").begin() as connection:
            connection.exec_driver_sql("ALTER TABLE event RENAME TO lost")
        code, _, body = server.ask("/api/v1/events")
    said = "the store could not be read; the server's log says why"
    assert (code, json.loads(body)) == (503, {"error": said})
    assert b"no such table: event" in server.said


def test_a_strange_name_is_refused_and_pages_are_safe(server: Server) -> None:
    assert server.ask("/status", Host="evil.example")[0] == 421
    code, headers, body = server.ask("/status", Host="localhost")
    assert code == 200
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")
    assert b"<script" not in body
    assert b"Latest runs" in body


def test_monitors_get_what_they_ask_for(server: Server) -> None:
    assert server.ask("/healthz")[::2] == (200, b"ok\n")
    assert server.ask("/readyz")[::2] == (200, b"ready\n")
    lines = server.ask("/metrics")[2].decode().splitlines()
    assert "tracker_articles_total 5" in lines
    assert 'tracker_job_up{job="backup"} 1' in lines


def test_a_token_is_asked_of_everybody_and_told_to_nobody(store: Path) -> None:
    with serving(store, "--no-schedule", "--host", "127.0.0.1", TRACKER_TOKEN="s3cret") as server:
        assert server.ask("/healthz")[0] == 200
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "s3cret"}):
            code, sent, body = server.ask("/api/v1/runs", **headers)
            assert (code, sent["WWW-Authenticate"]) == (401, "Bearer")
            assert b"s3cret" not in body
        assert server.ask("/api/v1/runs", Authorization="Bearer s3cret")[0] == 200


def test_others_are_let_in_only_with_a_token() -> None:
    done = CliRunner().invoke(main, ["serve", "--host", "0.0.0.0"], env={"TRACKER_TOKEN": ""})
    assert done.exit_code == 2
    assert "set TRACKER_TOKEN first" in done.stderr


def test_due_jobs_are_run_and_a_stop_ends_all_at_once(tmp_path: Path) -> None:
    jobs = tmp_path / "own.toml"
    names = ("crawl", "check", "backup", "verdicts", "briefing", "site")
    jobs.write_text(
        "".join(f"[jobs.{n}]\nenabled = false\n" for n in names)
        + '[jobs.look]\ncommand = "config show"\nwhen = "* * * * *"\n'
    )
    (tmp_path / "var" / "jobs").mkdir(parents=True)
    heard = {"look": {"heard": "2026-01-01T00:00:00+00:00"}}
    (tmp_path / "var" / "jobs" / "jobs.json").write_text(json.dumps(heard))
    with serving(tmp_path, TRACKER_SCHEDULE=str(jobs)) as server:
        for _ in range(200):
            if b"<td>done</td>" in server.ask("/status")[2]:
                break
            time.sleep(0.1)
        else:
            raise AssertionError("the job was not run")
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=20) == 0


def test_a_port_that_is_taken_is_named(store: Path, server: Server) -> None:
    command = [sys.executable, "-m", "tracker", "serve", "--no-schedule", "--port", str(server.port)]
    env = {**os.environ, "TRACKER_DATABASE_URL": f"sqlite:///{store / 't.db'}"}
    done = subprocess.run(command, cwd=store, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{server.port}" in done.stderr
