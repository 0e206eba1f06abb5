"""Questions that continue the one before: "and in 2013?", "그 반대는?", "그럼 수익률은?"."""

from dataclasses import replace
from itertools import chain
from typing import Final

from services.language.phrases import compiled, one_of
from services.language.question import Continuation, Criterion, End, Question
from services.language.vocabulary.magnitudes import MAGNITUDES
from services.language.vocabulary.periods import CONTINUING, OPPOSITE

_CONTINUING: Final = compiled(rf"^\W*{one_of(CONTINUING)}(?![가-힣a-z])")
_OPPOSITE: Final = compiled(rf"""
    ^\W*(?:{one_of(CONTINUING)}\W+)*(?:in\s+|그\s*)?(?:the\s+|그\s*)?{one_of(OPPOSITE)}
    (?:로는|로|의\s*경우는|은|는|이면|면|라면)?(?:\s*(?:요|end|order|one|case))?\W*$
""")
_OTHER: Final[dict[End | None, End | None]] = {"highest": "lowest", "lowest": "highest", None: None}


def continues(text: str) -> bool:
    """Tell whether a text says that it goes on from what was said before: "그럼 …", "and …"."""
    return _CONTINUING.search(text) is not None


def read_opposite(text: str) -> tuple[bool, str]:
    """Return whether a text asks for the opposite of what was asked before, and what is left of it."""
    return (True, " " * len(text)) if _OPPOSITE.search(text) else (False, text)


def is_incomplete(question: Question) -> bool:
    """Tell whether a question has a meaning only after another one: "and in 2013?", "the opposite?"."""
    if question.continuation:
        return True
    about_time = question.window or question.months or question.opposite
    return bool(about_time) and not question.asks and question.beyond in {None, "period"}


def following(question: Question, earlier: Question, *, goes_on: bool) -> Question:
    """Return what a question asks after an earlier one.

    What it lacks is that of the earlier one. A whole question keeps the window alone, and that only if it
    names no strategy, or says that it goes on (`goes_on`): "그럼 RSI 수익률은?".
    """
    if question.continuation:
        return _continued(question.continuation, earlier) or question
    question = _in_its_year(question, earlier)
    lacks_window = question.window is None and question.beyond != "period"
    window = earlier.window if lacks_window else question.window
    asks = question.asks and not (goes_on and question.overview)  # "what about RSI?"
    if asks or question.beyond not in {None, "period", "windows"}:
        keeps = goes_on or not question.named
        return replace(question, window=window) if keeps else question
    if not (question.named or question.window or question.opposite or question.beyond):
        return question
    base = _turned(earlier) if question.opposite else earlier
    if question.named:
        base = _of_others(base, question.named)
    return replace(
        base,
        window=window,
        excluded=question.excluded or base.excluded,
        unread=question.unread,
        unresolved=question.unresolved,
        beyond=question.beyond or (None if base.beyond in {"period", "windows"} else base.beyond),
    )


def _continued(continuation: Continuation, earlier: Question) -> Question | None:
    """Return the whole question that a continuation stands for; None where the one before has none."""
    if not earlier.asks and not earlier.named:
        return None
    named = [each.metric for each in earlier.criteria], [each.metric for each in earlier.thresholds]
    metrics = [*dict.fromkeys(chain(*named))]
    if continuation.kind == "again":
        return earlier
    whole = Question(
        criteria=earlier.criteria or tuple(map(Criterion, metrics)),
        overall=earlier.overall or not metrics,
        overall_end=earlier.overall_end,
        overall_ends=earlier.overall_ends,
        named=earlier.named if len(earlier.named) > 1 else (),
        window=earlier.window,
    )
    match continuation.kind:
        case "rest":
            return replace(whole, named=(), excluded=earlier.named)
        case "place" | "next":
            rank = continuation.number if continuation.kind == "place" else (earlier.rank or 1) + 1
            return replace(whole, rank=rank)
    if not metrics:
        return None
    large = (continuation.number > 0) != (metrics[0] in MAGNITUDES)
    return replace(whole, criteria=(Criterion(metrics[0], "highest" if large else "lowest"),), overall=False)


def _in_its_year(question: Question, earlier: Question) -> Question:
    """Return a question with the months that it names in the year of the window before."""
    if question.months is None or earlier.window is None:
        return question
    window = earlier.window.part(question.months)
    if window is None:
        return question
    return replace(question, window=window, beyond=None if question.beyond == "period" else question.beyond)


def _turned(question: Question) -> Question:
    """Return the question for the other end of each metric."""
    criteria = tuple(replace(each, end=_OTHER[each.end]) for each in question.criteria)
    ends: tuple[End, ...] = tuple(
        each for end in question.overall_ends or ("highest",) if (each := _OTHER[end])
    )
    if not question.overall:
        return replace(question, criteria=criteria)
    return replace(question, criteria=criteria, overall_end=ends[0], overall_ends=ends)


def _of_others(question: Question, named: tuple[str, ...]) -> Question:
    """Return the question about these strategies; of a single one its figures are asked for, and no end."""
    if len(named) > 1:
        return replace(question, named=named, yardsticks=(), excluded=())
    criteria = tuple(dict.fromkeys(Criterion(each.metric) for each in question.criteria))
    return Question(
        criteria=criteria,
        overall=not criteria and not question.thresholds,
        overview=not criteria and not question.thresholds,
        thresholds=question.thresholds if not criteria else (),
        named=named,
        relation=question.relation,
    )
