"""The store of backtests under test, and backtests in it in each state."""

from datetime import datetime, timedelta

from backchat_contracts import Problem
from services.backtest.documents import progress_fields, read_entry
from services.backtest.domain.acceptance import Entry, accept
from services.backtest.domain.backtest import Backtest
from services.backtest.domain.change import Change
from services.backtest.mongo import MongoBacktests, starting
from services.backtest.ports import BacktestStore
from services.chassis.jobs.queue import Claim, Queue
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import Database
from services.chassis.stored import Stored
from tests.builders import NOW, delivery, performance, specification
from tests.fakes import FakeBacktests, FakeKafka, FakeQueue
from tests.stores.under_test import Kind, StoreUnderTest

ORIGIN = delivery().origin

LATER = NOW + timedelta(seconds=5)
PROBLEM = Problem(code="engine-error", detail="no prices")


def start(entry: Entry, attempt: int) -> Change[Entry]:
    return entry.start(attempt, NOW) if isinstance(entry, Backtest) and not entry.follows else Change(entry)


async def backtests_under_test(
    kind: Kind, aggregates: Aggregates, database: Database, kafka: FakeKafka
) -> StoreUnderTest[BacktestStore]:
    if kind == "memory":
        fake = FakeBacktests()
        in_memory = FakeQueue(fake.memory, read_entry, starting(start), progress_fields)
        return StoreUnderTest(fake, in_memory, fake.memory.sent)
    backtests = MongoBacktests(aggregates, database["attachments"])
    await backtests.start()
    queue = Queue(aggregates, read_entry, starting(start), progress_fields, queued=True)
    return StoreUnderTest(backtests, queue, kafka.sent)


async def added(
    under_test: StoreUnderTest[BacktestStore],
    *,
    moment: datetime = NOW,
    rank: float = 0.0,
    leads: bool = False,
) -> Stored[Backtest]:
    """Add a backtest that is queued."""
    spec = specification(created_at=moment)
    await under_test.store.add(accept(spec, rank, 1.0, leads=leads), ORIGIN)
    return await read(under_test, spec.id)


async def read(under_test: StoreUnderTest[BacktestStore], backtest_id: str) -> Stored[Backtest]:
    stored = await under_test.store.get(backtest_id)
    backtest = stored.of(Backtest) if stored else None
    assert backtest is not None
    return backtest


async def claimed(
    under_test: StoreUnderTest[BacktestStore], backtest_id: str, now: datetime = NOW
) -> Claim[Entry]:
    claim = await under_test.queue.claim(backtest_id, now, now)
    assert claim is not None
    return claim


async def started(under_test: StoreUnderTest[BacktestStore], backtest_id: str) -> Stored[Backtest]:
    backtest = (await claimed(under_test, backtest_id)).job.of(Backtest)
    assert backtest is not None
    return backtest


def completed(backtest: Backtest, result_id: str = "r") -> Change[Backtest]:
    return backtest.complete(performance(), result_id, 0.5, LATER)
