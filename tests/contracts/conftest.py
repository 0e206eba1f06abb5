"""The committed files, as the tests of the contracts read them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from backchat_contracts import Contract, Topic
from backchat_contracts.catalogue import BY_NAME, REPLY_ONLY

CONTRACTS = Path(__file__).parents[2] / "contracts"


@dataclass(frozen=True)
class Example:
    """The record in `contracts/examples/<type>/<scenario>.json`, with its topic, class and schema."""

    name: str
    kind: str
    headers: dict[str, str]
    key: str | None
    value: dict[str, Any]

    @property
    def topic(self) -> Topic | None:
        """Its topic; None for a type that is sent as a reply only."""
        return BY_NAME.get(self.kind)

    @property
    def cls(self) -> type[Contract]:
        return self.topic.event if self.topic else REPLY_ONLY[self.kind]

    @property
    def schema(self) -> dict[str, Any]:
        folder = CONTRACTS / "schemas" if self.topic else CONTRACTS / "schemas" / "replies"
        return json.loads((folder / f"{self.kind}.json").read_text(encoding="utf-8"))


def _examples() -> list[Example]:
    folder = CONTRACTS / "examples"
    return [
        Example(
            name=path.relative_to(folder).with_suffix("").as_posix(),
            kind=path.parent.name,
            **json.loads(path.read_text(encoding="utf-8")),
        )
        for path in sorted(folder.rglob("*.json"))
    ]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "example" in metafunc.fixturenames:
        metafunc.parametrize("example", _examples(), ids=lambda example: example.name)


@pytest.fixture(scope="session")
def contracts() -> Path:
    return CONTRACTS


@pytest.fixture(scope="session")
def examples() -> list[Example]:
    return _examples()


@pytest.fixture(scope="session")
def example_of(examples: list[Example]) -> Callable[[type[Contract]], dict[str, Any]]:
    """Return a function that returns the value of an example of a class."""

    def find(cls: type[Contract]) -> dict[str, Any]:
        return dict(next(example.value for example in examples if example.cls is cls))

    return find


@pytest.fixture(scope="session")
def asyncapi() -> dict[str, Any]:
    return json.loads((CONTRACTS / "asyncapi.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def header_schema(asyncapi: dict[str, Any]) -> dict[str, Any]:
    return asyncapi["components"]["messageTraits"]["cloudEvent"]["headers"]
