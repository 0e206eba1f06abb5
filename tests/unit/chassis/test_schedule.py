"""When sent events are cleared, and which documents the relay reads: pure functions of the time."""

import pytest

from services.chassis.storage.schedule import (
    LINGER_SECONDS,
    MOST_LATE_SECONDS,
    PAGE,
    Schedule,
    Sent,
    rested,
)

NOW = 1000.0
SCHEDULE = Schedule(keep=0.0, relay_after=2.5)
LONG_AGO = 0.0


def sent(*ages: float) -> dict[str, Sent]:
    """Documents whose last event was acknowledged so many seconds ago, the longest first."""
    return {f"d{number}": Sent(NOW - age, [f"e{number}"]) for number, age in enumerate(ages)}


@pytest.mark.parametrize(
    ("ages", "cleared", "count"),
    [
        ([], LONG_AGO, 0),
        ([0.6] * 3, LONG_AGO, 3),
        ([0.6] * 3, NOW - 0.9, 0),  # less than a page waits for a second
        ([0.6] * PAGE, NOW - 0.1, PAGE),
        ([0.6] * 3 * PAGE, NOW - 0.1, PAGE),
        ([0.6] * 3 + [0.1], LONG_AGO, 0),  # events are coming in: not now
        ([0.4] * 3, LONG_AGO, 0),
        ([MOST_LATE_SECONDS + 0.6, 20.0, 0.3, 0.1], LONG_AGO, 2),  # but not for ever
        ([1.0] * 20_000 + [0.1], NOW - 0.1, 0),
    ],
)
def test_it_clears_pages_in_quiet_moments_and_is_never_very_late(
    ages: list[float], cleared: float, count: int
) -> None:
    assert SCHEDULE.to_clear(sent(*ages), NOW, cleared) == count


def test_events_that_are_kept_are_not_cleared_before() -> None:
    schedule = Schedule(keep=30.0, relay_after=2.5)

    assert schedule.to_clear(sent(29.0, 10.0), NOW, LONG_AGO) == 0
    assert schedule.to_clear(sent(31.0, 10.0), NOW, LONG_AGO) == 1


@pytest.mark.parametrize(
    ("documents", "pause"), [(0, 0.2), (1, 0.2), (1_500, 0.2), (3_000, 0.1), (60_000, 0.005)]
)
def test_the_more_has_piled_up_the_shorter_it_pauses(documents: int, pause: float) -> None:
    assert SCHEDULE.pause(sent(*[0.0] * documents)) == pytest.approx(pause, rel=0.02)


@pytest.mark.parametrize("keep", [0.0, 30.0])
def test_under_a_constant_load_clearing_keeps_up(keep: float) -> None:
    per_second = 400  # eight times what it clears when it is in no hurry
    schedule = Schedule(keep, relay_after=2.5)
    documents: dict[str, Sent] = {}
    now = cleared_at = came = 0.0
    while now < 5 * (schedule.rest + MOST_LATE_SECONDS):
        now += schedule.pause(documents)
        while came < now:
            came += 1 / per_second
            documents[f"{came}"] = Sent(came, ["e"])
        for _ in range(schedule.to_clear(documents, now, cleared_at)):
            del documents[next(iter(documents))]
            cleared_at = now
    assert schedule.lateness(documents, now) < 1.2 * MOST_LATE_SECONDS


@pytest.mark.parametrize(
    ("keep", "starting", "suspect", "age"),
    [
        (0.0, True, True, 2.5),
        (0.0, False, True, 2.5),
        (0.0, False, False, 2.5 + LINGER_SECONDS + MOST_LATE_SECONDS),
        (60.0, False, False, 2.5 + 60.0 + MOST_LATE_SECONDS),
        (60.0, False, True, 2.5),
        (60.0, True, True, 0.0),  # all that is kept is sent again
    ],
)
def test_the_relay_looks_at_young_documents_only_if_there_may_be_unsent_events(
    keep: float, age: float, *, starting: bool, suspect: bool
) -> None:
    schedule = Schedule(keep, relay_after=2.5)

    assert schedule.relay_age({}, NOW, starting=starting, suspect=suspect) == age


def test_what_is_cleared_even_later_is_not_looked_at_either() -> None:
    late = sent(LINGER_SECONDS + 50.0)

    assert SCHEDULE.relay_age(late, NOW, starting=False, suspect=False) == 2.5 + LINGER_SECONDS + 50.0


def test_at_a_stop_a_page_is_what_has_rested_long_enough() -> None:
    documents = sent(*[5.0] * 3, *[0.0] * 20)

    assert rested(documents, NOW, 0.0) == PAGE
    assert rested(documents, NOW, 1.0) == 3
