"""Implementations of the ports that need no server. Stores in memory are in `fake_stores.py`."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Mapping, Sequence
from contextlib import aclosing
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from aiokafka.errors import KafkaConnectionError

from backchat_contracts import (
    BacktestConfig,
    ComparisonCompleted,
    Contract,
    Event,
    ResultWarning,
)
from services.backtest.domain.fair_queue import FairQueue
from services.backtest.domain.work import parameters_hash
from services.backtest.output import Output
from services.backtest.ports import Report
from services.backtest.progress import Stage
from services.chassis.errors import BrokerUnavailableError, NoReplyError, RecordTooLargeError
from services.chassis.messaging.envelope import Delivery, Encoded, Origin, Record, ReplyAddress
from services.chassis.messaging.kafka import Headers, Kafka
from services.chassis.messaging.request_client import RequestClient
from services.chassis.messaging.telemetry import Telemetry
from services.chassis.settings import KafkaSettings
from services.compare.errors import SummaryError
from services.compare.ports import Summary
from services.language_model.drafting import Drafted
from services.language_model.errors import LlmError
from services.language_model.pieces import Finished, Restarted, Usage
from services.session.domain.budgets import Used
from services.session.domain.history import Message
from services.session.domain.tools import Caller
from services.session.domain.turn import Outcome, ToolCall, Turn
from tests.builders import NOW, PROVENANCE, performance, reply_of, result
from tests.fake_documents import FakeQueue, Memory
from tests.fake_stores import (
    FakeBacktests,
    FakeComparisons,
    FakeSeries,
    FakeSessions,
    FakeStrategies,
    FakeStrategyModel,
    FakeTrials,
)

__all__ = [
    "Clock",
    "FakeBacktests",
    "FakeComparisons",
    "FakeEngine",
    "FakeKafka",
    "FakePublish",
    "FakePublishUnconfirmed",
    "FakeQueue",
    "FakeReply",
    "FakeRequestClient",
    "FakeSeries",
    "FakeSessions",
    "FakeStrategies",
    "FakeStrategyModel",
    "FakeSummariser",
    "FakeTrials",
    "FakeWorkload",
    "FakeWriter",
    "Memory",
    "eventually",
]

DEADLINE = 10.0


async def eventually(condition: Callable[[], bool | Awaitable[bool]], deadline: float = DEADLINE) -> None:
    """Return when the condition holds. Raises TimeoutError."""
    async with asyncio.timeout(deadline):
        while True:
            holds = condition()
            if holds if isinstance(holds, bool) else await holds:
                return
            await asyncio.sleep(0.005)


class Clock:
    """A clock that stands still until `advance` moves it."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> datetime:
        self.moment += timedelta(**by)
        return self.moment


class FakeReply:
    """Keeps the replies to requests that had a reply address."""

    def __init__(self) -> None:
        self.sent: list[tuple[ReplyAddress, Contract]] = []

    async def __call__(self, to: ReplyAddress | None, answer: Contract | Encoded) -> None:
        if to is not None:
            decoded = (
                answer.event.model_validate_json(answer.value) if isinstance(answer, Encoded) else answer
            )
            self.sent.append((to, decoded))

    @property
    def answers(self) -> list[Contract]:
        return [answer for _, answer in self.sent]


class FakePublish:
    """Keeps the events that were published without an outbox."""

    def __init__(self) -> None:
        self.sent: list[tuple[Event, Origin]] = []

    async def __call__(self, event: Event, origin: Origin) -> None:
        self.sent.append((event, origin))


