"""The example records, as they are in the checkout: `examples/<type>/<scenario>.json`."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "examples"


@cache
def examples(folder: Path = FOLDER) -> Mapping[str, list[dict[str, Any]]]:
    """Return the examples of each message type, by scenario: `name`, `headers`, `key` and `value`.

    An installed package has none.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(folder.rglob("*.json")):
        example = json.loads(path.read_text(encoding="utf-8"))
        found.setdefault(path.parent.name, []).append({"name": path.stem, **example})
    return found
