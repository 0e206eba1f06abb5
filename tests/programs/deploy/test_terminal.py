"""Tables are as wide as the terminal, and whole where there is none."""

import os
import pty
import subprocess
import sys

import pytest

from deploy.services import ROOT

pytestmark = pytest.mark.long

ERROR = "MalformedRecordError: " + "not what the contract asks for, " * 20
DEAD_LETTERS = (
    "import sys; from deploy.dlq.__main__ import _table; print(_table([['id', 'error'], ['1', sys.argv[1]]]))"
)
DEMO = """
import sys
from deploy.embedded.demo_output import DemoOutput
DemoOutput().received(200, 1.0, {"strategies_data": [{"name": 99 * "N", "error": sys.argv[1]}]})
"""


def piped(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, ERROR.strip()],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "60"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return done.stdout.decode()


def at_a_terminal(program: str) -> str:
    near, far = pty.openpty()
    argv = [sys.executable, "-c", program, ERROR.strip()]
    subprocess.run(argv, cwd=ROOT, env={**os.environ, "COLUMNS": "60"}, stdout=far, check=True)
    os.close(far)
    try:
        return os.read(near, 65_536).decode()
    finally:
        os.close(near)


def test_dead_letters() -> None:
    assert ERROR.strip() in piped(DEAD_LETTERS)
    lines = at_a_terminal(DEAD_LETTERS).splitlines()
    assert max(map(len, lines)) == 60
    assert lines[-1].endswith("…")


def test_the_demo() -> None:
    assert ERROR.strip() in piped(DEMO)
    assert 99 * "N" in piped(DEMO)
    assert ERROR.strip() not in at_a_terminal(DEMO)
