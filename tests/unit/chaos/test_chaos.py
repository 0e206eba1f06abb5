"""The chaos run: its plan, what it finds in observations, its proxy."""

import asyncio
import contextlib
import io
import json
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from backchat_contracts import strategy_id
from deploy.embedded.errors import NotReadyError, UnusableError
from deploy.embedded.net import free_ports
from deploy.embedded.stack import Stack
from deploy.embedded.supervisor import ProcessSpec, Supervisor
from deploy.kafka.cluster import KafkaCluster
from deploy.services import ROOT
from tests.chaos.agent import Agent
from tests.chaos.arena import SETTINGS, Arena
from tests.chaos.check import Finding, Observations, Seen, check, latest, unplanned
from tests.chaos.client import Answer, Availability, Client
from tests.chaos.folder import run_folder
from tests.chaos.load import Load
from tests.chaos.plan import (
    KINDS,
    POINTS,
    SERVICES,
    Action,
    Fault,
    Kind,
    Turn,
    crash_points,
    plan_faults,
    plan_jobs,
    plan_turns,
)
from tests.chaos.proxy import Proxy
from tests.chaos.report import Outcome, write
from tests.chaos.run import DEAD_LETTER, STUCK
from tests.chaos.talk import Talk

pytestmark = pytest.mark.anyio

PERFORMANCE = {"total_return": 0.1}
JOB = replace(plan_jobs(1, 1, 60.0)[0], kind="shared")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_the_same_seed_asks_for_the_same_and_breaks_the_same() -> None:
    def planned(seed: int) -> list[Any]:
        faults = plan_faults(seed, ["mongodb", "kafka"], ["mongodb"], 5.0)
        return [*plan_jobs(seed, 50, 60.0), *plan_turns(seed, 50, 4, 60.0), *islice(faults, 50)]

    assert planned(7) == planned(7)
    assert planned(7) != planned(8)


def test_a_plan_has_a_bit_of_everything() -> None:
    jobs = plan_jobs(1, 1000, 300.0)
    assert {job.kind for job in jobs} == set(KINDS)
    assert {job.through_kafka for job in jobs} == {True, False}
    assert [job.at for job in jobs] == sorted(job.at for job in jobs)
    assert 20 < sum(job.cancel_after is not None for job in jobs) < 100
    assert {job.equals for job in jobs if job.kind != "shared"} == {None}
    armed = crash_points()
    slow = next(job for job in jobs if job.kind == "slow")
    assert armed[f"simulation:{slow.request['trigger_reason']}"] == "sleep 2.0"


def test_everything_that_is_there_is_broken_in_every_way() -> None:
    faults = list(islice(plan_faults(1, ["mongodb"], ["mongodb"], 5.0), 40))
    broken = {(fault.action, fault.target) for fault in faults}
    assert {target for action, target in broken if action == "kill"} == {*SERVICES, "mongodb"}
    assert {target for action, target in broken if action == "stop"} == set(SERVICES)
    assert {target for action, target in broken if action == "point"} == set(POINTS)
    assert {("cut", "mongodb"), ("delay", "mongodb"), ("reset", "mongodb")} <= broken
    assert all(fault.seconds > 5.0 for fault in faults if fault.action == "stop")
    undisturbed = islice(plan_faults(1, ["mongodb"], [], 5.0), 40)
    assert not {fault.action for fault in undisturbed} & {"cut", "delay", "reset"}


def event(status: str, sequence: int, event_id: str = "", **value: Any) -> Seen:
    shown = {"performance": PERFORMANCE} if status == "completed" else {}
    return Seen(status, sequence, event_id or f"{status}-{sequence}", {**shown, **value})


LIFE = (event("pending", 1), event("running", 2), event("completed", 3))


def page(status: str = "completed", sequence: int = 3, **more: Any) -> Mapping[str, Any]:
    shown: dict[str, Any] = {"performance": PERFORMANCE} if status == "completed" else {}
    if status == "failed":
        shown = {"error": {"code": "poison", "detail": "given up"}}
    times = {"completed_at": "2026-01-01T00:00:00Z", "strategy_id": "s"}
    return {"status": status, "sequence": sequence, **shown, **times, **more}


