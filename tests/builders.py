"""Events, deliveries and figures with sensible defaults; every id is new."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4
from zlib import crc32

import numpy as np
from aiokafka import ConsumerRecord

from backchat_contracts import (
    BacktestCompleted,
    BacktestConfig,
    BacktestRequested,
    BacktestSeriesPublished,
    ChatRequested,
    ComparisonCompleted,
    ComparisonRequested,
    ComparisonView,
    Contract,
    Performance,
    Provenance,
    SessionRequested,
    StrategyFigures,
    StrategyGap,
    StrategySaved,
    strategy_id,
)
from backchat_contracts.catalogue import REPLIES_TOPIC, TYPE_OF
from services.backtest.domain.backtest import Specification
from services.backtest.domain.catalogue import Strategy, Version
from services.backtest.domain.planning import Definition
from services.backtest.domain.result import Result
from services.backtest.series import view_series
from services.chassis.messaging.envelope import Delivery, Origin, Record, ReplyAddress
from services.compare.domain.gathering import GAP_TEXTS, UNKNOWN_NAME
from services.metrics.account import Fills, FloatArray

PROVENANCE = Provenance(engine_version=3, data_hash=32 * "d", parameters_hash=16 * "p")
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def new_id(prefix: str = "id") -> str:
    return f"{prefix}-{uuid4().hex[:12]}"


def delivery(*, sequence: int | None = None, answered: bool = True) -> Delivery:
    """The delivery of a record; with `answered`, it has a reply address."""
    origin = Origin(new_id("correlation"), f"00-{uuid4().hex}-{uuid4().hex[:16]}-01")
    address = ReplyAddress(REPLIES_TOPIC, 3, origin.correlation_id) if answered else None
    return Delivery(new_id("event"), "any", sequence, origin, address, b"{}")


def reply_of(answer: Contract) -> Delivery:
    """A reply as the gateway receives it."""
    value = answer.model_dump_json().encode()
    return Delivery(new_id("event"), TYPE_OF[type(answer)], None, Origin(), None, value)


def consumed(record: Record, *, offset: int = 0, timestamp: int = 0) -> ConsumerRecord[Any, Any]:
    """A record as a consumer gets it."""
    headers = [(name, value.encode()) for name, value in record.headers.items()]
    return raw_record(headers, record.value, record.topic, record.key, offset=offset, timestamp=timestamp)


def raw_record(
    headers: list[tuple[str, bytes]],
    value: bytes | None = b"{}",
    topic: str = "session.requested",
    key: str | None = None,
    *,
    partition: int = 0,
    offset: int = 0,
    timestamp: int = 0,
) -> ConsumerRecord[Any, Any]:
    return ConsumerRecord(
        topic=topic,
        partition=partition,
        offset=offset,
        timestamp=timestamp,
        timestamp_type=0,
        key=None if key is None else key.encode(),
        value=value,
        checksum=None,
        serialized_key_size=-1,
        serialized_value_size=-1,
        headers=headers,
    )


def session_requested(**given: Any) -> SessionRequested:
    return SessionRequested.model_validate({"session_id": new_id("session"), "user_id": "kim"} | given)


def chat_requested(session_id: str, message: str, **given: Any) -> ChatRequested:
    fields = {"turn_id": new_id("turn"), "session_id": session_id, "message": message}
    return ChatRequested.model_validate(fields | given)


def comparison_requested(query: str = "Which is steadier?", /, **given: Any) -> ComparisonRequested:
    return ComparisonRequested.model_validate({"comparison_id": new_id("comparison"), "query": query} | given)


def comparison_completed(*entries: StrategyFigures | StrategyGap, **given: Any) -> ComparisonCompleted:
    """A comparison of these strategies, the first of them the best."""
    fields = {
        "comparison_id": new_id("comparison"),
        "query": "Which is steadier?",
        "strategies_data": [entry.model_dump() for entry in entries],
        "total_strategies": len(entries),
        "summary": "Computed words.",
        "provider": "computed",
        "metric": "volatility",
        "best_strategy_id": entries[0].strategy_id if entries else None,
        "completed_at": NOW,
    }
    return ComparisonCompleted.model_validate(fields | given)


def comparison_viewed(*entries: StrategyFigures | StrategyGap, **given: Any) -> ComparisonView:
    """The reply to a request for a comparison of these strategies, the first of them the best."""
    completed = comparison_completed(*entries, **given)
    return ComparisonView.model_validate(
        completed.model_dump(include=ComparisonView.model_fields.keys() - {"status"})
    )


def backtest_requested(name: str = "SMA 20 50", /, **given: Any) -> BacktestRequested:
    """A request; what is not a field of the request is a field of its `strategy_config`."""
    own = {key: given.pop(key) for key in BacktestRequested.model_fields if key in given}
    config = {"name": name, "symbols": ["AAPL"]} | given
    return BacktestRequested.model_validate(
        {"backtest_id": new_id("backtest"), "strategy_config": config} | own
    )


def config(**given: Any) -> BacktestConfig:
    fields = {
        "type": "buy_and_hold",
        "parameters": {},
        "symbols": ["AAPL", "IBM"],
        "start_date": date(2010, 1, 4),
        "end_date": date(2012, 12, 31),
        "initial_cash": 100_000.0,
        "commission_rate": 0.001,
    }
    return BacktestConfig.model_validate(fields | given)


def specification(**given: Any) -> Specification:
    fields: dict[str, Any] = {
        "id": new_id("backtest"),
        "request": "digest",
        "work": new_id("work"),
        "strategy_id": "sma-20-50",
        "strategy_name": "SMA 20 50",
        "version": 1,
        "user_id": "system",
        "priority": "normal",
        "reason": "manual",
        "config": config(),
        "generate_report": False,
        "notify_on_completion": False,
        "created_at": NOW,
    }
    return Specification(**(fields | given))


def strategy(name: str = "SMA 20 50", /, **given: Any) -> Strategy:
    """A strategy of the catalogue with one version."""
    definition = Definition("sma_crossover", {"fast": 20, "slow": 50})
    fields: dict[str, Any] = {
        "id": strategy_id(name),
        "name": name,
        "description": "",
        "symbols": ("AAPL",),
        "created_at": NOW,
        "versions": (Version(definition, NOW),),
    }
    return Strategy(**(fields | given))


def performance(**given: Any) -> Performance:
    fields = {
        "total_return": 0.25,
        "cagr": 0.077,
        "volatility": 0.18,
        "sharpe_ratio": 1.1,
        "sortino_ratio": 1.6,
        "max_drawdown": -0.12,
        "trades": 14,
        "win_rate": 0.57,
        "final_equity": 125_000.0,
    }
    return Performance.model_validate(fields | given)


def result(**given: Any) -> Result:
    """A result of two days, with one purchase."""
    one = np.array([1.0])
    fills = Fills(np.array([1]), np.array([0]), 10.0 * one, 30.0 * one, 0.3 * one, 0.0 * one)
    fields: dict[str, Any] = {
        "days": np.array(["2010-01-04", "2010-01-05"], dtype="datetime64[D]"),
        "equity": np.array([100_000.0, 125_000.0]),
        "benchmark": np.array([100_000.0, 110_000.0]),
        "exposure": np.array([0.0, 0.003]),
        "symbols": ("AAPL",),
        "fills": fills,
    }
    return Result(**(fields | given))


def strategy_saved(name: str = "SMA 20 50", /, **given: Any) -> StrategySaved:
    fields = {
        "strategy_id": strategy_id(name),
        "name": name,
        "type": "sma_crossover",
        "parameters": {"fast": 20, "slow": 50},
        "symbols": ["AAPL"],
        "created_at": NOW,
    }
    return StrategySaved.model_validate(fields | given)


def backtest_completed(name: str = "SMA 20 50", /, **given: Any) -> BacktestCompleted:
    fields = {
        "backtest_id": new_id("backtest"),
        "strategy_id": strategy_id(name),
        "strategy_name": name,
        "config": config(),
        "performance": performance(),
        "duration_seconds": 1.5,
        "completed_at": NOW,
    }
    return BacktestCompleted.model_validate(fields | given)


def curve(name: str, days: int = 300, drift: float = 0.0005, swing: float = 0.01) -> FloatArray:
    """Return the equity at so many closes: random, and the same for a name at each call."""
    random = np.random.default_rng(crc32(name.encode()))
    returns: FloatArray = random.normal(drift, swing, days)
    return np.asarray(100_000.0 * np.cumprod(1.0 + returns), np.float64)


def series_published(completed: BacktestCompleted, /, **given: Any) -> BacktestSeriesPublished:
    """Return the curves of a backtest: `equity` and `benchmark` at the weekdays from `start`."""
    start = np.datetime64(given.pop("start", completed.config.start_date), "D")
    equity = given.pop("equity", curve(completed.strategy_name))
    benchmark = given.pop("benchmark", curve("the benchmark", len(equity)))
    days = np.busday_offset(start, np.arange(len(equity)), roll="forward")
    stored = result(
        days=days, equity=equity, benchmark=benchmark, exposure=np.full(len(equity), 0.5), **given
    )
    return BacktestSeriesPublished(
        backtest_id=completed.backtest_id, completed=completed, series=view_series(stored)
    )


def figures(name: str = "SMA 20 50", /, **given: Any) -> StrategyFigures:
    fields = performance().model_dump() | {
        "strategy_id": strategy_id(name),
        "name": name,
        "backtest_period": {"start": date(2010, 1, 4), "end": date(2012, 12, 31)},
        "initial_cash": 100_000.0,
        "commission_rate": 0.001,
        "symbols": ["AAPL", "IBM"],
        "backtest_id": new_id("backtest"),
        "completed_at": NOW,
    }
    return StrategyFigures.model_validate(fields | given)


def gap(wanted: str = "nothing", /, **given: Any) -> StrategyGap:
    fields = {
        "strategy_id": wanted,
        "name": UNKNOWN_NAME,
        "error": GAP_TEXTS["strategy_not_found"]["ko"],
        "error_code": "strategy_not_found",
    }
    return StrategyGap.model_validate(fields | given)
