"""Dead letters and watchdog ends in the log of the services, as a chaos run reads it."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from deploy.embedded.stack import Stack
from deploy.services import ROOT
from tests.chaos.run import DEAD_LETTER, STUCK
from tests.chaos.system import SETTINGS


def test_a_run_finds_dead_letters_and_stuck_processes_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOG_FORMAT", "json")
    monkeypatch.setenv("LOG_LEVEL", "ERROR")
    program = """
        import structlog
        from services.chassis.logging import configure_logging
        from services.chassis.settings import LogSettings

        configure_logging(LogSettings(), "test")
        structlog.get_logger().info("hello")
        structlog.get_logger().error("dead letter", topic="t")
        structlog.get_logger().critical("stuck, the process ends")
    """
    logged = subprocess.run(
        (sys.executable, "-c", textwrap.dedent(program)),
        env=Stack(tmp_path, env=SETTINGS).environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    assert "[info] hello" in logged
    assert DEAD_LETTER in logged
    assert STUCK in logged