def observed(*events: Seen, at_last: Mapping[str, Any] | None = None, job: str = "a") -> Observations:
    seen = Observations()
    seen.accepted[job] = JOB
    for each in events:
        seen.deliver(job, each)
    if at_last:
        seen.pages[job] = at_last
        if "performance" in at_last:
            seen.results[job] = PERFORMANCE
    return seen


def kinds(seen: Observations) -> list[str]:
    return [finding.kind for finding in check(seen)]


def test_nothing_is_wrong_with_a_whole_life() -> None:
    seen = observed(*LIFE, *LIFE, at_last=page())  # delivered twice
    seen.look("a", page("pending", 1))
    seen.look("a", page("running", 2))
    assert check(seen) == []
    assert seen.ended("a")
    again = observed(
        event("pending", 1),
        event("running", 2),
        event("running", 3),
        event("completed", 4),
        at_last=page(sequence=4),
    )
    assert check(again) == []


@pytest.mark.parametrize(
    ("events", "at_last", "wrong"),
    [
        ((), None, ["lost"]),
        (LIFE, None, ["lost"]),
        (LIFE[:1], page("pending", 1), ["lost"]),
        (LIFE[:2], page(), ["lost"]),
        ((*LIFE, event("completed", 3, "other")), page(), ["duplicated", "order"]),
        ((*LIFE, event("failed", 4)), page(), ["duplicated"]),
        ((LIFE[0], LIFE[2]), page(), ["order"]),
        ((event("running", 1), event("pending", 2), LIFE[2]), page(), ["order"]),
        (LIFE, page("cancelled"), ["disagreement"]),
        (LIFE, page(sequence=4), ["disagreement"]),
        ((*LIFE[:2], event("completed", 3, performance=None)), page(), ["disagreement"]),
    ],
)
def test_what_is_wrong_is_found(
    events: tuple[Seen, ...], at_last: Mapping[str, Any] | None, wrong: list[str]
) -> None:
    assert kinds(observed(*events, at_last=at_last)) == wrong


@pytest.mark.parametrize(
    "read",
    [
        (("running", 2), ("pending", 1)),
        (("running", 3), ("running", 2)),
        (("failed", 3), ("completed", 3)),
    ],
)
def test_a_page_that_turns_back_is_found(read: tuple[tuple[str, int], ...]) -> None:
    seen = observed(*LIFE, at_last=page())
    for status, sequence in read:
        seen.look("a", page(status, sequence))
    assert set(kinds(seen)) == {"order"}


def test_results_are_readable_and_equal_jobs_have_equal_ones() -> None:
    seen = observed(*LIFE, at_last=page())
    del seen.results["a"]
    assert kinds(seen) == ["result"]

    seen = observed(*LIFE, at_last=page())
    other = {"total_return": 0.2}
    seen.accepted["b"] = JOB
    for each in (*LIFE[:2], event("completed", 3, performance=other)):
        seen.deliver("b", each)
    seen.pages["b"], seen.results["b"] = page(performance=other), other
    assert [(each.kind, each.about) for each in check(seen)] == [("result", "b")]


def test_who_fails_without_being_meant_to() -> None:
    seen = observed(*LIFE, at_last=page("failed"))
    assert unplanned(seen) == ["a"]
    seen.accepted["a"] = replace(JOB, kind="poison")
    assert unplanned(seen) == []


@pytest.mark.parametrize(
    ("kind", "status", "code", "wrong"),
    [
        ("plain", "failed", "poison", []),  # its service died at each attempt
        ("plain", "failed", "engine-error", ["failed"]),
        ("short", "failed", "engine-error", []),
        ("poison", "cancelled", None, []),
        ("poison", "completed", None, ["failed"]),  # nobody came by its crash point
    ],
)
def test_a_job_ends_in_the_way_it_was_meant_to(
    kind: Kind, status: str, code: str | None, wrong: list[str]
) -> None:
    at_last = page(status, error={"code": code, "detail": ""}) if code else page(status)
    seen = observed(*LIFE[:2], event(status, 3), at_last=at_last)
    seen.accepted["a"] = replace(JOB, kind=kind)
    complete_another(seen)
    assert kinds(seen) == wrong


def test_what_was_promised_to_be_cancelled_is() -> None:
    seen = observed(*LIFE, at_last=page())
    seen.cancelled.add("a")
    assert kinds(seen) == ["disagreement"]
    seen = observed(event("pending", 1), event("cancelled", 2), at_last=page("cancelled", 2))
    seen.cancelled.add("a")
    assert kinds(seen) == []


