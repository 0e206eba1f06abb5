"""The jobs that workers try to claim next, in memory."""

from heapq import heapify, heappop, heappush

from services.chassis.jobs.queue import SHORTLIST, Candidate
from services.chassis.jobs.rank import Rank, number_of


class Shortlist:
    """Candidates by rank. They may be stale: the compare-and-set of the claim decides."""

    def __init__(self) -> None:
        self._heap: list[Candidate] = []
        self._announced: list[Candidate] = []
        self.incomplete = False
        """Whether there were more candidates than the last search has found."""

    def __len__(self) -> int:
        return len(self._heap)

    def ahead_of(self, rank: Rank) -> int:
        """Count the candidates that come before a job of this rank, or with it."""
        number = number_of(rank)
        return sum(1 for candidate in self._heap if candidate.number <= number)

    def announce(self, job_id: str, rank: Rank) -> None:
        """Add a job that need not be searched for."""
        candidate = Candidate(number_of(rank), job_id)
        self._announced.append(candidate)
        heappush(self._heap, candidate)

    def begin_search(self) -> None:
        """Note that the search which begins now may miss what is announced from now on."""
        self._announced.clear()

    def found(self, candidates: list[Candidate]) -> None:
        """Replace the candidates by what the search has found and what was announced meanwhile."""
        self.incomplete = len(candidates) >= SHORTLIST
        self._heap = list({*candidates, *self._announced})
        heapify(self._heap)

    def peek(self) -> Candidate | None:
        return self._heap[0] if self._heap else None

    def pop(self) -> Candidate | None:
        return heappop(self._heap) if self._heap else None
