"""The fair queue: priorities, fairness between users, every job claimed in the end."""

from collections import Counter
from heapq import heappop, heappush

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.backtest.domain.fair_queue import LOW_LAG, FairQueue, Queued


class Queue:
    """The jobs of a fair queue, claimed by rank."""

    def __init__(self) -> None:
        self.fair_queue = FairQueue()
        self._heap: list[tuple[float, int, str]] = []
        self._arrivals = 0

    def add(self, user_id: str, priority: str = "normal") -> None:
        self._arrivals += 1
        heappush(self._heap, (self.fair_queue.rank(user_id, priority), self._arrivals, user_id))

    def claim(self) -> str:
        rank, _, user_id = heappop(self._heap)
        self.fair_queue.advance(rank)
        return user_id

    def claimed_before(self, user_id: str) -> int:
        """Claim until the job is this user's; return how many came before."""
        before = 0
        while self.claim() != user_id:
            before += 1
        return before


def test_one_user_is_served_in_order() -> None:
    fair_queue = FairQueue()
    ranks = [fair_queue.rank("kim", "normal") for _ in range(5)]
    assert ranks == sorted(set(ranks))


@pytest.mark.parametrize("served", [0, 1, 500])
def test_a_thousand_jobs_of_one_user_do_not_delay_anothers_first(served: int) -> None:
    queue = Queue()
    for _ in range(1000):
        queue.add("kim")
    for _ in range(served):
        queue.claim()
    queue.add("lee")
    assert queue.claimed_before("lee") <= 1


def test_users_alternate() -> None:
    queue = Queue()
    for user_id in ("kim", "lee", "park"):
        for _ in range(100):
            queue.add(user_id)
    assert Counter(queue.claim() for _ in range(60)) == {"kim": 20, "lee": 20, "park": 20}


def test_high_is_next_whatever_waits() -> None:
    queue = Queue()
    for number in range(1000):
        queue.add(f"user-{number % 7}", "normal" if number % 2 else "low")
    queue.add("kim")
    queue.add("urgent", "high")
    assert queue.claimed_before("urgent") == 0


def test_high_priority_is_shared_fairly_too() -> None:
    queue = Queue()
    for _ in range(100):
        queue.add("kim", "high")
    queue.claim()
    queue.add("lee", "high")
    assert queue.claimed_before("lee") <= 1


def test_low_lets_others_pass_but_not_for_ever() -> None:
    queue = Queue()
    queue.add("patient", "low")
    for _ in range(10):
        queue.add("busy")
    assert "patient" not in {queue.claim() for _ in range(10)}

    before = 0
    queue.add("busy")  # one arrives for every one that is claimed: there is always normal work
    while queue.claim() != "patient":
        queue.add("busy")
        before += 1
    assert before <= LOW_LAG + 1


def test_a_queue_goes_on_after_a_restart() -> None:
    queue = Queue()
    for rank in range(50, 60):
        queue.fair_queue.restore([Queued("kim", "normal", float(rank))])
    queue.fair_queue.advance(50.0)
    assert queue.fair_queue.rank("kim", "normal") == 60.0
    assert queue.fair_queue.rank("lee", "normal") == 50.0


def test_a_rank_that_is_given_back_goes_to_the_next_job() -> None:
    fair_queue = FairQueue()
    first = fair_queue.rank("kim", "normal")
    fair_queue.take_back("kim", "normal", fair_queue.rank("kim", "normal"))
    assert fair_queue.rank("kim", "normal") == first + 1


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.booleans()), max_size=200))
def test_a_newcomer_waits_for_a_round_at_most(steps: list[tuple[str, bool]]) -> None:
    """After any additions and claims, at most one job of each other user is ahead of a new user's first."""
    queue, waiting = Queue(), Counter[str]()
    for user_id, claims in steps:
        if claims and waiting.total():
            waiting[queue.claim()] -= 1
        else:
            queue.add(user_id)
            waiting[user_id] += 1
    queue.add("new")
    assert queue.claimed_before("new") <= len(+waiting)
