"""Records that repeat: the first is written, then one after 1, 2, 4 minutes."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from services.chassis.logging import configure_logging
from services.chassis.repeats import Repeats
from services.chassis.settings import LogSettings


def test_repetitions_pass_after_1_2_and_4_minutes_with_how_many_were_left_out() -> None:
    now = 0.0
    repeats = Repeats(lambda: now)
    passed = {}
    for now in range(0, 1000, 10):
        left_out = repeats.left_out("no broker")
        if left_out is not None:
            passed[now] = left_out

    assert passed == {0: 0, 60: 5, 180: 11, 420: 23, 900: 47}


def test_others_and_what_was_quiet_for_a_minute_are_new() -> None:
    now = 0.0
    repeats = Repeats(lambda: now)
    assert repeats.left_out("no broker") == 0
    assert repeats.left_out("no database") == 0
    now = 30.0
    assert repeats.left_out("no broker") is None
    now = 90.1
    assert repeats.left_out("no broker") == 0


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a process writes whose log is configured; the configuration is put back after the test."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    handlers, level, configured = logging.root.handlers[:], logging.root.level, structlog.get_config()
    configure_logging(LogSettings(log_format="json"), "session")
    yield stream
    structlog.configure(**configured)
    logging.root.handlers[:], logging.root.level = handlers, level


def test_an_outage_is_logged_once_and_other_records_each_time(written: io.StringIO) -> None:
    log = structlog.get_logger()
    for number in range(100):
        log.warning("waiting for a server", again=True, number=number)
        logging.getLogger("aiokafka.cluster").warning("no node %s", number)
        logging.getLogger("aiokafka.client").error("Unable connect to node %s", number)
    for job in ("a", "b"):
        log.warning("backtest failed", job=job)

    records = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [record["event"] for record in records] == [
        "waiting for a server",
        "no node 0",
        "Unable connect to node 0",
        "backtest failed",
        "backtest failed",
    ]
    assert "again" not in records[0]


def test_what_repeats_of_one_topic_hides_nothing_of_another(written: io.StringIO) -> None:
    log = structlog.get_logger()
    for partition in (7, 7, 8, 7):
        log.warning("answer not sent", topic="gateway.replies", partition=partition, again=True)

    records = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [record["partition"] for record in records] == [7, 8]
