"""The benchmark: its arithmetic, its load generator against a small server, what it reads of processes."""

import asyncio
import contextlib
import itertools
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from rich.console import Console

from backchat_contracts import BacktestConfig
from tests.bench import __main__ as command
from tests.bench import broker, losses, phases, resources, scenarios
from tests.bench.errors import BenchError
from tests.bench.figures import (
    Bars,
    Burst,
    Figures,
    Row,
    combine,
    percentile,
    rate_row,
    request_row,
    single_row,
)
from tests.bench.jobs.contest import Lap, standing
from tests.bench.jobs.drivers import BackchatDriver, Results
from tests.bench.jobs.systems import System, missing
from tests.bench.jobs.work import CONFIG, request
from tests.bench.load import Connection, Job, Tally, burst, http_request, run
from tests.bench.report import Report

pytestmark = pytest.mark.anyio

SHAPE = {
    *("name", "clients", "p50_ms", "p99_ms", "per_s", "floor_p50_ms", "floor_per_s", "ratio", "bar", "ok"),
}
JOBS = ["jobs.celery", "jobs.backchat"]
PRINTED = ("MISSED", "p99 limit 100 ms", "1 requests failed: [503]", "0.50 of the fastest rival's rate")
BARS = Bars(p50_floors=1.5, p99_ms=100, rate_share=0.7)
FLOOR = Figures(p50_ms=10, p99_ms=20, per_s=400)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def serving(*answers: bytes) -> AsyncIterator[str]:
    """A server that gives these answers in turn on every connection, each in two pieces."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        turns = itertools.cycle(answers)
        with contextlib.suppress(asyncio.IncompleteReadError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split()[0]))
                answer = next(turns)
                writer.write(answer[:20])
                await asyncio.sleep(0.001)
                writer.write(answer[20:])
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def answer(status: str, body: str = "{}") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([7.0], 0.5, 7.0),
        ([7.0], 0.99, 7.0),
        ([4.0, 1.0, 3.0, 2.0], 0.5, 2.0),
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        (list(range(1, 101)), 0.99, 99),
        (list(range(1, 102)), 0.99, 100),
        (list(range(1, 101)), 1.0, 100),
        (list(range(1, 101)), 0.0, 1),
    ],
)
def test_a_percentile_is_one_of_the_values(values: Sequence[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


def test_bursts_are_summed_up_by_their_median_and_all_their_slow_requests() -> None:
    bursts = [
        Burst([1.0] * 98 + [50.0] * 2, per_s=100, asked=100, failed=1, cpu_seconds=0.01),
        Burst([9.0] * 100, per_s=10, asked=100, failed=2, failure="503", cpu_seconds=0.02),
        Burst([2.0] * 100, per_s=90, asked=100, cpu_seconds=0.03),
    ]
    cpu = [{"gateway": 0.1}, {"gateway": 0.3, "kafka": 0.3}, {}]

    figures = combine(bursts, cpu)

    assert figures == Figures(2.0, 9.0, 90, 3, "503", {"gateway": 400 / 300, "kafka": 1.0, "load": 0.2})


def test_a_burst_without_an_answer_is_no_figure() -> None:
    with pytest.raises(BenchError, match=r"no request was answered in time: 503 'busy'"):
        combine([Burst([1.0], per_s=1), Burst([], per_s=0, failed=9, failure="503 'busy'")])


@pytest.mark.parametrize(
    ("clients", "figures", "ratio", "bar", "ok"),
    [
        (1, Figures(15, 900, 1), 1.5, 1.5, True),
        (1, Figures(15.1, 1, 900), 1.51, 1.5, False),
        (8, Figures(900, 100, 1), 1.0, 100, True),
        (8, Figures(1, 101, 900), 1.01, 100, False),
        (32, Figures(900, 900, 280), 0.7, 0.7, True),
        (32, Figures(1, 1, 276), 0.69, 0.7, False),
        (1, Figures(1, 1, 900, failed=1, failure="503"), 0.1, 1.5, False),
    ],
)
def test_a_request_is_held_against_its_floor_and_its_bar(
    clients: int, figures: Figures, ratio: float, bar: float, *, ok: bool
) -> None:
    row = request_row("session.create", clients, figures, FLOOR, BARS)

    assert row.ratio == pytest.approx(ratio)
    assert (row.bar, row.ok, row.failed) == (bar, ok, figures.failed)
    assert (row.p50_ms, row.p99_ms, row.per_s) == (figures.p50_ms, figures.p99_ms, figures.per_s)
    assert (row.floor_p50_ms, row.floor_per_s) == (10, 400)


@pytest.mark.parametrize(("clients", "ratio"), [(1, 2.0), (8, None), (32, 0.5)])
def test_without_a_bar_there_is_no_verdict(clients: int, ratio: float | None) -> None:
    row = request_row("backtest.get", clients, Figures(20, 30, 200), FLOOR, Bars())

    assert (row.ratio, row.bar, row.ok) == (ratio, None, None)


def test_without_a_floor_there_is_no_ratio() -> None:
    row = request_row("backtest.completed", 32, Figures(20, 30, 200), None, Bars())

    assert (row.ratio, row.floor_p50_ms, row.floor_per_s, row.ok) == (None, None, None, None)


def test_a_single_value_is_held_against_its_limit() -> None:
    assert single_row("stack.idle", 35.0, "% of a core", 35).ok is True
    missed = single_row("stack.memory", 880.0, "MB", 800)

    assert (missed.ok, missed.ratio, missed.value, missed.p50_ms) == (False, 1.1, 880.0, None)
    assert single_row("engine.2x10y", 0.2, "ms", 0.3).p50_ms == 0.2


@pytest.mark.parametrize(
    ("rivals", "ratio", "bar", "ok"),
    [
        ([100.0, 50.0], 1.2, 1.0, True),
        ([120.0], 1.0, 1.0, True),
        ([10.0, 240.0], 0.5, 1.0, False),
        ([], None, None, None),
    ],
)
def test_a_rate_of_jobs_is_held_against_the_fastest_rival(
    rivals: Sequence[float], ratio: float | None, bar: float | None, *, ok: bool | None
) -> None:
    row = rate_row("jobs.backchat", 120.0, {"backtest": 5.0, "client": 1.0}, rivals)

    assert row.ratio == (None if ratio is None else pytest.approx(ratio))
    assert (row.bar, row.ok, row.value, row.per_s, row.clients) == (bar, ok, 120.0, 120.0, None)


def test_laps_are_summed_up_by_their_median_rate_and_all_their_processor_time() -> None:
    laps = [
        Lap(100, 1.0, {"worker": 1.0, "client": 0.1}),
        Lap(100, 10.0, {"worker": 3.0, "client": 0.1}),
        Lap(100, 2.0, {"worker": 2.0, "redis": 0.3}),
    ]

    summed = standing(laps)

    assert summed.per_s == 50
    assert summed.cpu_ms == pytest.approx({"worker": 20, "client": 2 / 3, "redis": 1})


def test_a_system_that_is_not_installed_is_skipped_with_a_word_on_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert missing("backchat") is None
    said = missing("celery") or ""
    assert "apt-get install redis-server" in said or "setup.sh bench" in said


def test_what_was_accepted_and_has_not_ended_is_lost() -> None:
    ends = {"a": "SUCCESS", "b": "FAILURE", "c": "completed", "d": "cancelled", "not accepted": "completed"}

    late = {**ends, "e": "completed"}
    trial = losses.account("celery", 7, ["redis", "child"], {*"abcdef"}, ends, late)

    assert (trial.accepted, trial.completed, trial.failed, trial.stuck, trial.lost) == (6, 2, 2, 1, 1)
    printed = Console(width=140)
    with printed.capture() as captured:
        printed.print(losses.table([trial]))
    assert all(word in captured.get() for word in ("celery", "redis child", "lost"))


async def test_a_job_is_handed_in_until_it_is_accepted() -> None:
    answers = [answer("503 Service Unavailable", "later"), answer("202 Accepted", '{"backtest_id": "x"}')]
    keys: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        keys.extend(line for line in head.split(b"\r\n") if line.startswith(b"Idempotency-Key"))
        writer.write(answers[len(keys) - 1])
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        client = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.jobs.submit", "backchat", "1", "100"),
            env={**os.environ, "GATEWAY_URL": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, complaints = await client.communicate()

    assert (client.returncode, said) == (0, b"x\n")
    assert b"job-0 is not accepted yet" in complaints
    assert len(keys) == 2
    assert keys[0] == keys[1]


class Collection:
    """The results of Celery or taskiq: every job that is asked for has ended like this."""

    def __init__(self, **statuses: str) -> None:
        self._statuses = statuses

    async def find(self, query: dict[str, Any], _: object) -> AsyncIterator[dict[str, str]]:
        for job_id in query["_id"]["$in"]:
            yield {"_id": job_id, "status": self._statuses[job_id]}


class Endings:
    """A consumer to which one job's end comes after the other's."""

    def __init__(self, **topics: str) -> None:
        self._topics = list(topics.items())

    async def getmany(self, *, timeout_ms: int) -> dict[TopicPartition, list[Any]]:
        assert timeout_ms
        job_id, topic = self._topics.pop(0)
        return {TopicPartition(topic, 0): [SimpleNamespace(key=job_id.encode())]}


async def test_jobs_that_fail_make_no_rate() -> None:
    await Results(Collection(a="SUCCESS", b="SUCCESS")).wait(["a", "b"])
    with pytest.raises(BenchError, match="a failed"):
        await Results(Collection(a="FAILURE", b="SUCCESS")).wait(["a", "b"])

    completed, failed = "backtest.completed", "backtest.failed"
    await BackchatDriver(None, Endings(elsewhere=failed, a=completed, b=completed)).wait(["a", "b"])
    with pytest.raises(BenchError, match="a failed"):
        await BackchatDriver(None, Endings(a=failed, b=completed)).wait(["a", "b"])


async def test_a_client_that_cannot_hand_in_its_jobs_is_no_system_that_loses_none(tmp_path: Path) -> None:
    nowhere = System({"REDIS_URL": "no address"}, [], "")
    with pytest.raises(BenchError, match="only 0 of 3 jobs were handed in"):
        await losses._hand_in("unknown", nowhere, 3, tmp_path / "log")  # type: ignore[arg-type]  # noqa: SLF001


def test_all_systems_run_the_same_backtest() -> None:
    asked = request("job-1")
    planned = BacktestConfig.model_validate(CONFIG)

    assert (asked.backtest_id, asked.fresh, asked.trigger_reason) == ("job-1", True, CONFIG["tags"][0])
    config = asked.strategy_config
    assert config.type == planned.type
    for name in ("symbols", "start_date", "end_date", "initial_cash", "commission_rate", "slippage_rate"):
        assert getattr(config, name) == getattr(planned, name)


def test_the_bars_are_those_agreed_upon() -> None:
    agreed = [(s.name, s.floor, s.bars) for s in (scenarios.CREATE, scenarios.COMPARE, scenarios.TRIGGER)]

    assert agreed == [
        ("session.create", "insert", Bars(1.5, 100, 0.7)),
        ("compare.debug", "find", Bars(1.5, 200, 0.7)),
        ("backtest.trigger", "insert", Bars(2, 500, 0.7)),
    ]


def test_the_json_is_a_list_of_rows_of_one_shape(tmp_path: Path) -> None:
    report = Report(Console(file=(tmp_path / "printed").open("w"), width=140))
    report.add(
        request_row("session.create", 8, Figures(20, 130, 200, cpu_ms={"kafka": 1.0}), FLOOR, BARS),
        request_row("backtest.completed", 1, Figures(20, 30, 200, failed=1, failure="[503]"), None, Bars()),
        single_row("stack.start", 7.0, "s", 10),
        rate_row("jobs.celery", 70.0, {"worker": 7.0, "client": 1.0}, []),
        rate_row("jobs.backchat", 35.0, {"backtest": 7.0, "client": 1.0}, [70.0]),
    )
    report.show(Row("not kept", value=1.0, unit="s"))
    report.tables()
    report.console.file.close()
    report.write(tmp_path / "build" / "bench.json")

    rows = json.loads((tmp_path / "build" / "bench.json").read_text())
    assert [row["name"] for row in rows] == ["session.create", "backtest.completed", "stack.start", *JOBS]
    assert all(row.keys() >= SHAPE and row.keys() == rows[0].keys() for row in rows)
    assert (rows[0]["bar"], rows[0]["ok"], rows[2]["value"]) == (100, False, 7.0)
    assert [row.name for row in report.missed] == ["session.create", "jobs.backchat"]
    printed = (tmp_path / "printed").read_text()
    assert all(text in printed for text in PRINTED)


async def test_what_was_measured_is_kept_when_the_rest_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def alone(bench: phases.Bench) -> None:
        bench.report.add(single_row("engine.2x10y", 0.2, "ms", 0.3))
        raise BenchError("no stack")

    monkeypatch.setattr(command, "cancel_on_signals", lambda: None)
    monkeypatch.setattr(phases.Bench, "alone", alone)

    assert await command.bench(kafka="embedded", output=tmp_path / "bench.json") == 1
    assert [row["name"] for row in json.loads((tmp_path / "bench.json").read_text())] == ["engine.2x10y"]
    assert capsys.readouterr().err == "bench: no stack\n"


async def test_a_stack_that_never_gets_ready_is_told_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(phases, "START_SECONDS", 0.01)
    with pytest.raises(BenchError, match=r"not ready within 0\.01 s: see"):
        async with phases.embedded(tmp_path / "data", broker.Broker(), tmp_path / "log"):
            pass


async def test_fetching_the_broker_is_no_part_of_its_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fetched = False

    async def classpath() -> str:
        nonlocal fetched
        if not fetched:
            await asyncio.sleep(0.3)
        fetched = True
        return ""

    @asynccontextmanager
    async def cluster(_: Path, log: Path) -> AsyncIterator[Any]:
        assert log
        await classpath()
        yield SimpleNamespace(
            bootstrap_servers="here:1", supervisor=SimpleNamespace(pids=lambda: {"kafka-1": os.getpid()})
        )

    monkeypatch.setattr(broker.jars, "classpath", classpath)
    monkeypatch.setattr(broker, "KafkaCluster", cluster)
    async with broker.started("apache", tmp_path, tmp_path / "log") as started:
        assert started.start_seconds < 0.2
        assert started.env == {
            "KAFKA_BOOTSTRAP_SERVERS": "here:1",
            "KAFKA_PARTITIONS": "1",
            "MONGODB_URI": "",
        }


async def test_the_generator_counts_answers_and_refusals() -> None:
    async with serving(answer("201 Created"), answer("503 Service Unavailable", "later")) as url:
        measured = await burst(Job(url, [http_request("POST", "/x", {"이름": "값"})], 2, 0.3, warm_up=0.1))

    assert measured.latencies_ms
    assert all(1 <= latency < 300 for latency in measured.latencies_ms)
    assert measured.failure == "503 b'later'"
    assert measured.asked >= measured.failed + len(measured.latencies_ms)
    assert abs(measured.failed - measured.asked / 2) <= 2
    assert 0 < measured.per_s <= measured.asked / 0.3
    assert measured.cpu_seconds > 0


async def test_the_generator_sends_its_requests_in_turn() -> None:
    seen: list[str] = []

    class Server(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def data_received(self, data: bytes) -> None:
            seen.append(data.split()[1].decode())
            self.transport.write(answer("200 OK"))  # type: ignore[attr-defined]

    async with await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        requests = [http_request("GET", path) for path in ("/a", "/b", "/c")]
        await run(Job(url, requests, clients=1, seconds=0.05, warm_up=0.0))

    assert seen[:4] == ["/a", "/b", "/c", "/a"]


async def test_a_generator_that_cannot_run_says_why() -> None:
    with pytest.raises(BenchError, match=r"the load generator failed: ConnectionRefusedError"):
        await burst(Job("http://127.0.0.1:1", [http_request("GET", "/")], clients=1, seconds=0.1))


async def test_a_connection_that_is_closed_is_no_answer() -> None:
    async with serving(b"HTTP/1.1 200 OK\r\nContent-Le") as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        connection = Connection(reader, writer)
        asking = asyncio.create_task(connection.ask(http_request("POST", "/").encode()))
        await asyncio.sleep(0.05)
        writer.write_eof()
        with pytest.raises(ConnectionError):
            await asking
        connection.close()


def test_what_begins_too_early_has_no_latency_and_what_ends_too_late_is_not_done() -> None:
    tally = Tally(begin=10.0, end=20.0)
    for began, ended in ((9.0, 9.5), (9.5, 10.5), (11.0, 12.0), (19.0, 21.0), (20.0, 20.5)):
        tally.note(began, ended, "")
    tally.note(12.0, 13.0, "503")

    assert tally.latencies_ms == [1000.0, 2000.0]
    assert (tally.done, tally.asked, tally.failed, tally.failure) == (2, 6, 1, "503")


@pytest.mark.skipif(not resources.AVAILABLE, reason="needs Linux's /proc")
def test_what_a_process_and_its_children_use() -> None:
    program = (
        "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1, flush=True); input()'])"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdin=-1, stdout=-1) as child:
        assert child.stdout is not None
        child.stdout.readline()

        tree = resources.tree(child.pid)
        assert child.pid in tree
        assert len(tree) == 2
        assert tree < resources.tree(os.getpid())
        assert 0 < resources.cpu_seconds(tree) < 10
        proportional, resident = resources.memory_mb(tree)
        assert 1 < proportional < resident < 200
        assert resources.cpu_by_name({"both": child.pid})["both"] == pytest.approx(
            resources.cpu_seconds(tree), abs=0.05
        )
        child.communicate(b"\n")
    assert resources.cpu_seconds([child.pid]) == 0
    assert resources.memory_mb([child.pid]) == (0, 0)


def test_the_bench_names_its_options_and_refuses_an_unknown_broker() -> None:
    argv = [sys.executable, "-m", "tests.bench"]
    said = subprocess.run([*argv, "--help"], capture_output=True, text=True, check=True).stdout
    for name in ("--kafka", "KAFKA", "--quick", "--strict", "--output"):
        assert name in said
    refused = subprocess.run(
        argv, env={**os.environ, "KAFKA": "other"}, capture_output=True, text=True, check=False
    )
    assert refused.returncode != 0
    assert "embedded" in refused.stderr
