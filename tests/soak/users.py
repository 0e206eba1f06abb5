"""The load: users who talk, compare, list, save strategies, and request, watch and cancel backtests."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from http import HTTPStatus
from typing import Any, Final

from backchat_contracts import strategy_id
from deploy.embedded.listener import publish_backtest
from tests.chaos.check import ENDINGS, Finding, Observations
from tests.chaos.client import BACKTESTS, CHATOPS, RETRY_SECONDS
from tests.chaos.plan import NAMES, Job
from tests.soak.client import PacedClient

USERS: Final = 16
"""How many are there at once; with fewer, the rate would not be reached while some wait for their streams."""
WEIGHTS: Final = {"backtest": 8, "watch": 3, "talk": 3, "compare": 4, "look": 4, "strategy": 2}
ENDS_SECONDS: Final = 60.0
STAYS_SECONDS: Final = 1.0
RESULTS: Final = 0.05
"""The part of the results that are read: one is 300 kB, and the embedded broker keeps every answer."""
MESSAGES: Final = (
    "어떤 전략이 더 안정적인가요?",
    "그 전략의 최대 낙폭은?",
    "Which one has the highest return?",
)
LISTS: Final = (
    f"{BACKTESTS}?limit=50",
    f"{BACKTESTS}?limit=20&status=completed",
    "/api/v1/strategies?limit=50",
    "/api/v1/strategies/types",
    "/api/v1/metrics",
    "/health/ready",
)


class Users:
    """Each does one thing after another, chosen at random by `WEIGHTS`, until the time is over.

    Args:
        client: sends their requests.
        kafka: where some backtests are requested.
        seen: what is accepted and what is wrong is recorded here.
        jobs: the backtests to request.

    """

    def __init__(self, client: PacedClient, kafka: str, seen: Observations, jobs: Iterator[Job]) -> None:
        self._client = client
        self._kafka = kafka
        self._seen = seen
        self._jobs = jobs
        self.done: Counter[str] = Counter()

    async def act(self, seconds: float) -> None:
        """Run all users for so many seconds; return when each has ended what it was doing."""
        until = time.monotonic() + seconds
        async with asyncio.TaskGroup() as tasks:
            for number in range(USERS):
                tasks.create_task(self._act(number, until))

    async def _act(self, number: int, until: float) -> None:
        chance = random.Random(f"user {number}")
        activities: dict[str, Callable[[int, random.Random], Coroutine[Any, Any, None]]] = {
            "backtest": self._backtest,
            "watch": self._watch,
            "talk": self._talk,
            "compare": self._compare,
            "look": self._look,
            "strategy": self._strategy,
        }
        while time.monotonic() < until:
            (name,) = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
            await activities[name](number, chance)
            self.done[name] += 1

    async def _backtest(self, _user: int, chance: random.Random) -> None:
        """Request a backtest, cancel it if that is planned, and read it until it has ended."""
        job = next(self._jobs)
        backtest_id = await (self._publish(job) if job.through_kafka else self._trigger(job, chance))
        if backtest_id is None:
            return
        if job.cancel_after is not None or (job.kind == "slow" and chance.random() < 0.5):
            await self._cancel(backtest_id)
        await self._until_ended(backtest_id, chance)

    async def _trigger(self, job: Job, chance: random.Random) -> str | None:
        """Request a backtest, now and then twice: the same key makes it the same request."""
        ids = set()
        for _ in range(2 if chance.random() < 0.1 else 1):
            path, key = f"{CHATOPS}/backtest/trigger", f"soak-job-{job.number:08}"
            answer = await self._client.once("POST", path, job.request, key)
            if not self._expect(answer.status, HTTPStatus.ACCEPTED, f"job {job.number}", answer):
                return None
            ids.add(str(answer.body["backtest_id"]))
        backtest_id = ids.pop()
        if ids:
            self._wrong(f"job {job.number}", f"two ids for one key: {backtest_id}, {ids}")
        self._seen.accept(backtest_id, job)
        return backtest_id

    async def _publish(self, job: Job) -> str:
        backtest_id = f"soak-{job.number}"
        await self._client.pace.turn()
        await publish_backtest(self._kafka, {"backtest_id": backtest_id, **job.request})
        self._seen.accept(backtest_id, job)
        return backtest_id

    async def _cancel(self, backtest_id: str) -> None:
        """Cancel a backtest, which may wait, run, have ended, or not have been read from Kafka yet."""
        answer = await self._client.once("POST", f"{BACKTESTS}/{backtest_id}/cancel")
        if answer.status == HTTPStatus.OK:
            self._seen.cancelled.add(backtest_id)
        elif answer.status not in {HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND}:
            self._wrong(backtest_id, f"its cancellation was answered with {answer}")

    async def _until_ended(self, backtest_id: str, chance: random.Random) -> None:
        """Read a backtest until it has ended; if it does not, the check at the end calls it lost."""
        deadline = time.monotonic() + ENDS_SECONDS
        while time.monotonic() < deadline:
            answer = await self._client.once("GET", f"{BACKTESTS}/{backtest_id}")
            if answer.status == HTTPStatus.OK:
                self._seen.look(backtest_id, answer.body)
                if answer.body["status"] in ENDINGS:
                    return await self._read_result(backtest_id, answer.body, chance)
            elif answer.status != HTTPStatus.NOT_FOUND:  # one that was published may not have been read yet
                return self._wrong(backtest_id, f"it can't be read: {answer}")
            await asyncio.sleep(RETRY_SECONDS)
        return None

    async def _read_result(self, backtest_id: str, page: Any, chance: random.Random) -> None:
        self._seen.pages[backtest_id] = page
        if page["status"] != "completed":
            return
        self._seen.results[backtest_id] = page["performance"]
        if chance.random() < RESULTS:
            answer = await self._client.once("GET", f"{BACKTESTS}/{backtest_id}/result")
            if self._expect(answer.status, HTTPStatus.OK, f"result of {backtest_id}", answer.status):
                self._seen.results[backtest_id] = answer.body["performance"]

    async def _watch(self, _user: int, chance: random.Random) -> None:
        """Follow one of the latest backtests; one time in two leave before the stream ends."""
        if latest := list(self._seen.accepted)[-10:]:
            leave_after = chance.uniform(0.01, STAYS_SECONDS) if chance.random() < 0.5 else None
            path = f"{BACKTESTS}/{chance.choice(latest)}/events"
            status, _ = await self._client.stream(path, leave_after=leave_after)
            # One that was published may not have been read yet.
            if status not in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}:
                self._wrong(path, f"answered with {status}")

    async def _talk(self, user: int, chance: random.Random) -> None:
        """Open a session, say a few things in it, read it, end it."""
        opened = await self._client.once("POST", f"{CHATOPS}/session/create", {"user_id": f"user-{user}"})
        if not self._expect(opened.status, HTTPStatus.CREATED, "a session", opened):
            return
        session = f"{CHATOPS}/session/{opened.body['session_id']}"
        for message in MESSAGES:
            if chance.random() < 0.3:
                status, text = await self._client.stream(f"{session}/chat", {"message": message})
                self._expect(status, HTTPStatus.OK, session, text)
            else:
                answer = await self._client.once("POST", f"{session}/chat", {"message": message})
                self._expect(answer.status, HTTPStatus.OK, session, answer)
        answer = await self._client.once("GET", session)
        if self._expect(answer.status, HTTPStatus.OK, session, answer):
            stored = len(answer.body["conversation_history"])
            self._expect(stored, 2 * len(MESSAGES), session, "entries of its conversation")
        await self._client.once("GET", f"{CHATOPS}/sessions?user_id=user-{user}&limit=20")
        ended = await self._client.once("DELETE", session)
        self._expect(ended.status, HTTPStatus.NO_CONTENT, session, ended)

    async def _compare(self, _user: int, chance: random.Random) -> None:
        ids = [strategy_id(name) for name in chance.sample(NAMES, 3)]
        path = f"{CHATOPS}/strategies/compare" + chance.choice(("", "/debug"))
        answer = await self._client.once(
            "POST", path, {"strategy_ids": ids, "query": chance.choice(MESSAGES)}
        )
        self._expect(answer.status, HTTPStatus.OK, path, answer)

    async def _look(self, _user: int, chance: random.Random) -> None:
        path = chance.choice(LISTS)
        answer = await self._client.once("GET", path)
        self._expect(answer.status, HTTPStatus.OK, path, answer.status)

    async def _strategy(self, user: int, chance: random.Random) -> None:
        """Save a strategy, read it, delete it. Deleted ones are kept, so the names come again."""
        name = f"soak {user} {chance.randrange(5)}"
        path = f"/api/v1/strategies/{strategy_id(name)}"
        body = {"name": name, "type": "sma_crossover", "symbols": ["AAPL"]}
        for method, where, sent, status in (
            ("POST", "/api/v1/strategies", body, HTTPStatus.CREATED),
            ("GET", path, None, HTTPStatus.OK),
            ("DELETE", path, None, HTTPStatus.NO_CONTENT),
        ):
            answer = await self._client.once(method, where, sent)
            self._expect(answer.status, status, f"{method} {where}", answer)

    def _expect(self, given: int, expected: int, about: str, detail: object) -> bool:
        """Record what is not as expected; failures of the server are recorded by the client."""
        if given != expected and 0 < given < HTTPStatus.INTERNAL_SERVER_ERROR:
            self._wrong(about, f"{given}, expected {expected}: {detail}")
        return given == expected

    def _wrong(self, about: str, detail: str) -> None:
        self._seen.findings.append(Finding("service", about, detail))
