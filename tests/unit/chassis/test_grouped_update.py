"""The statement that makes several changes is the one that its module shows."""

import ast
import inspect
from typing import Any

from services.chassis.storage import grouped_update
from services.chassis.storage.grouped_update import Change, render


def shown() -> tuple[list[Change], dict[str, Any]]:
    """The changes and the rendered statement in the module's docstring."""
    lines = inspect.getdoc(grouped_update).splitlines()  # type: ignore[union-attr]
    code = "\n".join(line.removeprefix("    ") for line in lines if line.startswith("    "))
    changes, rendered = [], {}
    for node in ast.parse(code).body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            changes.append(Change(*map(ast.literal_eval, node.value.args)))
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            rendered[node.targets[0].id] = ast.literal_eval(node.value)
    return changes, rendered


def test_the_example_is_what_is_rendered() -> None:
    changes, rendered = shown()
    assert len(changes) == 2

    assert render(changes) == (rendered["matching"], rendered["pipeline"], rendered["variables"])
