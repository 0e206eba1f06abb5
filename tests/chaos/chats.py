"""Chat sessions and comparisons during the faults, and the check of what is stored at the end."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from itertools import product
from typing import Any

from backchat_contracts import strategy_id
from tests.chaos.check import Finding, Observations, latest
from tests.chaos.client import CHATOPS, RETRY_SECONDS, Client
from tests.chaos.load import within
from tests.chaos.plan import NAMES, Turn

SESSIONS = 4
IN_ONE_COMPARISON = 50
FOLLOWS_SECONDS = 30.0
COMPARED = [strategy_id(name) for name in NAMES]
ROLES = ("user", "assistant")
UNANSWERED = {HTTPStatus.CONFLICT, HTTPStatus.ACCEPTED}
NO_DATA = "/problems/no-data"


class Chats:
    """A few sessions; in each, one message after another is sent with its key until it is answered."""

    def __init__(self, client: Client, seen: Observations, run: str) -> None:
        self._client = client
        self._seen = seen
        self._run = run
        self._sessions: dict[int, str] = {}
        self._answers: dict[int, dict[str, Turn]] = defaultdict(dict)

    async def converse(self, turns: Sequence[Turn]) -> None:
        """Send each message at its time, or as soon as the message before it is answered."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for number in {turn.session for turn in turns}:
                of_session = [turn for turn in turns if turn.session == number]
                tasks.create_task(self._converse(number, of_session, began))

    async def _converse(self, number: int, turns: Sequence[Turn], began: float) -> None:
        path, key = f"{CHATOPS}/session/create", f"{self._run}-session-{number}"
        created = await self._client.until_servers_answer("POST", path, {}, key)
        if created.status not in {HTTPStatus.CREATED, HTTPStatus.ACCEPTED}:
            return self._wrong(f"session {number}", f"creating it was answered with {created}")
        self._sessions[number] = created.body["session_id"]
        for turn in turns:
            await asyncio.sleep(began + turn.at - time.monotonic())
            await self._send(turn)
            await self._client.once("POST", f"{CHATOPS}/strategies/compare", self._comparison())
        return None

    async def _send(self, turn: Turn) -> None:
        """Send a message until it is answered, or refused because no data could be had."""
        path = f"{CHATOPS}/session/{self._sessions[turn.session]}/chat"
        key = f"{self._run}-turn-{turn.number}"
        answer = await self._client.once("POST", path, {"message": turn.message}, key)
        while answer.worth_a_retry or answer.status in UNANSWERED:
            if answer.problem == NO_DATA:
                return
            await asyncio.sleep(RETRY_SECONDS)
            answer = await self._client.once("POST", path, {"message": turn.message}, key)
        if answer.status == HTTPStatus.OK:
            self._record(turn, answer.body["turn"]["turn_id"])
        else:
            self._wrong(f"turn {turn.number}", f"answered with {answer}")

    def _record(self, turn: Turn, turn_id: str) -> None:
        holder = self._answers[turn.session].setdefault(turn_id, turn)
        if holder != turn:
            self._wrong(f"turn {turn.number}", f"its id {turn_id} is that of turn {holder.number}")

    def _comparison(self) -> dict[str, object]:
        return {"strategy_ids": COMPARED, "query": "비교"}

    async def check(self, patience: float) -> None:
        """Check sessions and comparisons, for `patience` seconds each: there may be no answer at all."""
        for what, check in (("sessions", self._check_sessions), ("comparisons", self._check_comparisons)):
            try:
                async with asyncio.timeout(patience):
                    await check()
            except TimeoutError:
                self._wrong(what, f"they could not be checked within {patience:g} s")

    async def _check_sessions(self) -> None:
        """Read the sessions: each answered turn is stored once, and no turn is stored twice."""
        for number, session_id in self._sessions.items():
            path = f"{CHATOPS}/session/{session_id}"
            answer = await self._client.until_servers_answer("GET", path)
            if answer.status == HTTPStatus.OK:
                self._check_history(session_id, self._answers[number], answer.body["conversation_history"])
            else:
                self._wrong(f"session {session_id}", f"it can't be read: {answer}")

    def _check_history(
        self, session_id: str, answered: Mapping[str, Turn], history: Sequence[Mapping[str, Any]]
    ) -> None:
        counts = Counter((entry["turn_id"], entry["role"]) for entry in history)
        for turn_id, role in counts.keys() | product(answered, ROLES):
            count = counts[turn_id, role]
            if count > 1 or (not count and turn_id in answered):
                self._wrong(f"turn {turn_id}", f"{count} entries of the {role} in session {session_id}")
        for entry in history:
            turn = answered.get(entry["turn_id"])
            if turn and entry["role"] == "user" and entry["content"] != turn.message:
                self._wrong(f"turn {entry['turn_id']}", f"{turn.message!r} is stored as {entry['content']!r}")

    async def _check_comparisons(self) -> None:
        """Compare until the read model has the latest backtest of each strategy."""
        wanted = latest(self._seen)
        found: dict[str, str | None] = {}

        async def up_to_date() -> bool:
            found.clear()
            ids = sorted(wanted)
            for begin in range(0, len(ids), IN_ONE_COMPARISON):
                body = {"strategy_ids": ids[begin : begin + IN_ONE_COMPARISON], "query": "비교"}
                answer = await self._client.until_servers_answer(
                    "POST", f"{CHATOPS}/strategies/compare/debug", body
                )
                entries = answer.body.get("strategies_data", ())
                found.update((entry["strategy_id"], entry.get("backtest_id")) for entry in entries)
            return all(found.get(strategy) in ids for strategy, (_, ids) in wanted.items())

        if await within(FOLLOWS_SECONDS, up_to_date):
            return
        for strategy, (at, ids) in wanted.items():
            if found.get(strategy) not in ids:
                detail = f"it shows {found.get(strategy)}, the latest is {sorted(ids)} of {at}"
                self._seen.findings.append(Finding("comparison", strategy, detail))

    def unfinished(self) -> None:
        """Record that not all messages were answered in time."""
        self._wrong("conversations", "not all messages were answered in time")

    def _wrong(self, about: str, detail: str) -> None:
        self._seen.findings.append(Finding("chat", about, detail))
