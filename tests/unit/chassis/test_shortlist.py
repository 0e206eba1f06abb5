"""The shortlist: its order, and jobs that are announced during a search."""

from services.chassis.jobs.queue import SHORTLIST, Candidate
from services.chassis.jobs.rank import Due, InQueue, number_of
from services.chassis.jobs.shortlist import Shortlist
from tests.builders import NOW


def popped(shortlist: Shortlist) -> list[str]:
    jobs = []
    while candidate := shortlist.pop():
        jobs.append(candidate.job_id)
    return jobs


def test_what_is_due_comes_first_and_then_the_queue_by_rank() -> None:
    shortlist = Shortlist()
    for job_id, rank in {"second": InQueue(2.0), "due": Due(NOW), "first": InQueue(-1e9)}.items():
        shortlist.announce(job_id, rank)

    head = shortlist.peek()
    assert head is not None
    assert head == Candidate(number_of(Due(NOW)), "due")
    assert popped(shortlist) == ["due", "first", "second"]
    assert shortlist.peek() is None


def test_what_is_announced_during_a_search_stays_though_it_was_not_found() -> None:
    shortlist = Shortlist()
    shortlist.announce("gone", InQueue(1.0))
    shortlist.begin_search()
    shortlist.announce("new", InQueue(3.0))
    shortlist.announce("both", InQueue(4.0))
    shortlist.found([Candidate(2.0, "found"), Candidate(4.0, "both")])

    assert popped(shortlist) == ["found", "new", "both"]


def test_candidates_ahead_are_counted() -> None:
    shortlist = Shortlist()
    for number in range(4):
        shortlist.announce(str(number), InQueue(float(number)))
    shortlist.announce("due", Due(NOW))

    assert [shortlist.ahead_of(InQueue(rank)) for rank in (-1.0, 1.0, 9.0)] == [1, 3, 5]
    assert shortlist.ahead_of(Due(NOW)) == 1


def test_a_full_list_was_cut() -> None:
    shortlist = Shortlist()
    candidates = [Candidate(float(number), str(number)) for number in range(SHORTLIST)]
    shortlist.found(candidates[:-1])
    assert not shortlist.incomplete
    shortlist.found(candidates)
    assert shortlist.incomplete
