"""The first provider fails in one of many ways, on a real socket; the second answers in its place."""

import asyncio

import pytest

from services.language_model.errors import Failure, LlmError
from services.language_model.pieces import Finished, Restarted
from tests.hostile_model import (
    TEXT,
    Behaviour,
    body,
    chunk,
    close_at_once,
    close_in_a_chunk,
    drip,
    echo_key,
    empty_chunks,
    endless,
    events,
    hang,
    hang_after_keepalives,
    hang_before_token,
    hang_in_the_middle,
    huge,
    limited_until,
    redirect,
    serving,
    status,
)
from tests.programs.language_model.models import KEY, chained, pieces_of, provider, text_of

pytestmark = pytest.mark.anyio

START = b'data: {"choices": [{"index": 0, "delta": {"content": "The "}}]}\n\n'
HTML = b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>"

PATIENT_SECONDS = 5.0


def limit_of(failure: Failure) -> float:
    """Return a limit that is soon reached where that is the test, and not where it is not."""
    return 0.3 if failure is Failure.LATE else PATIENT_SECONDS


FAILURES: dict[str, tuple[Behaviour, Failure, int]] = {
    # name: how it fails, as what that is known, and how many requests it gets
    "hangs before headers": (hang, Failure.LATE, 1),
    "hangs before the first token": (hang_before_token, Failure.LATE, 1),
    "keeps the connection alive and says nothing": (hang_after_keepalives, Failure.LATE, 1),
    "hangs in the middle": (hang_in_the_middle, Failure.LATE, 1),
    "one byte now and then": (drip, Failure.LATE, 1),
    "chunks without content": (empty_chunks, Failure.LATE, 1),
    "400": (status(400), Failure.REFUSED, 1),
    "401 echoing the key": (echo_key, Failure.MISCONFIGURED, 1),
    "403": (status(403), Failure.MISCONFIGURED, 1),
    "404": (status(404), Failure.MISCONFIGURED, 1),
    "413": (status(413), Failure.REFUSED, 1),
    "422": (status(422), Failure.REFUSED, 1),
    "429": (status(429), Failure.LIMITED, 2),
    "429, soon again": (status(429, Retry_After="0.05"), Failure.LIMITED, 2),
    "429, soon again in milliseconds": (status(429, Retry_After_Ms="50"), Failure.LIMITED, 2),
    "429, much later": (status(429, Retry_After="3000"), Failure.LIMITED, 1),
    "429 with a date in an hour": (limited_until(3600), Failure.LIMITED, 1),
    "429 with a date that has passed": (limited_until(-3600), Failure.LIMITED, 2),
    "429 with a nonsensical pause": (status(429, Retry_After="soonish"), Failure.LIMITED, 2),
    "429 with an infinite pause": (status(429, Retry_After="inf"), Failure.LIMITED, 2),
    "500": (status(500), Failure.SERVER, 2),
    "503": (status(503), Failure.SERVER, 2),
    "529": (body(b"", code=503, Retry_After="3000"), Failure.SERVER, 1),
    "302": (redirect, Failure.MISCONFIGURED, 1),
    "closes before headers": (close_at_once, Failure.DISCONNECTED, 2),
    "closes in the middle of a chunk": (close_in_a_chunk, Failure.DISCONNECTED, 1),
    "HTML": (body(HTML, "text/html"), Failure.MALFORMED, 1),
    "HTML as an event stream": (body(HTML), Failure.INCOMPLETE, 1),
    "HTML with 500": (body(HTML, "text/html", 500), Failure.SERVER, 2),
    "one JSON document": (body(b'{"choices": []}', "application/json"), Failure.MALFORMED, 1),
    "nothing": (body(b"\n"), Failure.INCOMPLETE, 1),
    "compressed": (body(b"\x1f\x8b", Content_Encoding="gzip"), Failure.MALFORMED, 1),
    "choices: null": (events({"id": "x", "choices": None}), Failure.MALFORMED, 1),
    "no choices at all": (events({"id": "x"}), Failure.MALFORMED, 1),
    "choices: [] alone": (events({"choices": []}, reason=None), Failure.INCOMPLETE, 1),
    "choices: [null]": (events({"choices": [None]}), Failure.MALFORMED, 1),
    "choices: [1]": (events({"choices": [1]}), Failure.MALFORMED, 1),
    "choices: an object": (events({"choices": {"a": 1}}), Failure.MALFORMED, 1),
    "a list for a chunk": (events([1, 2]), Failure.MALFORMED, 1),
    "a number for a chunk": (events(5), Failure.MALFORMED, 1),
    "null for a chunk": (events(None), Failure.MALFORMED, 1),
    "a number for text": (events(chunk({"content": 12})), Failure.MALFORMED, 1),
    "a list for text": (events(chunk({"content": ["a"]})), Failure.MALFORMED, 1),
    "delta: null": (events(chunk(None)), Failure.MALFORMED, 1),
    "delta: a text": (events(chunk("The")), Failure.EMPTY, 1),
    "half a surrogate pair": (events(chunk({"content": "a\ud800"})), Failure.MALFORMED, 1),
    "finish_reason: a number": (events(chunk({"content": "a"}, 1)), Failure.MALFORMED, 1),  # type: ignore[arg-type]
    "no finish_reason": (events(chunk({"content": "The"}), reason=None), Failure.INCOMPLETE, 1),
    "finish_reason: length": (events(chunk({"content": "The"}), reason="length"), Failure.INCOMPLETE, 1),
    "filtered": (events(chunk({"content": "The"}), reason="content_filter"), Failure.INCOMPLETE, 1),
    "an empty answer": (events(chunk({"content": " \n"})), Failure.EMPTY, 1),
    "an error inside the stream": (events({"error": {"message": "overloaded"}}), Failure.SERVER, 2),
    "not JSON": (body(START + b"data: {oops\n\n"), Failure.MALFORMED, 1),
    "not UTF-8": (body(START + b'data: {"choices": "\xff\xfe"}\n\n'), Failure.MALFORMED, 1),
    "deep JSON": (body(b"data: " + b"[" * 90_000 + b"\n\n"), Failure.MALFORMED, 1),
    "a tool that was not offered": (
        events(chunk({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "rank"}}]})),
        Failure.MALFORMED,
        1,
    ),
    "tool_calls: a number": (events(chunk({"tool_calls": 3})), Failure.MALFORMED, 1),
    "tool_calls: [null]": (events(chunk({"tool_calls": [None]})), Failure.MALFORMED, 1),
    "endless": (endless, Failure.TOO_LARGE, 1),
    "60 MB in one line": (huge(60), Failure.TOO_LARGE, 1),
    "60 MB with 500": (huge(60, 500), Failure.TOO_LARGE, 1),
}


