"""When a provider is left out, and when it is tried again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.language_model.breaker import (
    FAILURES_TO_OPEN,
    LONGEST_OPEN_SECONDS,
    LONGEST_PAUSE_SECONDS,
    OPEN_SECONDS,
    STALLED_CALLS,
    Breaker,
    Waiting,
)


def opened(now: float = 0.0) -> Breaker:
    return Breaker().failed(now, trial=False, at_once=True)


def test_it_opens_after_failures_in_a_row() -> None:
    breaker = Breaker()
    for _ in range(FAILURES_TO_OPEN - 1):
        breaker = breaker.failed(0.0, trial=False)
        assert breaker.allows(0.0)
    breaker = breaker.failed(0.0, trial=False)
    assert not breaker.closed
    assert not breaker.allows(OPEN_SECONDS - 0.1)
    assert breaker.allows(OPEN_SECONDS)


def test_half_open_there_is_one_trial_at_a_time() -> None:
    breaker = opened().begun(OPEN_SECONDS, longest=60.0)
    assert not breaker.allows(OPEN_SECONDS + 59.0)
    assert breaker.abandoned(trial=True).allows(OPEN_SECONDS + 1.0)
    assert not breaker.abandoned(trial=False).allows(OPEN_SECONDS + 1.0)
    assert breaker.allows(OPEN_SECONDS + 60.0)  # a trial that nothing was heard of


def test_each_trial_that_fails_leaves_it_open_for_twice_as_long_up_to_a_limit() -> None:
    breaker, now, pauses = opened(), 0.0, []
    for _ in range(2000):  # a number that would overflow without a bound
        pauses.append(breaker.open_until - now)
        now = breaker.open_until
        breaker = breaker.begun(now, 1.0).failed(now, trial=True)
    assert pauses[:4] == pytest.approx([OPEN_SECONDS * 2**n for n in range(4)])
    assert max(pauses) == pytest.approx(LONGEST_OPEN_SECONDS)


def test_calls_that_began_before_it_opened_say_nothing_new() -> None:
    breaker = opened()
    assert breaker.failed(5.0, trial=False) == breaker


@pytest.mark.parametrize(
    ("pause", "seconds"), [(0.0, OPEN_SECONDS), (30.0, 30.0), (1e9, LONGEST_PAUSE_SECONDS)]
)
def test_a_pause_that_the_server_asks_for_opens_it(pause: float, seconds: float) -> None:
    breaker = Breaker().failed(0.0, trial=False, pause=pause)
    assert breaker.open_until == seconds


@given(
    st.lists(st.tuples(st.sampled_from(["fail", "fatal", "leave", "win"]), st.floats(0, 500)), max_size=40)
)
def test_it_is_always_tried_again(steps: list[tuple[str, float]]) -> None:
    """However calls end, the provider is asked again within the longest time that it is left out."""
    breaker, now = Breaker(), 0.0
    for step, passes in steps:
        now += passes
        if not breaker.allows(now):
            continue
        trial = not breaker.closed
        breaker = breaker.begun(now, 60.0)
        assert not trial or not breaker.allows(now)
        if step == "win":
            breaker = Breaker()
        elif step == "leave":
            breaker = breaker.abandoned(trial=trial)
        else:
            breaker = breaker.failed(now, trial=trial, at_once=step == "fatal")
    assert breaker.allows(now + LONGEST_OPEN_SECONDS)


def waiting(calls: int, now: float = 0.0) -> Waiting:
    calls_in_flight = Waiting(stall_seconds=5.0)
    for call in range(calls):
        calls_in_flight.begin(call, now)
    return calls_in_flight


def test_many_calls_without_a_token_are_a_stall_after_a_while() -> None:
    calls = waiting(STALLED_CALLS)
    assert not calls.stalled(4.9)
    assert calls.stalled(5.0)


def test_a_token_for_one_of_them_ends_it() -> None:
    calls = waiting(STALLED_CALLS + 1)
    calls.token(3, 6.0)
    assert not calls.stalled(100.0)


def test_few_calls_or_new_ones_are_no_stall() -> None:
    assert not waiting(STALLED_CALLS - 1).stalled(100.0)
    calls = waiting(STALLED_CALLS - 1)
    calls.begin("late", 99.0)
    assert not calls.stalled(100.0)
    calls.end("late")
    assert not calls.stalled(1000.0)