@pytest.mark.parametrize(
    ("durable", "status", "promised", "wrong"),
    [
        (False, 200, True, False),
        (False, 404, False, True),
        (True, 404, True, False),  # it has not come yet, and is cancelled when it comes
        (True, 202, False, False),
        (False, 409, False, False),
    ],
)
async def test_a_cancellation_promises_what_it_is_answered_with(
    *, durable: bool, status: int, promised: bool, wrong: bool
) -> None:
    client = FakeClient(
        {"/backtest/trigger": Answer(202, {"backtest_id": "a"}), "/cancel": Answer(status, {})}
    )
    load, seen = loading(client, durable=durable)
    await load.ask([replace(JOB, at=0.0, through_kafka=False, cancel_after=0.0)])
    assert seen.accepted.keys() == {"a"}
    assert bool(seen.cancelled) == promised
    assert bool(seen.findings) == wrong


class FakeClient(Client):
    """Answers by the end of the path, and remembers what it was asked."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self._answers = answers
        self.asked: list[tuple[str, Any]] = []

    async def once(self, _method: str, path: str, body: object = None, _key: str | None = None) -> Answer:
        self.asked.append((path, body))
        return next(answer for end, answer in self._answers.items() if path.endswith(end))


def loading(client: Client, *, durable: bool = False) -> tuple[Load, Observations]:
    seen = Observations()
    return Load(client, "nowhere:9092", seen, durable=durable, run="test"), seen


def test_what_happens_to_a_backtest_that_nobody_was_told_of_is_a_duplicate() -> None:
    seen = observed(*LIFE, at_last=page())
    seen.asked = 1
    seen.deliver("second", event("pending", 1))
    assert [(each.kind, each.about) for each in check(seen)] == [("duplicated", "second")]
    seen.asked = 2  # it may be that of the job that is still being handed in
    assert check(seen) == []


async def test_two_jobs_are_never_one_backtest() -> None:
    load, seen = loading(FakeClient({"/backtest/trigger": Answer(202, {"backtest_id": "a"})}))
    job = replace(JOB, at=0.0, through_kafka=False, cancel_after=None)
    await load.ask([job, replace(job, number=7)])
    assert seen.asked == 2
    assert [(each.kind, each.about) for each in seen.findings] == [("lost", "job 7")]
    seen.accept("a", job)  # told again, as a repeated request is
    assert len(seen.findings) == 1


SAID = Turn(0, 0.0, 0, "which one?")
USER, ASSISTANT = (
    {"turn_id": "t", "role": "user", "content": "which one?"},
    {"turn_id": "t", "role": "assistant", "content": "this one"},
)
OTHER = {**USER, "turn_id": "not answered", "content": "and now?"}


@pytest.mark.parametrize(
    ("history", "wrong"),
    [
        ([USER, ASSISTANT, OTHER], 0),
        ([USER], 1),
        ([USER, ASSISTANT, ASSISTANT], 1),
        ([USER, ASSISTANT, OTHER, OTHER], 1),
        ([{**USER, "content": "which two?"}, ASSISTANT], 1),
    ],
)
async def test_what_was_said_stands_in_its_session_once(history: list[Any], wrong: int) -> None:
    seen, answered = Observations(), Answer(200, {"turn": {"turn_id": "t"}})
    client = FakeClient(
        {
            "/session/create": Answer(201, {"session_id": "s"}),
            "/chat": answered,
            "/compare": Answer(200, {}),
            "/session/s": Answer(200, {"conversation_history": history}),
        }
    )
    talk = Talk(client, seen, "test")
    await talk.converse([SAID])
    await talk.check(5.0)
    (compared,) = (body["strategy_ids"] for path, body in client.asked if path.endswith("/compare"))
    assert set(compared) == {
        strategy_id(job.request["strategy_config"]["name"]) for job in plan_jobs(1, 500, 9)
    }
    assert [each.kind for each in seen.findings] == ["chat"] * wrong


async def test_a_check_that_nobody_answers_ends() -> None:
    seen = observed(*LIFE, at_last=page())
    answers = {"/session/create": Answer(201, {"session_id": "s"}), "": Answer(503, {})}
    talk = Talk(FakeClient(answers), seen, "test")
    with pytest.raises(TimeoutError):  # the session is open, and nothing is answered in it
        async with asyncio.timeout(0.1):
            await talk.converse([SAID])
    async with asyncio.timeout(5):
        await talk.check(0.1)
    assert [each.about for each in seen.findings] == ["sessions", "comparisons"]


def complete_another(seen: Observations) -> None:
    seen.accepted["another"], seen.pages["another"] = JOB, page()
    for each in LIFE:
        seen.deliver("another", each)
    seen.results["another"] = PERFORMANCE


def test_nothing_but_failures_is_wrong_however_honest_each_is() -> None:
    seen = observed(*LIFE[:2], event("failed", 3), at_last=page("failed"))
    assert [(each.kind, each.about) for each in check(seen)] == [("failed", "all jobs")]
    seen.accepted["a"] = replace(JOB, kind="poison")
    assert check(seen) == []
    seen = observed(*LIFE[:2], event("cancelled", 3), at_last=page("cancelled"))
    assert check(seen) == []


def test_the_latest_backtests_of_a_strategy() -> None:
    seen = Observations()
    seen.pages = {
        "old": page(completed_at="2026-01-01T00:00:00Z"),
        "new": page(completed_at="2026-01-01T00:00:00.001Z"),
        "as new": page(completed_at="2026-01-01T00:00:00.001000Z"),
        "failed": page("failed", completed_at="2026-01-03T00:00:00Z"),
    }
    assert {strategy: ids for strategy, (_, ids) in latest(seen).items()} == {"s": {"new", "as new"}}


def test_unavailability_is_the_time_in_which_nobody_got_an_answer() -> None:
    availability = Availability()
    availability.note("GET", 0.0, 1.0, answered=True)
    availability.note("GET", 0.5, 9.0, answered=False)  # this one waited, but others were answered until 1
    availability.note("GET", 9.0, 9.5, answered=False)
    availability.note("POST", 2.0, 3.0, answered=False)
    availability.note("GET", 9.5, 10.0, answered=True)
    assert availability.longest["GET"] == 9.0
    assert availability.longest_seconds(now=20.0) == 18.0


def test_a_stall_that_ends_with_answers_is_unavailability_too() -> None:
    availability = Availability()
    availability.note("GET", 0.0, 0.1, answered=True)
    availability.note("GET", 4.0, 10.0, answered=True)  # nobody got one from when this one asked
    availability.note("GET", 4.5, 10.1, answered=True)
    availability.note("GET", 11.0, 11.1, answered=True)  # and from 10.1 to 11 nobody asked
    assert availability.longest_seconds(now=20.0) == 6.0


def test_a_run_empties_no_folder_but_its_own(tmp_path: Path) -> None:
    output = tmp_path / "docs.json"
    (tmp_path / "docs").mkdir()
    folder = run_folder(output)
    (folder / "stack.log").touch()
    assert run_folder(output) == folder == tmp_path / "docs-run"
    assert not (folder / "stack.log").exists()
    assert (tmp_path / "docs").is_dir()

    foreign = tmp_path / "mine-run" / "diary"
    foreign.parent.mkdir()
    foreign.touch()
    with pytest.raises(UnusableError, match="no folder of a chaos run"):
        run_folder(tmp_path / "mine.json")
    assert foreign.exists()


def test_the_figures_have_their_names(tmp_path: Path) -> None:
    findings = (Finding("lost", "a", "x"), Finding("lost", "a", "y"), Finding("order", "a", "z"))
    outcome = Outcome(5, 3, 1, 1, 9, 1.25, 7, 4, 2, ("b",), ("sent",), findings)
    write(tmp_path / "chaos.json", outcome, {"kafka": "embedded"})
    written = json.loads((tmp_path / "chaos.json").read_text())
    jobs = {"accepted": 5, "completed": 3, "failed": 1, "cancelled": 1, "lost": 1, "duplicated": 0}
    rest = {"restarts": 9, "longest_unavailability": 1.2, "seed": 7, "faults": 4, "otherwise_wrong": 1}
    rest |= {"failed_unplanned": 1, "ended_by_watchdog": 2, "points_unreached": 1}
    assert written == {**jobs, **rest, "kafka": "embedded"}
    assert not outcome.good


def test_a_run_finds_its_words_in_the_log_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOG_FORMAT", "json")
    monkeypatch.setenv("LOG_LEVEL", "ERROR")
    speaking = """
        import structlog
        from services.chassis.logging import configure_logging
        from services.chassis.settings import LogSettings

        configure_logging(LogSettings(), "speaker")
        structlog.get_logger().info("hello")
        structlog.get_logger().error("dead letter", topic="t")
        structlog.get_logger().critical("stuck, the process ends")
    """
    said = subprocess.run(
        (sys.executable, "-c", textwrap.dedent(speaking)),
        env=Stack(tmp_path, env=SETTINGS).environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    assert "[info] hello" in said
    assert DEAD_LETTER in said
    assert STUCK in said


async def test_an_arena_waits_for_a_broker_that_is_down_too(tmp_path: Path) -> None:
    async def away() -> bool:
        return False

    stack, cluster = Stack(tmp_path), KafkaCluster(tmp_path)
    said = io.StringIO()
    stack.supervisor = Supervisor([], said)
    cluster.supervisor = Supervisor([[ProcessSpec("kafka-1", (), away)]], said)  # never started
    arena = Arena(stack, cluster, {}, tmp_path, tmp_path)
    assert arena.servers == ["mongodb", "kafka-1"]
    with pytest.raises(NotReadyError, match="kafka-1"):
        await arena.wait_ready(0.05)


class QuietArena(Arena):
    """Nothing runs in it, and all are ready."""

    def pids(self) -> dict[str, int]:
        return {}

    async def wait_ready(self, seconds: float) -> None:
        """Have nothing to wait for."""


async def test_a_fault_that_broke_nothing_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.chaos.agent.POINT_SECONDS", 0.05)
    arena, told = QuietArena(Stack(tmp_path), None, {}, tmp_path, tmp_path), list[str]()
    agent = Agent(arena, told.append)
    actions: tuple[Action, ...] = ("kill", "terminate", "stop", "worker")
    await agent.run([Fault(action, "backtest", 0.0) for action in actions])
    assert [line.split(":")[0] for line in told] == [
        f"{action} backtest (there is none)" for action in actions
    ]
    assert agent.injected == 0

    points = [Fault("point", point, 0.0) for point in ("handled", "sent", "sent", "attached")]
    passing = asyncio.create_task(again_and_again(partial((tmp_path / "sent").unlink, missing_ok=True)))
    await agent.run(points)
    assert agent.injected == 2
    assert agent.unreached == ["attached", "handled"]
    passing.cancel()


async def again_and_again(come_by: Callable[[], None]) -> None:
    while True:
        come_by()
        await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def echo_behind_a_proxy() -> AsyncIterator[Proxy]:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionResetError):
            while line := await reader.readline():
                writer.write(line)
        writer.close()

    port, target = free_ports(2)
    async with await asyncio.start_server(echo, "127.0.0.1", target), Proxy(port, target) as proxy:
        yield proxy


async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    writer.write(b"hello\n")
    async with asyncio.timeout(5):
        return await reader.readline()


async def test_the_proxy_passes_delays_and_cuts() -> None:
    async with echo_behind_a_proxy() as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await say(reader, writer) == b"hello\n"

        proxy.delay(0.1)
        began = asyncio.get_running_loop().time()
        assert await say(reader, writer) == b"hello\n"
        assert asyncio.get_running_loop().time() - began >= 0.2  # there and back

        proxy.restore()
        proxy.cut()
        waiting = asyncio.create_task(say(reader, writer))
        assert not (await asyncio.wait([waiting], timeout=0.2))[0]
        proxy.restore()
        assert await waiting == b"hello\n"  # late, not lost
        writer.close()


async def test_the_proxy_resets_connections_and_takes_new_ones() -> None:
    async with echo_behind_a_proxy() as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await say(reader, writer) == b"hello\n"
        proxy.reset()
        with pytest.raises(ConnectionResetError):
            await reader.readline()
        again = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await say(*again) == b"hello\n"
        again[1].close()


async def test_a_proxy_before_nothing_resets() -> None:
    port, target = free_ports(2)
    async with Proxy(port, target):
        reader, _ = await asyncio.open_connection("127.0.0.1", port)
        with pytest.raises(ConnectionResetError):
            await reader.readline()
