"""`python -m deploy.dlq`: lists, shows and replays the records that no service could handle."""

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

from backchat_contracts import BY_NAME
from deploy.dlq.records import DeadLetter, DeadLetters
from deploy.terminal import output_width
from services.chassis.errors import BrokerUnavailableError, RecordTooLargeError
from services.chassis.messaging.kafka import Kafka
from services.chassis.printable import printable, printable_line
from services.chassis.process.service import UNAVAILABLE_EXIT_CODE, USAGE_EXIT_CODE, connected, read_settings
from services.chassis.redaction import Redaction
from services.chassis.settings import KafkaSettings

FAILED_EXIT_CODE: Final = 1
SHOWN_BYTES: Final = 16_384
NARROWEST: Final = 24
"""Characters of an error that are shown also on a narrow terminal."""
TOPIC_OF: Final = {topic.dead_letters: topic.name for topic in BY_NAME.values()}

app = App(
    name="python -m deploy.dlq",
    help="Dead letters: records that no service could handle. The settings say where Kafka is.",
    version_flags=[],
    default_parameter=Parameter(negative=()),
    error_console=Console(stderr=True, soft_wrap=True),
    error_formatter=lambda error: f"dlq: {error}",
)
DeadLetterId = Annotated[str, Parameter(help="An id as `list` shows it: topic/partition/offset.")]


class RequestError(Exception):
    """What is wrong with the command line: an unknown topic or id, or a missing choice."""


@app.command(name="list")
async def list_(
    *,
    topic: Annotated[str | None, Parameter(help="Only those of this topic.")] = None,
    limit: Annotated[PositiveInt, Parameter(help="How many are listed at most.")] = 50,
    replayed: Annotated[bool, Parameter(help="List those too that were replayed already.")] = False,
    as_json: Annotated[bool, Parameter(name="--json", help="Write JSON, for programs.")] = False,
) -> int:
    """Count the dead letters of each topic, and list the newest."""

    async def work(dead_letters: DeadLetters) -> int:
        found = await dead_letters.find(_topics(topic))
        found = [each for each in found if replayed or not each.replayed]
        (_print_json if as_json else _print_tables)(found, found[-limit:])
        return 0

    return await _run(work)


@app.command
async def show(
    dead_letter_id: DeadLetterId,
    *,
    raw: Annotated[bool, Parameter(help="Write the bytes of the value, and nothing else.")] = False,
) -> int:
    """Show a dead letter: where its record came from, the error, the headers and the value."""

    async def work(dead_letters: DeadLetters) -> int:
        (found,) = await _chosen(dead_letters, [dead_letter_id])
        found = await dead_letters.read(found)
        if raw:
            sys.stdout.buffer.write(found.value or b"")
        else:
            sys.stdout.write(_described(found))
        return 0

    return await _run(work)


@app.command
async def replay(
    *dead_letter_ids: DeadLetterId,
    topic: Annotated[str | None, Parameter(help="Replay all of this topic.")] = None,
    every: Annotated[bool, Parameter(name="--all", help="Replay all of all topics.")] = False,
    again: Annotated[bool, Parameter(help="Replay those too that were replayed already.")] = False,
    yes: Annotated[bool, Parameter(help="Don't ask for confirmation.")] = False,
) -> int:
    """Publish records again, as they came, to the topics from which they came."""

    async def work(dead_letters: DeadLetters) -> int:
        if bool(dead_letter_ids) + bool(topic) + every != 1:
            raise RequestError("name the dead letters: ids, --topic or --all")
        found = await (
            _chosen(dead_letters, dead_letter_ids) if dead_letter_ids else dead_letters.find(_topics(topic))
        )
        chosen = [each for each in found if again or not each.replayed]
        if len(chosen) < len(found):
            skipped = len(found) - len(chosen)
            sys.stderr.write(f"dlq: {skipped} were replayed already (--again replays them)\n")
        if chosen and not (yes or _confirmed(len(chosen))):
            return FAILED_EXIT_CODE
        return await _replay(dead_letters, chosen)

    return await _run(work)


async def _run(work: Callable[[DeadLetters], Awaitable[int]]) -> int:
    logging.disable(logging.CRITICAL)  # errors are printed in a line
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    # Not every broker has the idempotent producer, and a record that is replayed twice does no harm.
    settings = read_settings(KafkaSettings).model_copy(update={"kafka_idempotence": False})
    try:
        async with connected(Kafka(settings, "dlq")) as kafka:
            return await work(DeadLetters(kafka))
    except RequestError as error:
        sys.stderr.write(f"dlq: {error}\n")
        return USAGE_EXIT_CODE
    except BrokerUnavailableError as error:
        sys.stderr.write(f"dlq: {Redaction.of(settings)(_line(str(error)))}\n")
        return UNAVAILABLE_EXIT_CODE


