"""Republishing: what a read model needs, with the sequence that each event had."""

from datetime import timedelta

import pytest

from backchat_contracts import BacktestCompleted, Event, StrategyDeleted, StrategyStandingChanged
from services.backtest import republishing
from services.backtest.domain.acceptance import accept
from services.backtest.republishing import Republished, Republishing
from services.chassis.messaging.envelope import Origin
from tests.builders import NOW, delivery, performance, specification, strategy
from tests.fakes import FakeBacktests, FakeStrategies

pytestmark = pytest.mark.anyio

ORIGIN = delivery().origin


async def test_strategies_and_the_latest_backtest_of_each_are_published_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(republishing, "PAGE", 2)
    strategies, backtests = FakeStrategies(), FakeBacktests()
    kept, deleted = strategy("kept"), strategy("deleted")
    for each in (kept, deleted):
        await strategies.add(each.create(), ORIGIN)
    stored = await strategies.get(deleted.id)
    assert stored is not None
    await strategies.change(stored, stored.state.delete(NOW), ORIGIN)
    for number, took in enumerate((1, 9, 2, 1, 1)):  # the second completes last
        for strategy_id in ("kept", "other"):
            spec = specification(
                id=f"{strategy_id}-{number}",
                strategy_id=strategy_id,
                created_at=NOW + timedelta(seconds=number),
            )
            running = accept(spec, 0.0, 1.0, leads=False).state.start(1, NOW).state
            done = running.complete(performance(), "r", 0.1, spec.created_at + timedelta(seconds=took))
            await backtests.add(done if number < 4 else accept(spec, 0.0, 1.0, leads=False), ORIGIN)

    sent: list[tuple[Event, int]] = []

    async def publish(event: Event, _origin: Origin, sequence: int) -> None:
        if not isinstance(event, StrategyStandingChanged):
            sent.append((event, sequence))

    published = await Republishing(strategies, backtests, publish).run()
    assert published == Republished(strategies=2, backtests=3)  # "kept-0" ran the definition first
    assert sent[:2] == [(kept.saved(), 1), (StrategyDeleted(strategy_id=deleted.id, deleted_at=NOW), 2)]
    completed = [(event, sequence) for event, sequence in sent[2:] if isinstance(event, BacktestCompleted)]
    ended = [await backtests.get(name) for name in ("kept-1", "other-1", "kept-0")]
    assert {(event.backtest_id, sequence) for event, sequence in completed} == {
        (each.id, each.sequence) for each in ended if each
    }
