"""The log of a process: no secret in it, and nothing from outside that begins a line or moves the cursor."""

import json
import os
import subprocess
import sys

import pytest

from deploy.services import ROOT

KEY = "sk-proj-Zx81mQ27vL4tRw0pYb"
PASSWORD = "p@ss/word"  # noqa: S105 - a made-up one
LOGGING = """
import logging, sys, threading, warnings
import structlog
from services.chassis.logging import configure_logging
from services.session.settings import SessionSettings

configure_logging(SessionSettings(), "session")
key, evil = sys.argv[1:]
evil += "\\ud800"
log = structlog.get_logger()

def fail(secret):
    connection = {"password": secret}
    raise ValueError(f"refused: {secret} {evil}")

def attempt():
    try:
        fail(key)
    except ValueError as error:
        raise RuntimeError("again: p%40ss%2Fword") from error

log.info(f"event {evil} {key}", value=evil, values=[evil, {key: evil}], p="p@ss/word")
try:
    attempt()
except RuntimeError:
    log.exception("structlog's", **{evil: evil})
    logging.getLogger("library").exception("library's %s %s", key, evil)
warnings.warn(f"old {key} {evil}")
thread = threading.Thread(target=fail, args=(key,))
thread.start()
thread.join()
class Unraisable:
    def __del__(self):
        fail(key)
Unraisable()
fail(key[:-2])
"""
EVIL = "x\n2026-01-01T00:00:00Z [info] forged\r\x1b[2J\x9b1m\u202e\u2028\u2066\x7f\x0b한글"


def logged(form: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", LOGGING, KEY, EVIL],
        cwd=ROOT,
        env={
            **os.environ,
            "LOG_FORMAT": form,
            "OPENAI_API_KEY": KEY,
            "MONGODB_URI": "mongodb://me:p%40ss%2Fword@db/",
        },
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, b"")
    return done.stderr.decode()


@pytest.mark.parametrize("form", ["json", "console"])
def test_nothing_secret_and_nothing_that_a_terminal_obeys_is_logged(form: str) -> None:
    text = logged(form)
    for secret in (KEY, KEY[:-2], KEY[3:], PASSWORD, "p%40ss%2Fword"):
        assert secret not in text
    assert text.replace("\n", "").isprintable()
    assert "한글" in text


def test_a_record_is_a_line_of_json() -> None:
    records = [json.loads(line) for line in logged("json").splitlines()]
    assert [record["level"] for record in records] == [
        *("info", "error", "error", "warning"),
        *("critical", "critical", "critical"),
    ]
    assert EVIL in records[0]["event"]
    assert {record["service"] for record in records} == {"session"}
    assert all("locals" not in frame for frame in records[1]["exception"][0]["frames"])


def test_on_a_console_only_a_record_begins_a_line() -> None:
    lines = [line for line in logged("console").splitlines() if not line.startswith("    ")]
    levels = [line.split()[1] for line in lines]
    assert levels == ["[info]", "[error]", "[error]", "[warning]", "[critical]", "[critical]", "[critical]"]
    assert not any(line.startswith("2026-01-01") for line in lines)
