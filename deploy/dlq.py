"""`python -m deploy.dlq`: lists, shows and replays the records that could not be handled."""

import json
import logging
import sys
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Annotated, Any, Final

import structlog
from cyclopts import App, Parameter
from cyclopts.types import PositiveInt
from rich.console import Console
from rich.prompt import Confirm
from rich.table import Table
from rich.text import Text

from backchat_contracts import BY_NAME
from services.chassis.errors import BrokerUnavailableError, RecordTooLargeError
from services.chassis.messaging.dead_letters import DeadLetter, DeadLetters
from services.chassis.messaging.kafka import Kafka
from services.chassis.process.service import UNAVAILABLE_EXIT_CODE, USAGE_EXIT_CODE, connected, read_settings
from services.chassis.settings import KafkaSettings

FAILED_EXIT_CODE: Final = 1
SHOWN_BYTES: Final = 16_384
WIDEST, NARROWEST = 10_000, 24
TOPIC_OF: Final = {topic.dead_letters: topic.name for topic in BY_NAME.values()}

app = App(
    name="python -m deploy.dlq",
    help="Records that no service could handle: list, show and replay them. Kafka is where the settings say.",
    version_flags=[],
    default_parameter=Parameter(negative=()),
    error_console=Console(stderr=True, soft_wrap=True),
    error_formatter=lambda error: f"dlq: {error}",
)


class RequestError(Exception):
    """What was asked for is not there, or not clear."""


@app.command(name="list")
async def list_(
    *,
    topic: str | None = None,
    limit: PositiveInt = 50,
    replayed: bool = False,
    as_json: Annotated[bool, Parameter(name="--json")] = False,
) -> int:
    """Tell how many letters each topic has, and list the newest.

    Parameters
    ----------
    topic
        Only those of this topic.
    limit
        How many letters are listed at most.
    replayed
        Those too that were replayed already.
    as_json
        As JSON, for programs.

    """

    async def work(letters: DeadLetters) -> int:
        found = await letters.letters(_topics(topic))
        found = [letter for letter in found if replayed or not letter.replayed]
        (_print_json if as_json else _print_tables)(found, found[-limit:])
        return 0

    return await _run(work)


@app.command
async def show(letter_id: str, *, raw: bool = False) -> int:
    """Show a letter: where its record stood, the error, the headers and the value.

    Parameters
    ----------
    letter_id
        Its id as `list` tells it: topic/partition/offset.
    raw
        Write the bytes of the value, and nothing else.

    """

    async def work(letters: DeadLetters) -> int:
        (letter,) = await _chosen(letters, [letter_id])
        letter = await letters.read(letter)
        if raw:
            sys.stdout.buffer.write(letter.value or b"")
        else:
            sys.stdout.write(_described(letter))
        return 0

    return await _run(work)


@app.command
async def replay(
    *letter_ids: str,
    topic: str | None = None,
    every: Annotated[bool, Parameter(name="--all")] = False,
    again: bool = False,
    yes: bool = False,
) -> int:
    """Publish records again, as they came, to the topics where they were.

    Parameters
    ----------
    letter_ids
        The ids of their letters.
    topic
        All letters of this topic.
    every
        All letters of all topics.
    again
        Those too that were replayed already.
    yes
        Don't ask.

    """

    async def work(letters: DeadLetters) -> int:
        if bool(letter_ids) + bool(topic) + every != 1:
            raise RequestError("say which: ids, --topic or --all")
        found = await (_chosen(letters, letter_ids) if letter_ids else letters.letters(_topics(topic)))
        chosen = [letter for letter in found if again or not letter.replayed]
        if len(chosen) < len(found):
            skipped = len(found) - len(chosen)
            sys.stderr.write(f"dlq: {skipped} were replayed already (--again replays them)\n")
        if chosen and not (yes or _confirmed(len(chosen))):
            return FAILED_EXIT_CODE
        return await _replay(letters, chosen)

    return await _run(work)


async def _run(work: Callable[[DeadLetters], Awaitable[int]]) -> int:
    logging.disable(logging.CRITICAL)  # what matters is said in a line
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    # Not every broker has the idempotent producer, and a replay that comes twice does no harm.
    settings = read_settings(KafkaSettings).model_copy(update={"kafka_idempotence": False})
    try:
        async with connected(Kafka(settings, "dlq")) as kafka:
            return await work(DeadLetters(kafka))
    except RequestError as error:
        sys.stderr.write(f"dlq: {error}\n")
        return USAGE_EXIT_CODE
    except BrokerUnavailableError as error:
        sys.stderr.write(f"dlq: {_line(str(error))}\n")
        return UNAVAILABLE_EXIT_CODE


def _topics(topic: str | None) -> Iterable[str]:
    """Return the catalogue's topics, or this one of them; its dead-letter topic names it too."""
    if topic is None:
        return BY_NAME
    name = TOPIC_OF.get(topic, topic)
    if name not in BY_NAME:
        raise RequestError(f"there is no topic {printable(topic)}")
    return [name]


