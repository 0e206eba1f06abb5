"""The command of the embedded stack, with a real broker and database, and small programs as services."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from backchat_contracts.strategies import StrategySaveRequested
from deploy.embedded.net import free_ports
from deploy.services import ROOT, SERVICES

pytestmark = pytest.mark.long

DEADLINE = 60.0

# Ready at once; notes its environment and whatever is posted to it in files named after it.
STAND_IN = """
import http.server, json, os, pathlib, sys
name = pathlib.Path(sys.argv[0]).parent.name
pathlib.Path(f"{name}.env").write_text(json.dumps(dict(os.environ)))
class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
    def do_GET(self):
        self.answer(200 if self.path == "/health/ready" else 404)
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open(f"{name}.posted", "ab") as file:
            file.write(body + b"\\n")
        self.answer(201 if self.path == "/api/v1/strategies" else 404)
    def log_message(self, *_):
        pass
host, port = ("HOST", "PORT") if name == "gateway" else ("HEALTH_HOST", "HEALTH_PORT")
http.server.HTTPServer((os.environ[host], int(os.environ[port])), Handler).serve_forever()
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The embedded stack in a folder of its own, at a path with a blank."""
    folder = tmp_path / "check out"
    shutil.copytree(ROOT / "deploy" / "embedded", folder / "deploy" / "embedded")
    shutil.copy(ROOT / "deploy" / "services.py", folder / "deploy")
    shutil.copytree(ROOT / "services", folder / "services", ignore=shutil.ignore_patterns("__pycache__"))
    for name in SERVICES:
        (folder / "services" / name / "__main__.py").write_text(STAND_IN)
    return folder


@contextlib.contextmanager
def up(checkout: Path, port: int, env: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`python -m deploy.embedded` from its first word until Ctrl-C has ended it."""
    argv = [sys.executable, "-m", "deploy.embedded", "--port", str(port)]
    with (checkout / "log").open("w") as log:
        process = subprocess.Popen(argv, cwd=checkout, env=env, stdout=subprocess.PIPE, stderr=log, text=True)
        with process:
            try:
                assert process.stdout is not None
                assert process.stdout.readline() == f"ready  http://127.0.0.1:{port}\n", (
                    checkout / "log"
                ).read_text()
                yield process
                process.send_signal(signal.SIGINT)
                assert process.stdout.read() == ""
                assert process.wait(DEADLINE) == 0
            finally:
                process.kill()


def environment(**given: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("KAFKA_", "MONGODB_", "DATA_DIR"))}
    return inherited | given


def env_of(service: str, checkout: Path) -> dict[str, str]:
    env: dict[str, str] = json.loads((checkout / f"{service}.env").read_text())
    return env


def answers(address: str) -> bool:
    host, _, port = address.removeprefix("mongodb://").split("/")[0].partition(":")
    with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=1):
        return True
    return False


def test_up_with_its_own_broker_and_database_and_gone_after_ctrl_c(checkout: Path) -> None:
    (port,) = free_ports(1)
    with up(checkout, port, environment(OPENAI_API_KEY="k", KAFKA_FETCH_WAIT_MS="10")):
        environments = {name: env_of(name, checkout) for name in SERVICES}
        kafka, mongodb = (environments["session"][key] for key in ("KAFKA_BOOTSTRAP_SERVERS", "MONGODB_URI"))
        assert answers(kafka)
        assert answers(mongodb)
    assert not answers(kafka)
    assert not answers(mongodb)
    assert not answers(f"127.0.0.1:{port}")

    expected = {
        "KAFKA_BOOTSTRAP_SERVERS": kafka,
        "MONGODB_URI": mongodb,
        "KAFKA_IDEMPOTENCE": "false",
        "KAFKA_DURABLE": "false",
        "KAFKA_REPLICATION_FACTOR": "1",
        "KAFKA_PARTITIONS": "1",
        "KAFKA_FETCH_WAIT_MS": "10",  # the user's own
        "LOG_FORMAT": "console",
        "DRAIN_SECONDS": "6",
    }
    for name, env in environments.items():
        read = {"MONGODB_URI"} if name == "gateway" else set()
        assert {key: value for key, value in expected.items() if key not in read}.items() <= env.items()
    assert len({env.get("HEALTH_PORT") for env in environments.values()}) == len(SERVICES)

    posted = [json.loads(line) for line in (checkout / "gateway.posted").read_text().splitlines()]
    assert [StrategySaveRequested.model_validate(sample).type for sample in posted] == [
        "buy_and_hold",
        "sma_crossover",
        "rsi",
        "momentum",
    ]
    assert (checkout / "data" / "mongodb").is_dir()


THEIRS = {"KAFKA_BOOTSTRAP_SERVERS": "kafka.example:9092", "MONGODB_URI": "mongodb://db.example"}


def test_the_users_own_broker_and_database_are_used(checkout: Path) -> None:
    (port,) = free_ports(1)
    with up(checkout, port, environment(**THEIRS)):
        env = env_of("backtest", checkout)
    assert env | THEIRS == env
    assert not {"KAFKA_IDEMPOTENCE", "KAFKA_DURABLE", "KAFKA_PARTITIONS", "KAFKA_FETCH_WAIT_MS"} & env.keys()
    assert not (checkout / "data" / "mongodb").exists()


def test_a_second_ctrl_c_does_not_wait(checkout: Path) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + STAND_IN
    (checkout / "services" / SERVICES[0] / "__main__.py").write_text(deaf)
    (port,) = free_ports(1)
    with up(checkout, port, environment(**THEIRS)) as process:
        process.send_signal(signal.SIGINT)
        deadline = time.monotonic() + DEADLINE
        while "stopping" not in (checkout / "log").read_text():
            assert time.monotonic() < deadline
            time.sleep(0.01)
    assert "did not end within" not in (checkout / "log").read_text()
    assert not answers(f"127.0.0.1:{port}")