def _topics(topic: str | None) -> Iterable[str]:
    """Return the names of all topics, or of this one; it may be given as its dead-letter topic."""
    if topic is None:
        return BY_NAME
    name = TOPIC_OF.get(topic, topic)
    if name not in BY_NAME:
        raise RequestError(f"there is no topic {printable(topic)}")
    return [name]


async def _chosen(dead_letters: DeadLetters, ids: Sequence[str]) -> list[DeadLetter]:
    topics = {TOPIC_OF[name] for name in (each.split("/")[0] for each in ids) if name in TOPIC_OF}
    found = {each.id: each for each in await dead_letters.find(topics)}
    if unknown := [each for each in ids if each not in found]:
        raise RequestError(f"there is no dead letter {printable(', '.join(unknown))}; `list` has the ids")
    return [found[each] for each in dict.fromkeys(ids)]


def _confirmed(count: int) -> bool:
    if not sys.stdin.isatty():
        raise RequestError("no terminal to confirm at: add --yes")
    return Confirm.ask(f"Replay {count} record{'s' if count > 1 else ''}?", default=False)


async def _replay(dead_letters: DeadLetters, chosen: Iterable[DeadLetter]) -> int:
    failed = 0
    for each in chosen:
        try:
            await dead_letters.replay(await dead_letters.read(each))
        except RecordTooLargeError as error:
            failed += 1
            sys.stderr.write(f"dlq: not replayed: {_line(str(error))}\n")
        else:
            sys.stdout.write(f"{each.id} -> {each.original_topic}\n")
    return FAILED_EXIT_CODE if failed else 0


def _by_topic(found: Iterable[DeadLetter]) -> list[tuple[str, list[DeadLetter]]]:
    groups = defaultdict(list)
    for each in found:
        groups[each.topic].append(each)
    return sorted(groups.items())


def _print_tables(found: Sequence[DeadLetter], listed: Sequence[DeadLetter]) -> None:
    if not found:
        sys.stdout.write("no dead letters\n")
        return
    topics = [["topic", "dead letters", "oldest", "newest"]]
    topics += [[topic, f"{len(all_)}", _time(all_[0]), _time(all_[-1])] for topic, all_ in _by_topic(found)]
    rows = [["id", "partition/offset", "at", "attempts", "error"]]
    for each in listed:
        error = "(replayed) " * each.replayed + _line(each.reason.get("dlq_error", ""))
        rows.append([each.id, each.position, _time(each), each.reason.get("dlq_attempts", "?"), error])
    sys.stdout.write(f"{_table(topics)}\n\n{_table(rows)}\n")


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Return columns as wide as their widest text; at a terminal, the last one is cut at its edge."""
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    room = max(output_width() - sum(widths) - 2 * len(widths), NARROWEST)
    lines = []
    for *texts, last in rows:
        cut = last if len(last) <= room else last[: room - 1] + "…"
        lines.append("  ".join([*map(str.ljust, texts, widths), cut]).rstrip())
    return "\n".join(lines)


def _print_json(found: Sequence[DeadLetter], listed: Sequence[DeadLetter]) -> None:
    topics = {
        topic: {"count": len(all_), "oldest": all_[0].at.isoformat(), "newest": all_[-1].at.isoformat()}
        for topic, all_ in _by_topic(found)
    }
    entries: list[dict[str, Any]] = [
        {"id": each.id, "at": each.at.isoformat(), "replayed": each.replayed, **each.reason}
        for each in listed
    ]
    sys.stdout.write(json.dumps({"topics": topics, "dead_letters": entries}, indent=2) + "\n")


def _described(found: DeadLetter) -> str:
    said = {"id": found.id, "record": found.origin, "at": _time(found)}
    said |= {name: found.reason.get(f"dlq_{name}", "") for name in ("attempts", "error", "size", "lost")}
    said["replayed"] = "yes" if found.replayed else ""
    said["key"] = _readable(found.key)
    lines = [f"{name:10}{printable(text)}" for name, text in said.items() if text]
    headers = [f"  {printable(name)}: {_readable(value)}" for name, value in found.headers]
    return "\n".join([*lines, "headers", *headers, "value", _readable(found.value), ""])


def _readable(value: bytes | None) -> str:
    """Return bytes as JSON, as text, or else in hex, without control characters for the terminal."""
    if value is None:
        return "(null)"
    more = f"\n… {len(value)} bytes; --raw writes them all" if len(value) > SHOWN_BYTES else ""
    try:
        parsed = json.loads(value)
    except ValueError:  # neither JSON nor UTF-8
        text = None
    else:
        text = json.dumps(parsed, indent=2, ensure_ascii=False) if isinstance(parsed, dict | list) else None
    try:
        text = text or value.decode()
    except UnicodeDecodeError:
        text = value[:SHOWN_BYTES].hex(" ")
    return printable(text[:SHOWN_BYTES]) + more


def _line(text: str) -> str:
    return printable_line(" ".join(text.split()))


def _time(found: DeadLetter) -> str:
    return f"{found.at:%Y-%m-%d %H:%M:%S}"


if __name__ == "__main__":
    app()
