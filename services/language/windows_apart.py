"""Questions that name several windows of time, or parts of one: "2010 vs 2011", "2008년과 2009년 합쳐서"."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from services.language.phrases import compiled
from services.language.question import Criterion, Question
from services.language.timing import Timing
from services.language.vocabulary.periods import TOGETHER
from services.language.window import Window, joined

_OF_RETURNS: Final = frozenset({"total_return", "cagr"})
_TOGETHER: Final = compiled(TOGETHER)
_WHICH_PERIOD: Final = compiled(
    r"언제|어느\s*(?:해|년|쪽|때|분기|달)|몇\s*년"
    r"|\bwhich\s+(?:of\s+(?:the|those)\s+)?(?:two\s+)?(?:year|quarter|month)s?\b"
    r"|\b(?:better|worse)\s+(?:in\s+)?or\b|\bwhen\b"
    r"|(?<!which\s)\b(?:was|is|were)\s+(?:better|worse)\s+than\b"
)
_WHY: Final = compiled(r"\bwhy\b|왜|어째서|이유")
_WORSE: Final = compiled(r"\bwors[et]\b|나[빴쁘]|못|안\s*좋")


def with_reason(question: Question, text: str) -> Question:
    """Return a question that only asks why of a window as one about its return: "why is 2010 flat?"."""
    asks = question.asks or question.continuation or question.bare or question.beyond
    if asks or not _WHY.search(text):
        return question
    return replace(question, criteria=(Criterion("total_return"),), beyond="why")


def of_windows(question: Question, windows: Sequence[Window], text: str) -> Question:
    """Return a question about several windows as one for the returns of each, where these are what is asked.

    Why something was so is asked of all of them at once. Of other figures one window is asked about at once.

    Args:
        question: what is asked, without the windows.
        windows: those that the question names.
        text: its words, without those of the windows.

    """
    together = joined(windows) if question.beyond == "why" else None
    if together:
        return replace(question, window=together)
    units = {each.unit for each in windows}
    unit = units.pop() if len(units) == 1 else None
    ends = question.overall_end or any(each.end for each in question.criteria)
    which = _WHICH_PERIOD.search(text) is not None or (len(question.named) == 1 and bool(ends))
    if unit is None or _TOGETHER.search(text) or not _is_of_returns(question, which=which):
        return replace(question, beyond="windows", apart=tuple(windows))
    asks = ("worst" if _WORSE.search(text) else "best") if which else "returns"
    return Question(
        named=question.named,
        excluded=question.excluded,
        unknown=question.unknown,
        unresolved=question.unresolved,
        timing=Timing(asks, unit, only=tuple(windows)),  # type: ignore[arg-type]
    )


def _is_of_returns(question: Question, *, which: bool) -> bool:
    """Tell whether a question asks for returns, and for no choice but that of a period (`which`)."""
    of_returns = {each.metric for each in question.criteria} <= _OF_RETURNS
    more = (question.thresholds, question.count, question.rank, question.relation, question.yardsticks)
    chooses = question.overall_end or any(each.end for each in question.criteria)
    return of_returns and question.beyond in {None, "when"} and not any(more) and (which or not chooses)
