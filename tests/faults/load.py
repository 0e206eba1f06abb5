"""Clients that open sessions and request backtests all the time, whatever happens."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from uuid import uuid4

import httpx

from tests.fakes import eventually
from tests.flows.api import CHATOPS, Api, unique

CLIENTS = 3
PAUSE_SECONDS = 0.2


class Load:
    """What was answered, and what was accepted.

    Attributes:
        answers: how often there was each status of success, each type of problem, and no answer.
        sessions: the ids of the sessions that were accepted.
        backtests: those of the backtests.

    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self.answers = Counter[str]()
        self.sessions = set[str]()
        self.backtests = set[str]()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send requests until the end of the block."""
        async with asyncio.TaskGroup() as clients:
            tasks = [clients.create_task(self._repeat()) for _ in range(CLIENTS)]
            yield
            for task in tasks:
                task.cancel()

    async def found(self, session_id: str) -> None:
        """Wait until a session can be read."""

        async def readable() -> bool:
            return (await self._api.get(f"{CHATOPS}/session/{session_id}")).status_code == HTTPStatus.OK

        await eventually(readable)

    async def _repeat(self) -> None:
        strategy = {"name": unique("전략"), "symbols": ["AAPL", "MSFT"]}
        while True:
            session = await self._sent(f"{CHATOPS}/session/create", {"user_id": "kim"})
            self.sessions |= {session["session_id"]} if session else set()
            request = {"strategy_config": strategy, "fresh": True}
            backtest = await self._sent(f"{CHATOPS}/backtest/trigger", request)
            self.backtests |= {backtest["backtest_id"]} if backtest else set()
            await asyncio.sleep(PAUSE_SECONDS)

    async def _sent(self, path: str, body: dict[str, object]) -> dict[str, str] | None:
        """Send a request; return the body of what was accepted."""
        try:
            response = await self._api.post(path, body, Idempotency_Key=str(uuid4()))
        except httpx.TransportError:
            self.answers["no answer"] += 1
            return None
        if response.is_success:
            self.answers[str(response.status_code)] += 1
            return dict(response.json())
        self.answers[response.json()["type"]] += 1
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            assert int(response.headers["Retry-After"]) > 0
        return None
