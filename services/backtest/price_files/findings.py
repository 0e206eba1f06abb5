"""What can be wrong in a file of prices: the code, the severity and the texts of each finding."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from backchat_contracts import Severity, Texts
from services.backtest.domain.instruments import Finding
from services.backtest.price_files.texts import ERRORS, WARNINGS

MOST_OF_AN_INSTRUMENT: Final = 20
MOST_OF_A_FOLDER: Final = 1_000
LONGEST_QUOTE: Final = 40


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding; its texts have `{fields}` for what differs from case to case."""

    severity: Severity
    problem: Texts
    remedy: Texts


def _kinds(severity: Severity, texts: Mapping[str, tuple[str, str, str, str]]) -> dict[str, Kind]:
    return {
        code: Kind(severity, Texts(ko=problem_ko, en=problem_en), Texts(ko=remedy_ko, en=remedy_en))
        for code, (problem_en, remedy_en, problem_ko, remedy_ko) in texts.items()
    }


KINDS: Final[Mapping[str, Kind]] = _kinds("error", ERRORS) | _kinds("warning", WARNINGS)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a check found something, and the values of its text's fields; rows are lines of the file."""

    code: str
    row: int | None = None
    column: str | None = None
    count: int = 1
    fields: Mapping[str, object] | None = None

    def finding(self, file: str, symbol: str | None = None) -> Finding:
        """Return the finding, in words."""
        kind = KINDS[self.code]
        fields = dict(self.fields or {}) | {"count": f"{self.count:,}"}
        return Finding(
            severity=kind.severity,
            code=self.code,
            file=file,
            symbol=symbol,
            row=self.row,
            column=None if self.column is None else quote(self.column),
            count=self.count,
            problem=_fill(kind.problem, fields),
            remedy=_fill(kind.remedy, fields),
        )


class Unusable(ValueError):  # noqa: N818 - reads as what it says: raise Unusable
    """A whole file can't be used: what was found in it."""

    def __init__(self, spot: Spot) -> None:
        super().__init__(spot.code)
        self.spot = spot


def quote(text: str) -> str:
    """Return a text of a file, fit to be shown: shortened, and what can't be printed escaped."""
    shown = "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[:LONGEST_QUOTE]
    )
    return shown[:LONGEST_QUOTE] + ("…" if max(len(text), len(shown)) > LONGEST_QUOTE else "")


def shown_price(value: float) -> str:
    """Return a price as texts have it."""
    return f"{float(value):.10g}"


def limited(findings: Iterable[Finding], most: int) -> tuple[Finding, ...]:
    """Return the findings by file and row; where they are more than `most`, the last tells how many more.

    What is left out are warnings, as long as there are any.
    """
    ordered = sorted(findings, key=lambda each: (each.file, each.row or 0, each.symbol or "", each.code))
    if len(ordered) <= most:
        return tuple(ordered)
    errors_first = sorted(ordered, key=lambda each: each.severity != "error")
    kept, more = errors_first[: most - 1], errors_first[most - 1 :]
    symbols = {each.symbol for each in more}
    spot = Spot("more-findings", count=len(more))
    told = spot.finding(more[0].file, symbols.pop() if len(symbols) == 1 else None)
    return (*sorted(kept, key=ordered.index), told)


def limited_by_instrument(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return a file's findings, of each instrument the first twenty."""
    ordered = sorted(findings, key=lambda each: each.symbol or "")
    groups = groupby(ordered, key=lambda each: each.symbol or "")
    return tuple(each for _, group in groups for each in limited(group, MOST_OF_AN_INSTRUMENT))


def _fill(texts: Texts, fields: Mapping[str, object]) -> Texts:
    return Texts(ko=texts.ko.format_map(fields), en=texts.en.format_map(fields))