class Written(NamedTuple):
    """A record that was written with `Kafka.write`, as raw bytes."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    partition: int | None


class FakeKafka(Kafka):
    """A broker that keeps records in order; it fails if not `reachable`, acknowledges none if `silent`."""

    def __init__(self, service: str = "test", telemetry: Telemetry | None = None, **settings: Any) -> None:
        super().__init__(KafkaSettings(**settings), service, telemetry)
        self.reachable = True
        self.silent = False
        self.sent: list[Record] = []
        self.written: list[Written] = []
        self.takes_bytes = 1_000_000

    async def ensure_topics(self, names: object) -> None:
        pass

    async def send(self, record: Record, timeout: float = 0.0) -> "asyncio.Future[Any]":  # noqa: ARG002, ASYNC109
        if len(record.value) > self.takes_bytes:
            raise RecordTooLargeError("the fake broker takes no such size")
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self.silent:
            self.sent.append(record)
        elif self.reachable:
            self.sent.append(record)
            future.set_result(None)
        else:
            future.set_exception(KafkaConnectionError("the fake broker is out of reach"))
            future.exception()  # read once, as the real one does that logs it
        return future

    async def write(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        headers: Headers,
        partition: int | None = None,
    ) -> None:
        if not self.reachable:
            raise BrokerUnavailableError("the fake broker is out of reach")
        if sum(len(part or b"") for part in (key, value, *(text for _, text in headers))) > self.takes_bytes:
            raise RecordTooLargeError("the fake broker takes no such size")
        self.written.append(Written(topic, key, value, headers, partition))


class FakeEngine:
    """Runs nothing: the same result for every configuration, or an error; `seconds` is what it took.

    It reports the `stages` on its way, and waits at the `gate` if there is one. `content` computes the
    hash of the prices; without it all hashes are those of `provenance`.
    """

    def __init__(self, error: Exception | None = None, seconds: float = 0.25) -> None:
        self.error = error
        self.seconds = seconds
        self.stages: Sequence[Stage] = ()
        self.warnings: tuple[ResultWarning, ...] = ()
        self.result, self.provenance = result(), PROVENANCE
        self.content: Callable[[BacktestConfig], str] | None = None
        self.gate: asyncio.Event | None = None
        self.on_report: Callable[[], Any] = lambda: None
        self.ran: list[BacktestConfig] = []

    async def run(self, config: BacktestConfig, report: Report) -> tuple[Output, float]:
        self.ran.append(config)
        for stage in self.stages:
            self.on_report()
            await report(stage)
        if self.error:
            raise self.error
        if self.gate:
            await self.gate.wait()
        provenance = self.provenance
        if self.content:
            hashes = {"data_hash": self.content(config), "parameters_hash": parameters_hash(config)}
            provenance = provenance.model_copy(update=hashes)
        return Output(performance(), self.result, self.warnings, provenance), self.seconds


class FakePublishUnconfirmed:
    """Keeps the events that were published without confirmation, with their sequences."""

    def __init__(self) -> None:
        self.sent: list[tuple[Event, int]] = []

    async def __call__(self, event: Event, origin: Origin, sequence: int) -> None:  # noqa: ARG002
        self.sent.append((event, sequence))


class FakeWorkload:
    """Keeps what was announced and dropped; the fair queue is real, the estimate is given."""

    def __init__(self, seconds: float = 4.5) -> None:
        self.fair_queue = FairQueue()
        self.announced: list[str] = []
        self.dropped: list[str] = []
        self._seconds = seconds

    def rank(self, user_id: str, priority: str) -> float:
        return self.fair_queue.rank(user_id, priority)

    def take_back(self, user_id: str, priority: str, queue_rank: float) -> None:
        self.fair_queue.take_back(user_id, priority, queue_rank)

    def announce(self, backtest_id: str, queue_rank: float) -> None:
        del queue_rank
        self.announced.append(backtest_id)

    def drop(self, backtest_id: str) -> None:
        self.dropped.append(backtest_id)

    def estimate_seconds(self, queue_rank: float | None) -> float:
        del queue_rank
        return self._seconds


FAKE_MODEL = "fake-model"


class FakeTools:
    """Gives what a test prepared, in order; then no call gets an answer in time."""

    def __init__(self) -> None:
        self.prepared: list[Contract | Outcome] = []
        self.calls: list[ToolCall] = []
        self.callers: list[Caller] = []
        self.origins: list[Origin] = []

    async def call(self, call: ToolCall, caller: Caller, origin: Origin) -> Outcome:
        self.calls.append(call)
        self.callers.append(caller)
        self.origins.append(origin)
        if not self.prepared:
            return Outcome(15.0, code="no-data", detail="no answer")
        prepared = self.prepared.pop(0)
        return prepared if isinstance(prepared, Outcome) else Outcome(0.25, prepared)


class FakeUses:
    """What users have taken of language models."""

    def __init__(self) -> None:
        self.used: dict[tuple[str, date], Used] = {}

    async def add(self, user_id: str, day: date, used: Used) -> None:
        self.used[user_id, day] = (await self.of(user_id, day)).and_then(used)

    async def of(self, user_id: str, day: date) -> Used:
        return self.used.get((user_id, day), Used())


class FakeWriter:
    """Writes the given pieces, and then, where there is one, raises the error."""

    def __init__(
        self, *pieces: str | Restarted, error: LlmError | None = None, usage: Usage | None = None
    ) -> None:
        self._pieces = pieces
        self._usage = usage or Usage()
        self._error = error
        self.asked: list[tuple[Sequence[Message], Turn]] = []

    async def write(
        self, history: Sequence[Message], turn: Turn, tools: Sequence[str], began: float
    ) -> AsyncGenerator[Drafted, None]:
        del tools, began
        self.asked.append((history, turn))
        for piece in self._pieces:
            yield piece
        if self._error:
            raise self._error
        yield Finished("fake", FAKE_MODEL, self._usage, None, 0.1, "stop")


class FakeSummariser:
    """Writes the given text; without one it fails."""

    def __init__(self, text: str | None) -> None:
        self._text = text
        self.asked: list[ComparisonCompleted] = []

    async def summarise(self, computed: ComparisonCompleted) -> Summary:
        self.asked.append(computed)
        if self._text is None:
            raise SummaryError("the fake model has no words")
        return Summary(self._text, FAKE_MODEL)


class FakeRequestClient(RequestClient):
    """Gives the gateway the replies that a test prepared: contracts to reply with, or errors to raise."""

    def __init__(self) -> None:
        self.asked: list[tuple[Event, float]] = []
        self.listening = 0
        self._answers: list[Contract | Exception] = []
        self._endless = False
        self._in_turn = False

    @property
    def ready(self) -> bool:
        return True

    def dead(self) -> str | None:
        return None

    async def waits(self) -> Mapping[str, Hashable]:
        return {}

    def will_answer(
        self, *answers: Contract | Exception, endless: bool = False, in_turn: bool = False
    ) -> None:
        """Prepare the replies to every request; `endless`: after them, wait for more.

        `in_turn`: they are one reply each to the requests that follow.
        """
        self._answers = list(answers)
        self._endless = endless
        self._in_turn = in_turn

    async def request(self, event: Event, origin: Origin, timeout: float) -> Delivery:  # noqa: ASYNC109
        async with aclosing(self.stream(event, origin, timeout)) as answers:
            return await anext(answers)

    async def stream(self, event: Event, origin: Origin, timeout: float) -> AsyncGenerator[Delivery]:  # noqa: ARG002, ASYNC109
        self.asked.append((event, timeout))
        self.listening += 1
        try:
            replies, self._answers = (
                (self._answers[:1], self._answers[1:]) if self._in_turn else (self._answers, self._answers)
            )
            for answer in replies:
                if isinstance(answer, Exception):
                    raise answer
                yield reply_of(answer)
            if self._endless:
                await asyncio.Event().wait()
            raise NoReplyError("the fake services say no more")
        finally:
            self.listening -= 1
