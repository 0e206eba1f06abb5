"""The committed JSON Schemas are those of the classes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from backchat_contracts import TOPICS, Contract
from backchat_contracts.catalogue import REPLY_ONLY
from backchat_contracts.generate import differences, documents, main, write

SCHEMAS = {f"schemas/{topic.name}.json": topic.event for topic in TOPICS} | {
    f"schemas/replies/{name}.json": cls for name, cls in REPLY_ONLY.items()
}


@pytest.mark.parametrize("seed", ["0", "1"])
def test_what_is_committed_is_up_to_date_in_every_process(seed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "backchat_contracts.generate", "--check"],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_there_is_a_schema_for_every_type_and_no_other(contracts: Path) -> None:
    committed = {path.relative_to(contracts).as_posix() for path in (contracts / "schemas").rglob("*")}
    assert committed - {"schemas/replies"} == set(SCHEMAS)


@pytest.mark.parametrize(("name", "cls"), SCHEMAS.items())
def test_a_schema_is_valid_and_says_what_it_is(contracts: Path, name: str, cls: type[Contract]) -> None:
    text = (contracts / name).read_text(encoding="utf-8")
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:backchat:{Path(name).stem}"
    assert schema["title"] == cls.__name__
    assert schema["description"]
    assert all(definition["description"] for definition in schema.get("$defs", {}).values())
    assert text.endswith("}\n")


def test_every_pattern_can_be_read_by_all_dialects_of_regular_expressions(contracts: Path) -> None:
    """ECMA-262 with and without `u`, RE2 (Go), Python: no look-ahead, no escape beyond U+00FF."""

    def patterns(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for key, each in value.items():
                yield from (each,) if key == "pattern" and isinstance(each, str) else patterns(each)
        elif isinstance(value, list):
            for each in value:
                yield from patterns(each)

    found = {each for name in SCHEMAS for each in patterns(json.loads((contracts / name).read_text("utf-8")))}
    assert found
    for pattern in found:
        assert not re.search(r"\(\?|\\[^xnrtd\\\[\].\-]", pattern), pattern
        assert max(pattern) <= "\uffff"


@pytest.mark.parametrize("name", [*SCHEMAS, "asyncapi.json", "README.md"])
def test_a_public_description_names_no_persons(contracts: Path, name: str) -> None:
    text = (contracts / name).read_text(encoding="utf-8")
    assert re.findall(r"\b(?:some|any|no)body\b|\bwhoever\b|\bwho\b", text, re.IGNORECASE) == []


def test_check_names_what_is_stale_missing_and_superfluous(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(documents(), tmp_path)
    (tmp_path / "schemas/backtest.requested.json").write_text("{}", encoding="utf-8")
    (tmp_path / "asyncapi.json").unlink()
    (tmp_path / "schemas/replies/price.quoted.json").write_text("{}", encoding="utf-8")

    assert main(["--check", "--into", str(tmp_path)]) == 1

    assert capsys.readouterr().err.splitlines()[:-1] == [
        "missing: asyncapi.json",
        "stale: schemas/backtest.requested.json",
        "superfluous: schemas/replies/price.quoted.json",
    ]


def test_check_changes_nothing(tmp_path: Path) -> None:
    main(["--check", "--into", str(tmp_path)])
    assert list(tmp_path.iterdir()) == []


def test_writing_puts_all_of_it_right(tmp_path: Path) -> None:
    superfluous = tmp_path / "schemas/price.quoted.json"
    superfluous.parent.mkdir()
    superfluous.write_text("{}", encoding="utf-8")

    assert main(["--into", str(tmp_path)]) == 0

    assert differences(documents(), tmp_path) == []
    assert not superfluous.exists()


def test_files_that_are_up_to_date_are_left_alone(tmp_path: Path) -> None:
    write(documents(), tmp_path)
    path = tmp_path / "asyncapi.json"
    before = path.stat().st_mtime_ns
    write(documents(), tmp_path)
    assert path.stat().st_mtime_ns == before
