"""The longest unavailability that the client of a chaos run measures."""

from tests.chaos.client import Availability


def test_unavailability_is_the_time_without_any_answer() -> None:
    availability = Availability()
    availability.note("GET", 0.0, 1.0, answered=True)
    availability.note("GET", 0.5, 9.0, answered=False)  # waited, but others were answered until 1
    availability.note("GET", 9.0, 9.5, answered=False)
    availability.note("POST", 2.0, 3.0, answered=False)
    availability.note("GET", 9.5, 10.0, answered=True)
    assert availability.longest["GET"] == 9.0
    assert availability.longest_seconds(now=20.0) == 18.0


def test_a_stall_that_ends_with_answers_is_unavailability_too() -> None:
    availability = Availability()
    availability.note("GET", 0.0, 0.1, answered=True)
    availability.note("GET", 4.0, 10.0, answered=True)  # no answer since 4
    availability.note("GET", 4.5, 10.1, answered=True)
    availability.note("GET", 11.0, 11.1, answered=True)  # and no request from 10.1 to 11
    assert availability.longest_seconds(now=20.0) == 6.0
