"""The requesters of a turn that is being run: what each is sent."""

import asyncio
from collections.abc import Iterable

from backchat_contracts import ChatRestarted, ChatStreamed, Event
from services.chassis.messaging.envelope import ReplyAddress
from services.chassis.messaging.publishing import Reply
from services.chassis.stored import Stored
from services.session.domain.session import Session
from services.session.domain.turn import Listener, Turn
from services.session.views import view_steps


class Audience:
    """Sends what happens in a turn to its requester, and to those that have sent the same request again.

    One that joins is sent what has happened: the calls of tools, and the text that is valid. After that it is
    sent what the others are.

    Args:
        reply: sends an event to a requester.
        stored: the session with the turn, as it was claimed.
        turn: the turn.

    """

    def __init__(self, reply: Reply, stored: Stored[Session], turn: Turn) -> None:
        self._reply = reply
        self._requester = stored.reply_address
        self._stream = turn.stream
        self._listeners: list[Listener] = []
        self._told: list[Event] = view_steps(stored.id, turn)
        self._lock = asyncio.Lock()
        """Held while something is sent: everybody is sent the same, in the same order."""

    async def tell(self, event: Event) -> None:
        """Send what happens to those that want to see it."""
        async with self._lock:
            if isinstance(event, ChatRestarted):
                self._told = [each for each in self._told if not isinstance(each, ChatStreamed)]
            elif event not in self._told:
                self._told.append(event)
            if self._stream:
                await self._reply(self._requester, event)
            for each in self._listeners:
                if each.stream:
                    await self._reply(address_of_listener(each), event)

    async def join(self, listeners: Iterable[Listener]) -> None:
        """Add those that are new."""
        async with self._lock:
            for each in listeners:
                if each in self._listeners:
                    continue
                self._listeners.append(each)
                for event in self._told if each.stream else ():
                    await self._reply(address_of_listener(each), event)

    async def answer(self, event: Event) -> None:
        """Send the end of the turn to all."""
        async with self._lock:
            for address in (self._requester, *map(address_of_listener, self._listeners)):
                await self._reply(address, event)


def address_of_listener(listener: Listener) -> ReplyAddress:
    return ReplyAddress(listener.topic, listener.partition, listener.correlation_id)