@pytest.mark.parametrize(
    ("behaviour", "seconds", "requests"),
    [(how, limit_of(failure), requests) for how, failure, requests in FAILURES.values()],
    ids=FAILURES,
)
async def test_the_next_provider_answers_in_place_of_one_that_fails(
    behaviour: Behaviour, seconds: float, requests: int
) -> None:
    async with (
        serving(behaviour) as first,
        serving() as second,
        chained(provider("first", first.url, seconds), provider("second", second.url)) as chain,
        asyncio.timeout(9),
    ):
        pieces = await pieces_of(chain)

    assert text_of(pieces) == TEXT
    finished = pieces[-1]
    assert isinstance(finished, Finished)
    assert (finished.provider, finished.model) == ("second", "second-model")
    assert len(first.asked) == requests
    assert sum(isinstance(piece, Restarted) for piece in pieces) == (len(pieces) > 6)


@pytest.mark.parametrize(("behaviour", "failure", "requests"), FAILURES.values(), ids=FAILURES)
async def test_alone_it_is_an_error_of_its_kind_without_the_key(
    behaviour: Behaviour, failure: Failure, requests: int
) -> None:
    seconds = limit_of(failure)
    async with (
        serving(behaviour) as model,
        chained(provider("only", model.url, seconds)) as chain,
        asyncio.timeout(9),
    ):
        with pytest.raises(LlmError) as raised:
            await pieces_of(chain)

    (tried,) = raised.value.tried
    assert (tried.provider, tried.failure) == ("only", failure), tried
    assert len(model.asked) == requests
    assert model.asked[0].key == KEY
    assert KEY[:10] not in str(raised.value)
    assert len(str(raised.value)) < 500
