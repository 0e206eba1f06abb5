"""A server of a language model that misbehaves on order, on a socket of its own."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any, Final

WORDS: Final = ("The ", "steadier ", "one ", "is ", "momentum.")
TEXT: Final = "".join(WORDS)
USAGE: Final = {"prompt_tokens": 1000, "completion_tokens": 20, "total_tokens": 1020}
HOURS: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def key(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")


@dataclass(slots=True)
class Exchange:
    """A request, and the connection that the answer goes to."""

    asked: Asked
    writer: asyncio.StreamWriter
    done: bool = False
    """Whether the connection can take the next request."""

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def head(
        self, status: int = 200, kind: str = "text/event-stream", headers: Mapping[str, str] | None = None
    ) -> None:
        """Send the head of an answer whose body is in chunks."""
        lines = [
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            f"Content-Type: {kind}",
            "Transfer-Encoding: chunked",
            *(f"{name}: {value}" for name, value in (headers or {}).items()),
        ]
        await self.send("\r\n".join([*lines, "", ""]).encode())

    async def part(self, data: bytes) -> None:
        await self.send(b"%x\r\n%s\r\n" % (len(data), data))

    async def event(self, data: object) -> None:
        text = data if isinstance(data, str) else json.dumps(data)
        await self.part(f"data: {text}\n\n".encode())

    async def say(self, *words: str) -> None:
        for word in words:
            await self.event(chunk({"content": word}))

    async def end(self) -> None:
        await self.send(b"0\r\n\r\n")
        self.done = True

    async def finish(self, reason: str | None = "stop") -> None:
        """Say why the answer ends, count the tokens if they were asked for, and end."""
        if reason:
            await self.event(chunk({}, reason))
        if self.asked.body.get("stream_options", {}).get("include_usage"):
            await self.event({"id": "x", "object": "chat.completion.chunk", "choices": [], "usage": USAGE})
        await self.event("[DONE]")
        await self.end()

    async def json(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        await self.head(status, "application/json", headers)
        await self.part(json.dumps(body).encode())
        await self.end()

    async def error(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        await self.json(status, {"error": {"message": message, "type": "invalid_request_error"}}, headers)


Behaviour = Callable[[Exchange], Awaitable[None]]


def chunk(delta: object, reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


async def hang(_exchange: Exchange) -> None:
    await asyncio.sleep(HOURS)


async def answer(exchange: Exchange) -> None:
    """Answer as OpenAI does."""
    await exchange.head()
    await exchange.event(chunk({"role": "assistant", "content": ""}))
    await exchange.say(*WORDS)
    await exchange.finish()


async def hang_before_token(exchange: Exchange) -> None:
    await exchange.head()
    await exchange.event(chunk({"role": "assistant", "content": ""}))
    await hang(exchange)


async def hang_after_keepalives(exchange: Exchange) -> None:
    await exchange.head()
    while True:
        await exchange.part(b": still here\n\n")
        await asyncio.sleep(0.02)


async def hang_in_the_middle(exchange: Exchange) -> None:
    await exchange.head()
    await exchange.say(*WORDS[:2])
    await hang(exchange)


async def hang_after_the_end(exchange: Exchange) -> None:
    """Say all of it, and leave the connection open."""
    await exchange.head()
    await exchange.say(*WORDS)
    await exchange.event(chunk({}, "stop"))
    await hang(exchange)


async def empty_chunks(exchange: Exchange) -> None:
    await exchange.head()
    while True:
        await exchange.event(chunk({"content": ""}))
        await asyncio.sleep(0.02)


async def drip(exchange: Exchange) -> None:
    """Send one byte now and then."""
    await exchange.head()
    for byte in f"data: {json.dumps(chunk({'content': TEXT}))}\n\n".encode():
        await exchange.part(bytes([byte]))
        await asyncio.sleep(0.05)


async def echo_key(exchange: Exchange) -> None:
    key = exchange.asked.key
    await exchange.error(401, f"Incorrect API key provided: {key}. You sent Bearer {key}.")


def status(code: int, **headers: str) -> Behaviour:
    async def refuse(exchange: Exchange) -> None:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        await exchange.error(code, f"status {code}", sent)

    return refuse


def limited_until(seconds: float) -> Behaviour:
    """Answer 429 with a date that far from now."""

    async def refuse(exchange: Exchange) -> None:
        date = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
        await exchange.error(429, "slow down", {"Retry-After": date})

    return refuse


async def close_at_once(_exchange: Exchange) -> None:
    """Close the connection without an answer."""


async def close_in_a_chunk(exchange: Exchange) -> None:
    await exchange.head()
    await exchange.say(*WORDS[:2])
    await exchange.send(b'40\r\ndata: {"id": "x", "cho')


async def redirect(exchange: Exchange) -> None:
    await exchange.head(302, "text/plain", {"Location": "/elsewhere"})
    await exchange.end()


def body(data: bytes, kind: str = "text/event-stream", code: int = 200, **headers: str) -> Behaviour:
    async def send(exchange: Exchange) -> None:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        await exchange.head(code, kind, sent)
        await exchange.part(data)
        await exchange.end()

    return send


def events(*data: object, reason: str | None = "stop") -> Behaviour:
    async def send(exchange: Exchange) -> None:
        await exchange.head()
        for each in data:
            await exchange.event(each)
        await exchange.finish(reason)

    return send


def huge(megabytes: int, code: int = 200) -> Behaviour:
    """Send that much in one line."""

    async def send(exchange: Exchange) -> None:
        await exchange.head(code)
        await exchange.part(b'data: {"choices": [{"index": 0, "delta": {"content": "')
        for _ in range(megabytes):
            await exchange.part(b"x" * 1_000_000)
        await exchange.part(b'"}, "finish_reason": "stop"}]}\n\n')
        await exchange.end()

    return send


async def endless(exchange: Exchange) -> None:
    await exchange.head()
    while True:
        await exchange.say("and so on " * 100)


def refuse_option(option: str, message: str) -> Behaviour:
    """Refuse requests with an option, and answer others."""

    async def respond(exchange: Exchange) -> None:
        if option in exchange.asked.body:
            await exchange.error(400, message)
        else:
            await answer(exchange)

    return respond


@dataclass(slots=True)
class HostileModel:
    """What the server was asked, and how it behaves: the behaviours in turn, the last one for ever."""

    url: str = ""
    behaviours: list[Behaviour] = field(default_factory=lambda: [answer])
    asked: list[Asked] = field(default_factory=list)

    def then(self, *behaviours: Behaviour) -> None:
        self.behaviours = list(behaviours)

    def next(self) -> Behaviour:
        return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]


@asynccontextmanager
async def serving(*behaviours: Behaviour) -> AsyncIterator[HostileModel]:
    """Serve until the end of the block."""
    model = HostileModel()
    if behaviours:
        model.then(*behaviours)
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await _exchange(model, reader, writer):
                    pass
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, backlog=1024)
    model.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield model
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _exchange(model: HostileModel, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Answer one request; return whether the connection can take another."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    content = await reader.readexactly(int(headers.get("content-length", 0)))
    asked = Asked(head[0].split()[1], headers, json.loads(content or b"{}"))
    model.asked.append(asked)
    exchange = Exchange(asked, writer)
    await model.next()(exchange)
    return exchange.done


def called(arguments: object, index: int | None = 0, **given: str) -> dict[str, Any]:
    """Return a chunk with a part of the call of a tool; `given`: its id and its name."""
    function = {"arguments": arguments, **{key: value for key, value in given.items() if key == "name"}}
    part: dict[str, Any] = {"type": "function", "function": function}
    if index is not None:
        part["index"] = index
    if "id" in given:
        part["id"] = given["id"]
    return chunk({"tool_calls": [part]})


HALVES: Final = ('{"metric":', ' "sharpe"}')
TOOL_CALLS: Final[Mapping[str, Sequence[object]]] = {
    "in fragments": [called("", id="a", name="rank"), *(called(half) for half in HALVES)],
    "whole": [called("".join(HALVES), id="a", name="rank")],
    "without an index": [called(HALVES[0], None, id="a", name="rank"), called(HALVES[1], None)],
    "with id and name in each": [called(half, id="a", name="rank") for half in HALVES],
    "an object for the arguments": [called({"metric": "sharpe"}, id="a", name="rank")],
}
"""Ways in which servers send one call."""
TWO_CALLS: Final[Mapping[str, Sequence[object]]] = {
    "by index": [
        called(HALVES[0], 0, id="a", name="rank"),
        called(HALVES[0], 1, id="b", name="rank"),
        called(HALVES[1], 0),
        called(HALVES[1], 1),
    ],
    "all with index 0": [called("".join(HALVES), 0, id=name, name="rank") for name in "ab"],
    "without an index": [called("".join(HALVES), None, id=name, name="rank") for name in "ab"],
}
"""Ways in which they send two."""
