"""Generate the JSON Schemas, the AsyncAPI document and the README's table of topics from the classes.

python -m backchat_contracts.generate [--check] [--into FOLDER]
"""

import argparse
import json
import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from backchat_contracts import asyncapi
from backchat_contracts.catalogue import REPLY_ONLY, TOPICS, Topic
from backchat_contracts.examples import examples
from backchat_contracts.schemas import first_sentence, schema_of

CONTRACTS: Final = Path(__file__).resolve().parents[1]
SCHEMAS: Final = "schemas"
REPLIES: Final = "replies"
TABLE_BEGIN: Final = "<!-- topics: written by `python -m backchat_contracts.generate` -->"
TABLE_END: Final = "<!-- end of topics -->"

Documents = Mapping[str, str]
"""The text of each file, by its path below `contracts/`."""


def documents() -> Documents:
    """Generate everything; the version, the examples and the rest of the README are those of the checkout."""
    project = tomllib.loads((CONTRACTS / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    readme = (CONTRACTS / "README.md").read_text(encoding="utf-8")
    return {
        **{f"{SCHEMAS}/{topic.name}.json": _json(schema_of(topic.event, topic.name)) for topic in TOPICS},
        **{
            f"{SCHEMAS}/{REPLIES}/{name}.json": _json(schema_of(cls, name))
            for name, cls in REPLY_ONLY.items()
        },
        "asyncapi.json": _json(asyncapi.document(project["version"], examples())),
        "README.md": _with_table(readme),
    }


def differences(wanted: Documents, folder: Path) -> list[str]:
    """Return the files of a folder that are missing, stale or superfluous, a line for each."""
    lines = []
    for name, text in wanted.items():
        path = folder / name
        if not path.is_file():
            lines.append(f"missing: {name}")
        elif path.read_bytes() != text.encode():
            lines.append(f"stale: {name}")
    return sorted([*lines, *(f"superfluous: {name}" for name in _superfluous(wanted, folder))])


def write(wanted: Documents, folder: Path) -> None:
    """Bring a folder up to date: write the files that differ, remove the schemas of no class."""
    for name, text in wanted.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != text.encode():
            path.write_bytes(text.encode())
    for name in _superfluous(wanted, folder):
        (folder / name).unlink()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m backchat_contracts.generate",
        description="Write the JSON Schemas, the AsyncAPI document and the README's table of topics.",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if a file is not up to date"
    )
    parser.add_argument("--into", type=Path, default=CONTRACTS, metavar="FOLDER", help="default: contracts/")
    options = parser.parse_args(arguments)
    wanted = documents()
    if not options.check:
        write(wanted, options.into)
        return 0
    if found := differences(wanted, options.into):
        sys.stderr.writelines(f"{line}\n" for line in found)
        sys.stderr.write("Run `python -m backchat_contracts.generate` and commit what it writes.\n")
    return 1 if found else 0


def _superfluous(wanted: Documents, folder: Path) -> list[str]:
    there = (path.relative_to(folder).as_posix() for path in (folder / SCHEMAS).rglob("*.json"))
    return sorted(name for name in there if name not in wanted)


def _with_table(readme: str) -> str:
    before, begin, rest = readme.partition(TABLE_BEGIN)
    _, end, after = rest.partition(TABLE_END)
    if not (begin and end):
        raise ValueError(f"the README has no table of topics between {TABLE_BEGIN} and {TABLE_END}")
    return f"{before}{begin}\n\n{_table()}\n\n{end}{after}"


def _table() -> str:
    head = ("topic", "meaning", "key", "from", "to", "kept")
    return "\n".join(
        f"| {' | '.join(cells)} |"
        for cells in (head, ["---"] * len(head), *(_row(topic) for topic in TOPICS))
    )


def _row(topic: Topic) -> Sequence[str]:
    return (
        f"[`{topic.name}`]({SCHEMAS}/{topic.name}.json)",
        first_sentence(topic.event),
        f"`{topic.key}`",
        ", ".join(topic.producers),
        ", ".join(topic.consumers),
        f"{topic.retention.days} day{'s' if topic.retention.days > 1 else ''}",
    )


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return re.sub(r"[^\n -~]", lambda found: found[0] if found[0].isprintable() else _escaped(found[0]), text)


def _escaped(character: str) -> str:
    return json.dumps(character)[1:-1]


if __name__ == "__main__":
    sys.exit(main())
