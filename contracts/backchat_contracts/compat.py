"""Find the changes of published schemas that break programs which publish or read.

    python -m backchat_contracts.compat OLD_FOLDER NEW_FOLDER

Records outlive the code that wrote them: a valid record stays valid, and none of its fields is ignored.
Readers of facts and replies outlive it too: the fields that they were promised still come. A new optional
field breaks neither, nor does a new value of an enumeration; any other change needs a new topic and class.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from math import inf
from pathlib import Path
from typing import Any, Final

Schema = Mapping[str, Any]

REQUEST: Final = re.compile(r"\.([a-z]+-)*(requested|queried)(\.v[0-9]+)?$")
"""The types that other programs may send; the others are sent by Backchat only."""

# keyword, its exclusive twin, and the sign of the direction in which the limit is tighter
_LIMITS: Final = (
    ("minimum", "exclusiveMinimum", 1),
    ("maximum", "exclusiveMaximum", -1),
    ("minLength", "", 1),
    ("maxLength", "", -1),
    ("minItems", "", 1),
    ("maxItems", "", -1),
    ("maxProperties", "", -1),
)


def breaking_changes(old: Schema, new: Schema, *, request: bool) -> list[str]:
    """Return why a schema can't replace an older one; nothing where it can.

    Args:
        old: as published.
        new: as it would be published.
        request: other programs send it, so that it may accept more than before; a fact may not.

    """
    before, after = _inlined(old, old.get("$defs", {})), _inlined(new, new.get("$defs", {}))
    found = [f"an older record {problem}" for problem in _problems(before, after, "", to_new=True)]
    if not request:
        found += [f"a newer record {problem}" for problem in _problems(after, before, "", to_new=False)]
    return found


def compare(old: Path, new: Path) -> list[str]:
    """Return the breaking changes between two folders of schemas, a line for each."""
    lines = []
    for path in sorted(old.rglob("*.json")):
        name = path.relative_to(old)
        successor = new / name
        if not successor.is_file():
            lines.append(f"{name.as_posix()}: is gone")
            continue
        request = bool(REQUEST.search(path.stem))
        changes = breaking_changes(_read(path), _read(successor), request=request)
        lines += [f"{name.as_posix()}: {change}" for change in changes]
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m backchat_contracts.compat",
        description="Name the changes that break programs which publish or read; exit 1 if there are any.",
    )
    parser.add_argument("old", type=Path, metavar="OLD_FOLDER", help="the schemas as published")
    parser.add_argument("new", type=Path, metavar="NEW_FOLDER", help="the schemas as they would be published")
    options = parser.parse_args(arguments)
    for folder in (options.old, options.new):
        if not any(folder.rglob("*.json")):
            parser.error(f"there are no schemas in {folder}")
    found = compare(options.old, options.new)
    sys.stderr.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


def _problems(sent: Schema, known: Schema, where: str, *, to_new: bool) -> Iterator[str]:
    """Yield why a reader with the `known` schema can't take a record of the `sent` one."""
    for alternative in _alternatives(sent):
        attempts = [
            (
                _same_type(alternative, candidate),
                list(_mismatches(alternative, candidate, where, to_new=to_new)),
            )
            for candidate in _alternatives(known)
        ]
        # The alternative that fits, else the most similar one.
        _, problems = min(
            attempts, key=lambda attempt: (bool(attempt[1]) and not attempt[0], len(attempt[1]))
        )
        yield from problems
    if to_new and "default" in sent and "default" in known and sent["default"] != known["default"]:
        was, now = json.dumps(sent["default"]), json.dumps(known["default"])
        yield f"without {where} meant {was} and would mean {now}"


