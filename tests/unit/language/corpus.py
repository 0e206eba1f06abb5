"""Questions with what they ask, as files in the wording of people: `question => expectation`.

An expectation is a list of words, in this order: criteria (`sharpe_ratio+` is the highest, `-` the lowest,
without a sign no end, `?` the good or the bad one of a metric that has neither, `!` before it negates),
`overall` likewise, once for each end, `#3` a count, `@2` a rank, `@?` that it asks for one, `*` a metric of
the one that is found, thresholds (`max_drawdown>=-0.2`; `|`: one is enough), `=id` a strategy named (`^id`:
others are measured against it), `~id` one ruled out, `=?foo` a name compared that is of none, `?gamma` a
measure that does not exist, `correlation`, what it asks of days and periods (`<worst month @2>`), a window
of time in brackets, what it asks of the answer before (`…why`, `…place`), and what it asks beyond figures:
`(why)`. An empty one asks about nothing. The words that mean nothing here are not part of it.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from services.language.question import Criterion, End, Question
from services.language.timing import Timing

FOLDER = Path(__file__).parent / "questions"
NAMES = {
    "a": "A",
    "b": "B",
    "rsi": "RSI",
    "sma": "SMA",
    "sma-50": "SMA 50",
    "golden": "황금 교차",
    "momentum": "모멘텀",
    "trend": "추세",
    "counter": "역추세",
}
_ENDS: dict[End | None, str] = {"highest": "+", "lowest": "-", None: ""}
_RELATIONS = {"above": ">", "below": "<", "at_least": ">=", "at_most": "<="}


FILES = sorted(FOLDER.glob("*.txt"))


def cases(files: Sequence[Path] = FILES) -> Iterator[tuple[str, str]]:
    """Yield the questions of files, each with its expectation."""
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            question, arrow, expected = line.partition("=>")
            if arrow:
                yield question.strip(), expected.strip()


def written(question: Question) -> str:
    """Write what a question asks as an expectation."""
    words = [_criterion(each) for each in question.criteria]
    ends: tuple[End | None, ...] = question.overall_ends or (None,)
    if question.overall:
        words += [_criterion(Criterion("overall", end, question.overall_negated)) for end in ends]
    words += [f"#{question.count}"] if question.count else []
    words += [f"@{question.rank}"] if question.rank else []
    words += ["@?"] if question.asks_rank else []
    words += [f"*{each}" for each in question.quoted]
    words += [f"{each.metric}{_RELATIONS[each.relation]}{each.value:g}" for each in question.thresholds]
    words += ["|"] if question.either else []
    words += [f"{'^' if each in question.yardsticks else '='}{each}" for each in question.named]
    words += [f"~{each}" for each in question.excluded] + [f"=?{each}" for each in question.unresolved]
    words += [f"?{each}" for each in question.unknown] + ([question.relation] if question.relation else [])
    words += [_timing(question.timing)] if question.timing else []
    words += [f"[{question.window}]"] if question.window else []
    words += [f"…{question.continuation.kind}"] if question.continuation else []
    return " ".join(words + ([f"({question.beyond})"] if question.beyond else []))


def _timing(timing: Timing) -> str:
    words = [timing.part and f"…{timing.part}", timing.asks, timing.unit]
    words += [f"#{timing.count}" if timing.count else "", f"@{timing.rank}" if timing.rank else ""]
    for word, windows in (("of", timing.only), ("without", timing.without)):
        words += [word, *map(str, windows)] if windows else []
    ends = {None: "", True: "nearest", False: "farthest"}
    words += ["high" if timing.high else "", ends[timing.nearest]]
    words += ["benchmark" if timing.benchmark else "", *(f"?{each}" for each in timing.metrics)]
    return f"<{' '.join(filter(None, words))}>"


def _criterion(criterion: Criterion) -> str:
    end = "?" if criterion.judged else _ENDS[criterion.end]
    return f"{'!' if criterion.negated else ''}{criterion.metric}{end}"
