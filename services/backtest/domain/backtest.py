"""A backtest's life: its fields, its states, and the events that each change of them causes.

A backtest is accepted (see `acceptance.py`). A claim starts it, and starts it again if its worker died. It
ends once: completed, failed or cancelled.

Times are arguments, and nothing is stored here: a change is a new state and its events.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from backchat_contracts import (
    UNDER_WAY,
    BacktestCancelled,
    BacktestCompleted,
    BacktestConfig,
    BacktestFailed,
    BacktestProgressed,
    BacktestStarted,
    BacktestStatus,
    Performance,
    Priority,
    Problem,
    Progress,
    Provenance,
    ResultWarning,
)
from services.backtest.domain.change import Change
from services.backtest.domain.work import parameters_hash, work_key

COMMON_TAG: Final = "auto_generated"
"""The tag of every backtest, beside its reason."""


class IllegalTransitionError(Exception):
    """A change that a backtest's state does not allow."""

    def __init__(self, backtest: "Backtest", change: str) -> None:
        followed = f" and follows {backtest.follows}" if backtest.follows else ""
        super().__init__(f"backtest {backtest.id} is {backtest.status}{followed}: it can't {change}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """What is to be run and for whom, every default resolved: the part of a backtest that never changes."""

    id: str
    request: str
    """A digest of the request: the same id with another one is refused."""
    work: str
    """The key of the computation (`work_key`): backtests of one key are equal, and share a result."""
    strategy_id: str
    strategy_name: str
    version: int
    """The strategy's version, which has the type and parameters of `config`."""
    user_id: str
    priority: Priority
    reason: str
    """What triggered it, in the requester's words."""
    config: BacktestConfig
    generate_report: bool
    notify_on_completion: bool
    created_at: datetime
    session_id: str | None = None
    """The chat session that is told of its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """A backtest that was accepted.

    Raises:
        ValueError: the fields contradict each other.

    """

    spec: Specification
    status: BacktestStatus = "pending"
    leads: bool = False
    """Whether equal ones follow it or reuse its result: one of a key does, until it fails or is cancelled."""
    follows: str | None = None
    """The id of the equal backtest whose end it waits for."""
    queue_rank: float | None = None
    """Its rank in the fair queue, while it is there: until the first claim."""
    started_at: datetime | None = None
    """When the last attempt began."""
    progress: Progress | None = None
    """How far the attempt was at the last heartbeat."""
    completed_at: datetime | None = None
    """When it ended, however that was."""
    duration_seconds: float | None = None
    """From the start of the last attempt to its end; none where the result is another's."""
    run_seconds: float | None = None
    """How long the simulation took in its worker process."""
    performance: Performance | None = None
    warnings: tuple[ResultWarning, ...] = ()
    """What limits the worth of the performance."""
    provenance: Provenance | None = None
    """What the result was computed by and from; none where that was not kept."""
    result_id: str | None = None
    """The id of its `Result`: its own, or the one that it reuses."""
    reused_from: str | None = None
    """The id of the backtest whose result it has."""
    error: Problem | None = None

    def __post_init__(self) -> None:
        queued, follows = self.queue_rank is not None, self.follows is not None
        rules = {
            "it has a time of its end once it has ended": (self.status in UNDER_WAY)
            == (self.completed_at is None),
            "it has an error if it has failed": (self.status == "failed") == (self.error is not None),
            "it has a start while it runs": self.status != "running" or self.started_at is not None,
            "it is queued or follows while it is pending": not (queued or follows)
            or self.status == "pending",
            "it is not queued while it follows": not (queued and follows),
            "it does not lead while it follows": not (self.leads and follows),
            "it leads no more once it has failed or was cancelled": (
                not self.leads or self.status not in {"failed", "cancelled"}
            ),
        }
        if not all(rules.values()):
            broken = [rule for rule, holds in rules.items() if not holds]
            raise ValueError(f"not true of backtest {self.id}: {'; '.join(broken)}")

    @property
    def id(self) -> str:
        return self.spec.id

    def start(self, attempt: int, now: datetime) -> "Change[Backtest]":
        """Begin an attempt, counted from 1: the first, or the next after a worker died."""
        if self.status not in UNDER_WAY or self.follows:
            raise IllegalTransitionError(self, "start")
        state = replace(self, status="running", started_at=now, queue_rank=None, progress=None)
        return Change(state, (BacktestStarted(**_about(self), attempt=attempt, started_at=now),))

    def progressed(self, attempt: int, progress: Progress) -> BacktestProgressed:
        """Return the event of a running backtest's progress."""
        return BacktestProgressed(**_about(self), attempt=attempt, **progress.model_dump())

    def complete(
        self,
        performance: Performance,
        result_id: str,
        run_seconds: float,
        now: datetime,
        warnings: tuple[ResultWarning, ...] = (),
        provenance: Provenance | None = None,
    ) -> "Change[Backtest]":
        """End with an own result."""
        if self.status != "running" or self.started_at is None:
            raise IllegalTransitionError(self, "complete")
        # Prices, or the package of its strategy, may have changed since it was accepted.
        as_accepted = provenance is None or (
            work_key(self.spec.config, provenance.data_hash) == self.spec.work
            and parameters_hash(self.spec.config) == provenance.parameters_hash
        )
        state = replace(
            self,
            status="completed",
            leads=self.leads and as_accepted,
            completed_at=now,
            duration_seconds=(now - self.started_at).total_seconds(),
            run_seconds=run_seconds,
            performance=performance,
            warnings=warnings,
            provenance=provenance,
            result_id=result_id,
            progress=None,
        )
        return Change(state, (state.completion(),))

    def fail(self, error: Problem, now: datetime) -> "Change[Backtest]":
        """End without a result."""
        state = self._ended("failed", now, error)
        event = BacktestFailed(
            **_about(self),
            code=error.code,
            detail=error.detail,
            user_id=self.spec.user_id,
            notify_on_completion=self.spec.notify_on_completion,
            session_id=self.spec.session_id,
            failed_at=now,
        )
        return Change(state, (event,))

    def cancel(self, now: datetime) -> "Change[Backtest]":
        """End as the user asked for."""
        state = self._ended("cancelled", now)
        event = BacktestCancelled(
            **_about(self),
            user_id=self.spec.user_id,
            notify_on_completion=self.spec.notify_on_completion,
            session_id=self.spec.session_id,
            cancelled_at=now,
        )
        return Change(state, (event,))

    def reuse(
        self, leader: "Backtest", now: datetime, changed: tuple[ResultWarning, ...] = ()
    ) -> "Change[Backtest]":
        """End with the result of the completed backtest that this one follows.

        `changed` is the warning that is its own: what differs from the run of its strategy before it.
        """
        if self.follows != leader.id or leader.status != "completed":
            raise IllegalTransitionError(self, f"reuse {leader.id}, which is {leader.status}")
        state = replace(
            self,
            status="completed",
            follows=None,
            completed_at=now,
            performance=leader.performance,
            provenance=leader.provenance,
            warnings=(*(each for each in leader.warnings if each.code != "setting-changed"), *changed),
            result_id=leader.result_id,
            reused_from=leader.id,
        )
        return Change(state, (state.completion(),))

    def detach(self) -> "Change[Backtest]":
        """Stop following: it will run itself."""
        if self.follows is None:
            raise IllegalTransitionError(self, "detach")
        return Change(replace(self, follows=None))

    def completion(self) -> BacktestCompleted:
        """Return the event of a completed backtest's end."""
        if self.status != "completed":
            raise IllegalTransitionError(self, "have completed")
        spec = self.spec
        return BacktestCompleted(
            **_about(self),
            config=spec.config,
            performance=self.performance,
            warnings=self.warnings,
            provenance=self.provenance,
            user_id=spec.user_id,
            duration_seconds=self.duration_seconds,
            reused_from=self.reused_from,
            generate_report=spec.generate_report,
            notify_on_completion=spec.notify_on_completion,
            session_id=spec.session_id,
            completed_at=self.completed_at,
        )

    def _ended(
        self, status: Literal["failed", "cancelled"], now: datetime, error: Problem | None = None
    ) -> "Backtest":
        if self.status not in UNDER_WAY:
            raise IllegalTransitionError(self, f"become {status}")
        return replace(
            self,
            status=status,
            completed_at=now,
            error=error,
            leads=False,
            follows=None,
            queue_rank=None,
            progress=None,
        )


def _about(backtest: Backtest) -> dict[str, Any]:
    """Return the fields that all events of an accepted backtest have."""
    spec = backtest.spec
    return {
        "backtest_id": spec.id,
        "strategy_id": spec.strategy_id,
        "strategy_name": spec.strategy_name,
        "version": spec.version,
    }