async def _chosen(letters: DeadLetters, ids: Sequence[str]) -> list[DeadLetter]:
    topics = {TOPIC_OF[name] for name in (letter_id.split("/")[0] for letter_id in ids) if name in TOPIC_OF}
    found = {letter.id: letter for letter in await letters.letters(topics)}
    if unknown := [letter_id for letter_id in ids if letter_id not in found]:
        raise RequestError(f"there is no letter {printable(', '.join(unknown))}; `list` has the ids")
    return [found[letter_id] for letter_id in dict.fromkeys(ids)]


def _confirmed(count: int) -> bool:
    if not sys.stdin.isatty():
        raise RequestError("nobody is here to confirm: say --yes")
    return Confirm.ask(f"Replay {count} record{'s' if count > 1 else ''}?", default=False)


async def _replay(letters: DeadLetters, chosen: Iterable[DeadLetter]) -> int:
    failed = 0
    for letter in chosen:
        try:
            await letters.replay(await letters.read(letter))
        except RecordTooLargeError as error:
            failed += 1
            sys.stderr.write(f"dlq: not replayed: {_line(str(error))}\n")
        else:
            sys.stdout.write(f"{letter.id} -> {letter.original_topic}\n")
    return FAILED_EXIT_CODE if failed else 0


def _by_topic(letters: Iterable[DeadLetter]) -> dict[str, list[DeadLetter]]:
    groups = defaultdict(list)
    for letter in letters:
        groups[letter.topic].append(letter)
    return dict(sorted(groups.items()))


def _print_tables(letters: Sequence[DeadLetter], listed: Sequence[DeadLetter]) -> None:
    if not letters:
        sys.stdout.write("no dead letters\n")
        return
    console = Console(width=WIDEST)  # what is cut is decided here: an id must stay whole
    topics = Table("topic", "letters", "oldest", "newest", box=None)
    for topic, group in _by_topic(letters).items():
        topics.add_row(topic, str(len(group)), _moment(group[0]), _moment(group[-1]))
    rows = [(each.id, each.place, _moment(each), each.reason.get("dlq_attempts", "?")) for each in listed]
    taken = sum(max(map(len, column)) + 2 for column in zip(*rows, strict=True)) + len("tries")
    table = Table("letter", "record", "at", "tries", "error", box=None)
    for letter, row in zip(listed, rows, strict=True):
        error = Text("(replayed) " * letter.replayed + _line(letter.reason.get("dlq_error", "")))
        error.truncate(max(Console().width - taken, NARROWEST), overflow="ellipsis")
        table.add_row(*map(Text, row), error)
    console.print(topics, "", table, sep="\n")


def _print_json(letters: Sequence[DeadLetter], listed: Sequence[DeadLetter]) -> None:
    topics = {
        topic: {"letters": len(group), "oldest": group[0].at.isoformat(), "newest": group[-1].at.isoformat()}
        for topic, group in _by_topic(letters).items()
    }
    entries: list[dict[str, Any]] = [
        {"id": letter.id, "at": letter.at.isoformat(), "replayed": letter.replayed, **letter.reason}
        for letter in listed
    ]
    sys.stdout.write(json.dumps({"topics": topics, "letters": entries}, indent=2) + "\n")


def _described(letter: DeadLetter) -> str:
    said = {"letter": letter.id, "record": letter.origin, "at": _moment(letter)}
    said |= {name: letter.reason.get(f"dlq_{name}", "") for name in ("attempts", "error", "size", "lost")}
    said["replayed"] = "yes" if letter.replayed else ""
    said["key"] = _readable(letter.key)
    lines = [f"{name:10}{printable(text)}" for name, text in said.items() if text]
    headers = [f"  {printable(name)}: {_readable(value)}" for name, value in letter.headers]
    return "\n".join([*lines, "headers", *headers, "value", _readable(letter.value), ""])


def _readable(value: bytes | None) -> str:
    """Return bytes as JSON, text, or else in hex, without what a terminal would obey."""
    if value is None:
        return "(null)"
    more = f"\n… {len(value)} bytes; --raw writes them all" if len(value) > SHOWN_BYTES else ""
    try:
        parsed = json.loads(value)
    except ValueError:  # of JSON as of UTF-8
        text = None
    else:
        text = json.dumps(parsed, indent=2, ensure_ascii=False) if isinstance(parsed, dict | list) else None
    try:
        text = text or value.decode()
    except UnicodeDecodeError:
        text = value[:SHOWN_BYTES].hex(" ")
    return printable(text[:SHOWN_BYTES]) + more


def printable(text: str) -> str:
    """Escape what is neither printable nor a line's end."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


def _line(text: str) -> str:
    return printable(" ".join(text.split()))


def _moment(letter: DeadLetter) -> str:
    return f"{letter.at:%Y-%m-%d %H:%M:%S}"


if __name__ == "__main__":
    app()
