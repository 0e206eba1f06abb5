"""The texts of findings, and the page that explains them."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from deploy.services import ROOT
from services.backtest import price_files
from services.backtest.price_files.columns import NAMES
from services.backtest.price_files.findings import KINDS, LONGEST_QUOTE, Spot, quote

PAGE = (ROOT / "docs" / "reference" / "own-prices.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", KINDS)
def test_both_languages_tell_the_same(code: str) -> None:
    kind = KINDS[code]

    def fields(text: str) -> set[str]:
        return {name.removesuffix("_ko") for _, name, _, _ in Formatter().parse(text) if name}

    assert fields(kind.problem.ko) == fields(kind.problem.en)
    assert fields(kind.remedy.ko) == fields(kind.remedy.en)
    assert re.search("[가-힣]", kind.problem.ko)
    assert re.search("[가-힣]", kind.remedy.ko)


def test_each_code_is_found_by_the_code_and_no_other() -> None:
    """A code without a check, or a check without texts, is a mistake."""
    used = {
        node.value
        for path in Path(price_files.__path__[0]).glob("*.py")
        if path.name != "texts.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert KINDS.keys() <= used


def test_the_page_has_each_finding_with_its_severity() -> None:
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (error|warning) \| .+ \| .+ \|$", PAGE, re.MULTILINE)

    assert rows == sorted(rows, key=lambda row: row[1])
    assert len(dict(rows)) == len(rows)
    assert dict(rows) == {code: kind.severity for code, kind in KINDS.items()}


def test_the_page_has_the_names_of_columns() -> None:
    rows = dict(re.findall(r"^\| ([a-z ]+) \| (`.+`) \|$", PAGE, re.MULTILINE))

    told = {role.replace(" ", "_"): tuple(re.findall("`([^`]+)`", names)) for role, names in rows.items()}
    assert told == {role: names for role, names in NAMES.items() if role != "ignored"}


def test_a_quote_is_short_and_printable() -> None:
    assert quote("plain") == "plain"
    assert quote("a\nb\0\u202e") == "a\\nb\\x00\\u202e"
    assert quote("\n" * 100) == "\\n" * (LONGEST_QUOTE // 2) + "…"
    assert quote("x" * LONGEST_QUOTE) == "x" * LONGEST_QUOTE
    assert quote("\ud800") == "\\ud800"


def test_a_field_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError):
        Spot("bad-date").finding("A.csv")
