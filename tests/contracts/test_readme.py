"""The README of the contracts is true: its example program, its table of headers, its links."""

import ast
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from backchat_contracts import BY_NAME, BacktestRequested


@pytest.fixture(scope="module")
def readme(contracts: Path) -> str:
    return (contracts / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def program(readme: str) -> ast.Module:
    blocks = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert len(blocks) == 1
    return ast.parse(blocks[0])


def assigned(program: ast.Module, name: str) -> Any:
    """Return the value that the example program assigns to a name."""
    for node in ast.walk(program):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return eval(ast.unparse(node.value), {"uuid": uuid, "backtest_id": "bt-1"})  # noqa: S307 - ours
    raise AssertionError(f"the example has no {name}")


def test_the_example_compiles(program: ast.Module) -> None:
    compile(program, "README.md", "exec")


def test_the_example_asks_for_what_it_means(program: ast.Module) -> None:
    request = assigned(program, "request")
    event = BacktestRequested.model_validate(request)
    assert event.model_dump(mode="json", exclude_unset=True) == request


def test_the_example_has_the_headers_it_needs(program: ast.Module, header_schema: dict[str, Any]) -> None:
    headers = assigned(program, "headers")
    Draft7Validator(header_schema).validate(headers)
    assert headers["ce_type"] == "backtest.requested"


def test_the_example_reads_topics_that_there_are(program: ast.Module) -> None:
    assert set(assigned(program, "endings")) <= set(BY_NAME)


def test_all_headers_are_listed_with_what_is_required(readme: str, header_schema: dict[str, Any]) -> None:
    table = readme.partition("| header |")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in row.split("|")[1:3]] for row in table.splitlines()[2:]]
    told = {name.strip("`"): required == "yes" for names, required in rows for name in names.split(", ")}
    assert told == {name: name in header_schema["required"] for name in header_schema["properties"]}


def test_links_lead_somewhere(readme: str, contracts: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", readme) if "://" not in link]
    assert links
    assert [link for link in links if not (contracts / link).exists()] == []