def _mismatches(sent: Schema, known: Schema, where: str, *, to_new: bool) -> Iterator[str]:
    sent_type, known_type = sent.get("type"), known.get("type")
    if known_type not in (None, sent_type) and (sent_type, known_type) != ("integer", "number"):
        yield f"has {where or 'a value'} of type {sent_type or 'any'}, not {known_type}"
        return
    if to_new:
        yield from _values(sent, known, where)
    yield from _limits(sent, known, where)
    yield from _fields(sent, known, where, to_new=to_new)
    for position, item in enumerate(known.get("prefixItems", ())):
        others = sent.get("prefixItems", ())
        other = others[position] if position < len(others) else sent.get("items", {})
        yield from _problems(other, item, f"{where}[{position}]", to_new=to_new)
    if isinstance(known.get("items"), dict):
        yield from _problems(sent.get("items", {}), known["items"], f"{where}[]", to_new=to_new)


def _fields(sent: Schema, known: Schema, where: str, *, to_new: bool) -> Iterator[str]:
    there, understood = sent.get("properties", {}), known.get("properties", {})
    for name in sorted(set(known.get("required", ())) - set(sent.get("required", ()))):
        yield f"may come without {_path(where, name)}, which is required"
    for name, field in there.items():
        if name in understood:
            yield from _problems(field, understood[name], _path(where, name), to_new=to_new)
        elif to_new or known.get("additionalProperties") is False:
            yield f"has {_path(where, name)}, which is not known"
    others, accepted = sent.get("additionalProperties", True), known.get("additionalProperties", True)
    if accepted is False and others is not False:
        yield f"may have unknown fields in {where or 'it'}, which are refused"
    elif isinstance(accepted, dict) and others is not False:
        yield from _problems({} if others is True else others, accepted, _path(where, "*"), to_new=to_new)
    names = {"type": "string"}
    sent_names, known_names = (names | schema.get("propertyNames", {}) for schema in (sent, known))
    yield from _limits(sent_names, known_names, f"a name in {where or 'it'}")


def _values(sent: Schema, known: Schema, where: str) -> Iterator[str]:
    allowed = _enumerated(known)
    if allowed is None:
        return
    values = _enumerated(sent)
    if values is None:
        yield f"may have any {where}, not only {json.dumps(allowed)}"
        return
    for value in values:
        if value not in allowed:
            yield f"may have {where} {json.dumps(value)}, which is not allowed"


def _limits(sent: Schema, known: Schema, where: str) -> Iterator[str]:
    for keyword, strict, sign in _LIMITS:
        if _limit(known, keyword, strict, sign) > _limit(sent, keyword, strict, sign):
            stated = keyword if keyword in known else strict
            yield f"may have {where} beyond {stated} {known[stated]}"
    for keyword in ("pattern", "format", "multipleOf", "uniqueItems"):
        if keyword in known and known[keyword] != sent.get(keyword):
            yield f"may have {where} not of {keyword} {known[keyword]}"


def _limit(schema: Schema, keyword: str, strict: str, sign: int) -> tuple[float, bool]:
    stated = [(sign * schema[name], name == strict) for name in (keyword, strict) if name in schema]
    return max(stated, default=(-inf, False))


def _enumerated(schema: Schema) -> list[Any] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _alternatives(schema: Schema) -> Sequence[Schema]:
    return schema.get("anyOf") or schema.get("oneOf") or [schema]


def _same_type(one: Schema, other: Schema) -> bool:
    return bool(one.get("type") == other.get("type"))


def _inlined(schema: Any, definitions: Schema, within: tuple[str, ...] = ()) -> Any:  # noqa: ANN401
    """Replace references with their definitions; one within its own definition becomes any value."""
    if isinstance(schema, list):
        return [_inlined(item, definitions, within) for item in schema]
    if not isinstance(schema, dict):
        return schema
    own = {
        key: _inlined(value, definitions, within)
        for key, value in schema.items()
        if key not in {"$defs", "$ref"}
    }
    if "$ref" not in schema:
        return own
    name = schema["$ref"].rpartition("/")[2]
    if name in within:
        return own
    return {**_inlined(definitions[name], definitions, (*within, name)), **own}


def _path(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _read(path: Path) -> Schema:
    schema: Schema = json.loads(path.read_text(encoding="utf-8"))
    return schema


if __name__ == "__main__":
    sys.exit(main())
