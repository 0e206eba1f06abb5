"""Strategies and backtests as documents: the names of the stored fields, and the translation both ways."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from backchat_contracts import BacktestConfig, Performance, Problem, Progress, Provenance, ResultWarning
from services.backtest.domain.acceptance import CancelledEarly, Entry
from services.backtest.domain.backtest import COMMON_TAG, Backtest, Specification
from services.backtest.domain.catalogue import Strategy, Version
from services.backtest.domain.planning import Definition
from services.backtest.domain.result import Result
from services.backtest.ports import Wanted
from services.chassis.jobs.rank import Asleep, Due, InQueue, Rank, number_of, rank_of
from services.chassis.messaging.envelope import Origin
from services.metrics.account import Fills

CANCELLED_EARLY: Final = "revoked"
"""The stored status of a cancellation whose backtest is not there."""

Fields = dict[str, Any]

WHOLE: Final = "<i4"
DAYS: Final = "<i4"  # since 1970
AMOUNTS: Final = ("shares", "price", "commission", "realised_pnl")


def new_document(backtest: Backtest, origin: Origin) -> Fields:
    """Return the document of a backtest that was accepted."""
    rank = _first_rank(backtest)
    ranked = {} if rank is None else {"rank": number_of(rank)}
    return {**_fixed(backtest.spec), **_changing(backtest), **ranked, "origin": asdict(origin)}


def early_cancellation(backtest_id: str, until: datetime, origin: Origin) -> Fields:
    """Return the document of a cancellation that came before its backtest, and is kept until then."""
    rank = number_of(Due(until))
    return {"_id": backtest_id, "status": CANCELLED_EARLY, "rank": rank, "origin": asdict(origin)}


def differences(before: Entry, after: Entry) -> tuple[Fields, list[str]]:
    """Return the fields that a change sets, and the names of those that it removes."""
    old, new = _changing(before), _changing(after)
    changed = {name: value for name, value in new.items() if name not in old or old[name] != value}
    return changed, [name for name in old if name not in new]


def wanted_fields(wanted: Wanted) -> Fields:
    """Return the fields that a backtest must have to be shown, and their values."""
    fields = {
        "status": wanted.status,
        "strategy_id": wanted.strategy_id,
        "strategy_version": wanted.version,
        "config.symbols": wanted.symbol,
        "user_id": wanted.user_id,
        # The tags are the reason and one that all have: an index of the reason alone costs a third.
        "config.tags" if wanted.tag == COMMON_TAG else "reason": wanted.tag,
    }
    return {name: value for name, value in fields.items() if value is not None}


def read_entry(document: Mapping[str, Any]) -> Entry:
    """Read what is stored under the id of a backtest."""
    if document["status"] == CANCELLED_EARLY:
        return CancelledEarly(document["_id"])
    return read_backtest(document)


def read_backtest(document: Mapping[str, Any]) -> Backtest:
    rank = rank_of(document["rank"]) if "rank" in document else None
    progress = document.get("progress") if document["status"] == "running" else None
    performance, error = document.get("performance"), document.get("error")
    provenance = document.get("provenance")
    return Backtest(
        spec=_specification(document),
        status=document["status"],
        leads="leading" in document,
        follows=document.get("attached_to"),
        queue_rank=rank.number if isinstance(rank, InQueue) else None,
        started_at=document.get("started_at"),
        progress=Progress(**progress) if progress else None,
        completed_at=document.get("completed_at"),
        duration_seconds=document.get("duration_seconds"),
        run_seconds=document.get("run_seconds"),
        performance=Performance(**performance) if performance else None,
        warnings=tuple(ResultWarning.model_validate(each) for each in document.get("warnings", ())),
        provenance=Provenance(**provenance) if provenance else None,
        result_id=document.get("result_id"),
        reused_from=document.get("reused_from"),
        error=Problem(**error) if error else None,
    )


def result_document(result_id: str | None, result: Result) -> Fields:
    """Return the document of a result: arrays as little-endian bytes, a fifth of what lists take."""
    fills = result.fills
    return {
        "_id": result_id,
        "days": _packed(result.days.astype("datetime64[D]"), DAYS),
        "equity": _packed(result.equity),
        "benchmark": _packed(result.benchmark),
        "exposure": _packed(result.exposure),
        "symbols": list(result.symbols),
        "fills": {
            **{name: _packed(getattr(fills, name), WHOLE) for name in ("bar", "symbol")},
            **{name: _packed(getattr(fills, name)) for name in AMOUNTS},
        },
        "missing_warm_up_bars": result.missing_warm_up_bars,
        "fills_left_out": result.fills_left_out,
    }


def read_result(document: Mapping[str, Any]) -> Result:
    fills = document["fills"]
    return Result(
        days=_unpacked(document["days"], DAYS).astype("datetime64[D]"),
        equity=_unpacked(document["equity"]),
        benchmark=_unpacked(document["benchmark"]) if document["benchmark"] else None,
        exposure=_unpacked(document["exposure"]) if document["exposure"] else None,
        symbols=tuple(document["symbols"]),
        fills=Fills(
            *(_unpacked(fills[name], WHOLE) for name in ("bar", "symbol")),
            *(_unpacked(fills[name]) for name in AMOUNTS),
        ),
        missing_warm_up_bars=document["missing_warm_up_bars"],
        fills_left_out=document["fills_left_out"],
    )


def _packed(values: NDArray[Any] | None, layout: str = "<f8") -> bytes | None:
    return None if values is None else values.astype(layout).tobytes()


def _unpacked(packed: bytes, layout: str = "<f8") -> NDArray[Any]:
    return np.frombuffer(packed, layout)


def strategy_fields(strategy: Strategy) -> Fields:
    versions = [
        {**asdict(version.definition), "created_at": version.created_at} for version in strategy.versions
    ]
    return {
        "strategy_id": strategy.id,
        "name": strategy.name,
        "description": strategy.description,
        "symbols": list(strategy.symbols),
        "created_at": strategy.created_at,
        "versions": versions,
        "current": strategy.current,
        "standing": strategy.standing,
        "deleted_at": strategy.deleted_at,
    }


def read_strategy(document: Mapping[str, Any]) -> Strategy:
    return Strategy(
        id=document["_id"],
        name=document["name"],
        description=document["description"],
        symbols=tuple(document["symbols"]),
        created_at=document["created_at"],
        versions=tuple(
            Version(Definition(each["type"], each["parameters"]), each["created_at"])
            for each in document["versions"]
        ),
        current=document["current"],
        standing=document["standing"],
        deleted_at=document["deleted_at"],
    )


def progress_fields(progress: Progress) -> Fields:
    """Return the fields in which a heartbeat stores how far a backtest is."""
    return {"progress": progress.model_dump()}


def _first_rank(backtest: Backtest) -> Rank | None:
    if backtest.queue_rank is not None:
        return InQueue(backtest.queue_rank)
    return Asleep() if backtest.follows else None


def _fixed(spec: Specification) -> Fields:
    return {
        "_id": spec.id,
        "request": spec.request,
        "work": spec.work,
        "strategy_id": spec.strategy_id,
        "strategy_name": spec.strategy_name,
        "strategy_version": spec.version,
        "user_id": spec.user_id,
        "priority": spec.priority,
        "reason": spec.reason,
        "config": spec.config.model_dump(mode="json"),
        "generate_report": spec.generate_report,
        "notify_on_completion": spec.notify_on_completion,
        "created_at": spec.created_at,
        **({"session_id": spec.session_id} if spec.session_id else {}),
    }


def _specification(document: Mapping[str, Any]) -> Specification:
    return Specification(
        id=document["_id"],
        request=document["request"],
        work=document["work"],
        strategy_id=document["strategy_id"],
        strategy_name=document["strategy_name"],
        version=document["strategy_version"],
        user_id=document["user_id"],
        priority=document["priority"],
        reason=document["reason"],
        config=BacktestConfig.model_validate(document["config"]),
        generate_report=document["generate_report"],
        notify_on_completion=document["notify_on_completion"],
        created_at=document["created_at"],
        session_id=document.get("session_id"),
    )


def _changing(backtest: Entry) -> Fields:
    """Return the fields that change with a backtest's state, without those that are None.

    The rank is not among them, as claims and leases change it too, nor the progress, which heartbeats store.
    """
    if isinstance(backtest, CancelledEarly):
        return {}
    fields = {
        "status": backtest.status,
        "leading": backtest.spec.work if backtest.leads else None,
        "attached_to": backtest.follows,
        "started_at": backtest.started_at,
        "completed_at": backtest.completed_at,
        "duration_seconds": backtest.duration_seconds,
        "run_seconds": backtest.run_seconds,
        "performance": backtest.performance and backtest.performance.model_dump(),
        "warnings": [warning.model_dump() for warning in backtest.warnings] or None,
        "provenance": backtest.provenance and backtest.provenance.model_dump(),
        "result_id": backtest.result_id,
        "reused_from": backtest.reused_from,
        "error": backtest.error and backtest.error.model_dump(),
    }
    return {name: value for name, value in fields.items() if value is not None}
