"""A backtest's transitions: which states allow which, what they change, which events they cause."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from backchat_contracts import (
    BacktestAccepted,
    BacktestCancelled,
    BacktestCompleted,
    BacktestFailed,
    BacktestProgressed,
    BacktestStarted,
    Problem,
    Progress,
)
from services.backtest.domain.acceptance import CancelledEarly, accept, accept_following, accept_reusing
from services.backtest.domain.backtest import Backtest, IllegalTransitionError
from services.backtest.domain.change import Change
from tests.builders import NOW, performance, specification

LATER = NOW + timedelta(seconds=2.5)
PROBLEM = Problem(code="engine-error", detail="no prices")
SPEC = specification(user_id="kim", generate_report=True, notify_on_completion=True)
ABOUT = {
    "backtest_id": SPEC.id,
    "strategy_id": SPEC.strategy_id,
    "strategy_name": SPEC.strategy_name,
}

QUEUED = accept(SPEC, 7.0, 4.5, leads=True).state
RUNNING = QUEUED.start(1, NOW).state
COMPLETED = RUNNING.complete(performance(), "r-1", 0.5, LATER).state
FAILED = RUNNING.fail(PROBLEM, LATER).state
CANCELLED = RUNNING.cancel(LATER).state
LEADER = replace(COMPLETED, spec=specification())
FOLLOWING = Backtest(spec=SPEC, follows=LEADER.id)
DETACHED = FOLLOWING.detach().state

STATES = {
    "queued": QUEUED,
    "following": FOLLOWING,
    "detached": DETACHED,
    "running": RUNNING,
    "completed": COMPLETED,
    "failed": FAILED,
    "cancelled": CANCELLED,
}
Transition = Callable[[Backtest], Change[Backtest]]
TRANSITIONS: dict[str, tuple[Transition, set[str], str, list[str]]] = {
    # name: the transition, the states that allow it, the status it leads to, the topics of its events
    "start": (
        lambda backtest: backtest.start(2, LATER),
        {"queued", "detached", "running"},
        "running",
        ["BacktestStarted"],
    ),
    "complete": (
        lambda backtest: backtest.complete(performance(), "r-2", 0.25, LATER),
        {"running"},
        "completed",
        ["BacktestCompleted"],
    ),
    "fail": (
        lambda backtest: backtest.fail(PROBLEM, LATER),
        {"queued", "following", "detached", "running"},
        "failed",
        ["BacktestFailed"],
    ),
    "cancel": (
        lambda backtest: backtest.cancel(LATER),
        {"queued", "following", "detached", "running"},
        "cancelled",
        ["BacktestCancelled"],
    ),
    "reuse": (
        lambda backtest: backtest.reuse(LEADER, LATER),
        {"following"},
        "completed",
        ["BacktestCompleted"],
    ),
    "detach": (lambda backtest: backtest.detach(), {"following"}, "pending", []),
    "be followed": (
        lambda backtest: accept_following(specification(), backtest, 1.0),
        {"queued", "following", "detached", "running"},
        "pending",
        ["BacktestAccepted"],
    ),
    "be reused": (
        lambda backtest: accept_reusing(specification(), backtest, LATER),
        {"completed"},
        "completed",
        ["BacktestAccepted", "BacktestCompleted"],
    ),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", TRANSITIONS)
def test_a_state_allows_a_transition_or_refuses_it(state: str, name: str) -> None:
    transition, allowed, status, events = TRANSITIONS[name]
    if state not in allowed:
        with pytest.raises(IllegalTransitionError, match=STATES[state].id):
            transition(STATES[state])
        return
    change = transition(STATES[state])
    assert change.state.status == status
    assert [type(event).__name__ for event in change.events] == events


def test_a_backtest_is_accepted_into_the_queue() -> None:
    change = accept(SPEC, 7.0, 4.5, leads=True)
    assert change.state == Backtest(spec=SPEC, status="pending", queue_rank=7.0, leads=True)
    assert change.events == (
        BacktestAccepted(
            **ABOUT,
            config=SPEC.config,
            user_id="kim",
            priority="normal",
            estimated_duration_seconds=4.5,
            accepted_at=SPEC.created_at,
        ),
    )


def test_a_fresh_backtest_leads_none() -> None:
    assert not accept(SPEC, 7.0, 4.5, leads=False).state.leads


def test_a_start_takes_it_out_of_the_queue_and_tells_the_attempt() -> None:
    change = QUEUED.start(1, LATER)
    assert change.state == replace(QUEUED, status="running", started_at=LATER, queue_rank=None)
    assert change.events == (BacktestStarted(**ABOUT, attempt=1, started_at=LATER),)


def test_the_next_attempt_begins_without_the_progress_of_the_one_before() -> None:
    progress = Progress(fraction=0.5, stage="metrics", eta_seconds=1.0, progressed_at=NOW)
    state = replace(RUNNING, progress=progress).start(2, LATER).state
    assert (state.started_at, state.progress) == (LATER, None)


def test_progress_is_published_with_its_attempt() -> None:
    progress = Progress(fraction=0.5, stage="metrics", eta_seconds=1.0, progressed_at=NOW)
    assert RUNNING.progressed(2, progress) == BacktestProgressed(
        **ABOUT, attempt=2, fraction=0.5, stage="metrics", eta_seconds=1.0, progressed_at=NOW
    )


def test_a_completed_one_has_its_result_and_goes_on_leading() -> None:
    change = RUNNING.complete(performance(), "r-1", 0.5, LATER)
    assert change.state == replace(
        RUNNING,
        status="completed",
        completed_at=LATER,
        duration_seconds=2.5,
        run_seconds=0.5,
        performance=performance(),
        result_id="r-1",
    )
    assert change.state.leads
    assert change.events == (
        BacktestCompleted(
            **ABOUT,
            config=SPEC.config,
            performance=performance(),
            user_id="kim",
            duration_seconds=2.5,
            generate_report=True,
            notify_on_completion=True,
            completed_at=LATER,
        ),
    )


@pytest.mark.parametrize("state", [QUEUED, FOLLOWING, DETACHED, RUNNING])
def test_a_failed_one_has_its_error_and_leads_none(state: Backtest) -> None:
    change = state.fail(PROBLEM, LATER)
    assert (change.state.error, change.state.completed_at) == (PROBLEM, LATER)
    assert (change.state.leads, change.state.follows, change.state.queue_rank) == (False, None, None)
    assert change.events == (
        BacktestFailed(
            **ABOUT,
            code="engine-error",
            detail="no prices",
            user_id="kim",
            notify_on_completion=True,
            failed_at=LATER,
        ),
    )


@pytest.mark.parametrize("state", [QUEUED, FOLLOWING, DETACHED, RUNNING])
def test_a_cancelled_one_leads_none(state: Backtest) -> None:
    change = state.cancel(LATER)
    assert (change.state.error, change.state.completed_at) == (None, LATER)
    assert (change.state.leads, change.state.follows, change.state.queue_rank) == (False, None, None)
    assert change.events == (
        BacktestCancelled(**ABOUT, user_id="kim", notify_on_completion=True, cancelled_at=LATER),
    )


def test_a_follower_ends_with_its_leaders_result() -> None:
    change = FOLLOWING.reuse(LEADER, LATER)
    assert change.state == Backtest(
        spec=SPEC,
        status="completed",
        completed_at=LATER,
        performance=LEADER.performance,
        result_id=LEADER.result_id,
        reused_from=LEADER.id,
    )
    (event,) = change.events
    assert isinstance(event, BacktestCompleted)
    assert (event.reused_from, event.performance, event.duration_seconds, event.config) == (
        LEADER.id,
        LEADER.performance,
        None,
        SPEC.config,
    )


@pytest.mark.parametrize("leader", [replace(FAILED, spec=LEADER.spec), replace(LEADER, spec=SPEC)])
def test_a_follower_reuses_no_other_result(leader: Backtest) -> None:
    with pytest.raises(IllegalTransitionError):
        FOLLOWING.reuse(leader, LATER)


def test_a_detached_one_waits_and_follows_none() -> None:
    assert Backtest(spec=SPEC) == DETACHED


def test_a_follower_is_accepted_and_in_no_queue() -> None:
    change = accept_following(SPEC, replace(RUNNING, spec=LEADER.spec), 9.0)
    assert change.state == FOLLOWING
    (event,) = change.events
    assert isinstance(event, BacktestAccepted)
    assert event.estimated_duration_seconds == 9.0


def test_one_that_reuses_a_result_is_accepted_and_completed() -> None:
    change = accept_reusing(SPEC, LEADER, LATER)
    assert change.state == FOLLOWING.reuse(LEADER, LATER).state
    accepted, completed = change.events
    assert isinstance(accepted, BacktestAccepted)
    assert (accepted.backtest_id, accepted.estimated_duration_seconds) == (SPEC.id, 0.0)
    assert (completed,) == FOLLOWING.reuse(LEADER, LATER).events


def test_one_that_was_cancelled_early_is_accepted_and_cancelled() -> None:
    change = CancelledEarly(SPEC.id).accept(SPEC, LATER)
    assert change.state == Backtest(spec=SPEC, status="cancelled", completed_at=LATER)
    accepted, cancelled = change.events
    assert isinstance(accepted, BacktestAccepted)
    assert (accepted.backtest_id, accepted.estimated_duration_seconds) == (SPEC.id, 0.0)
    assert (cancelled,) == QUEUED.cancel(LATER).events


@pytest.mark.parametrize(
    "contradiction",
    [
        {"status": "cancelled"},
        {"completed_at": NOW},
        {"status": "failed", "completed_at": NOW},
        {"error": PROBLEM},
        {"status": "running"},
        {"status": "running", "started_at": NOW, "queue_rank": 1.0},
        {"status": "running", "started_at": NOW, "follows": "b-1"},
        {"follows": "b-1", "queue_rank": 1.0},
        {"follows": "b-1", "leads": True},
        {"status": "cancelled", "completed_at": NOW, "leads": True},
    ],
)
def test_fields_that_contradict_each_other_make_no_backtest(contradiction: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=SPEC.id):
        Backtest(**{"spec": SPEC, **contradiction})
