"""How a backtest is accepted: queued, following an equal one, with the result of an equal one, or cancelled.

It follows an equal one that is under way, takes over the result of one that has completed, and is cancelled
at once if its cancellation came first.
"""

from dataclasses import dataclass
from datetime import datetime

from backchat_contracts import UNDER_WAY, BacktestAccepted, ResultWarning
from services.backtest.domain.backtest import (
    Backtest,
    IllegalTransitionError,
    Specification,
)
from services.backtest.domain.change import Change


@dataclass(frozen=True, slots=True)
class CancelledEarly:
    """The cancellation of a backtest that was not there: kept for a while, as the request may come later."""

    id: str

    def accept(self, spec: Specification, now: datetime) -> Change[Backtest]:
        """Accept the backtest as cancelled."""
        accepted = Backtest(spec=spec)
        cancelled = accepted.cancel(now)
        return Change(cancelled.state, (accepted_event(accepted, 0.0), *cancelled.events))


Entry = Backtest | CancelledEarly
"""What may be stored under the id of a backtest."""


def accept(
    spec: Specification, queue_rank: float, estimated_seconds: float, *, leads: bool
) -> Change[Backtest]:
    """Accept a backtest into the queue; it `leads` if later ones may share its result."""
    state = Backtest(spec=spec, queue_rank=queue_rank, leads=leads)
    return Change(state, (accepted_event(state, estimated_seconds),))


def accept_following(spec: Specification, leader: Backtest, estimated_seconds: float) -> Change[Backtest]:
    """Accept a backtest that waits for the end of an equal one, which is under way."""
    if leader.status not in UNDER_WAY:
        raise IllegalTransitionError(leader, "be followed")
    state = Backtest(spec=spec, follows=leader.id)
    return Change(state, (accepted_event(state, estimated_seconds),))


def accept_reusing(
    spec: Specification, leader: Backtest, now: datetime, changed: tuple[ResultWarning, ...] = ()
) -> Change[Backtest]:
    """Accept a backtest with the result of an equal one, which has completed."""
    accepted = Backtest(spec=spec, follows=leader.id)
    completed = accepted.reuse(leader, now, changed)
    return Change(completed.state, (accepted_event(accepted, 0.0), *completed.events))


def accepted_event(backtest: Backtest, estimated_seconds: float) -> BacktestAccepted:
    """Return the event of a backtest's acceptance; `estimated_seconds` is the time from now to its end."""
    spec = backtest.spec
    return BacktestAccepted(
        backtest_id=spec.id,
        strategy_id=spec.strategy_id,
        strategy_name=spec.strategy_name,
        version=spec.version,
        config=spec.config,
        user_id=spec.user_id,
        priority=spec.priority,
        estimated_duration_seconds=estimated_seconds,
        accepted_at=spec.created_at,
    )
