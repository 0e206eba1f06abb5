"""Questions for differences, of which the metric or the order is that of the question before."""

from dataclasses import replace
from typing import Final, Literal

from services.language.phrases import compiled
from services.language.question import Criterion, End, Question
from services.language.vocabulary.magnitudes import MAGNITUDES

_BY_HOW_MUCH: Final = compiled(
    r"얼마나\s*(?:더\s*)?(?:나쁜|나은|좋은|못한|심한|작|적|크|큰|컸|높|낮|많|깊|얕|차이)|몇\s*(?:%|퍼센트|프로|배)?\s*(?:포인트|p)?\s*(?:더\s*)?(?:작|적|크|큰|높|낮|많|깊|얕)"
    r"|\bhow\s+much\s+(?:lower|higher|worse|better|smaller|bigger|larger|deeper|shallower|less|more|fewer|greater)\b"
    r"|\bby\s+how\s+much\b|\bhow\s+far\s+apart\b|\bhow\s+(?:big|large)\s+is\s+the\s+(?:difference|gap)\b"
    r"|\b(?:difference|gap)\s+between\s+(?:those|these|the|them)\b"
    r"|\bwhat(?:'s|\s+is|\s+was)\s+the\s+(?:difference|gap)\b|^\W*(?:the\s+)?(?:difference|gap)\b|차이[는가]?\s*(?:얼마|몇|어떻|\W*$)"
)
_ORDERS: Final = compiled(
    r"(?:순위|순서|랭킹|등수)(?:이?랑|와|하고)?(?:가|는|도|이|은)?\s*(?:좀\s*|많이\s*)?(?:다르|달라|다른|바뀌|바뀐|바껴|뒤집|같|똑같|그대로|변하|변해)"
    r"|\b(?:rank(?:ing|ings|s)?|order|ordering)\b.*\b(?:same|differ(?:s|ent)?|change[sd]?|flips?|hold(?:s)?|stay|stays)\b"
    r"|\b(?:same|different)\s+(?:rank(?:ing|s)?|order)\b"
)
_LARGER: Final = compiled(
    r"\b(?:deeper|larger|bigger|higher|greater|more|longer)\s+than\b|보다\s*(?:더\s*)?(?:깊|큰|높|많|긴)"
)
_SMALLER: Final = compiled(
    r"\b(?:shallower|smaller|lower|less|fewer|shorter)\s+than\b|보다\s*(?:더\s*)?(?:얕|작|낮|적|짧)"
)
_SAID: Final = (
    "순위",
    "순서",
    "랭킹",
    "등수",
    "다르",
    "달라",
    "다른",
    "바뀌",
    "바껴",
    "바뀐",
    "뒤집",
    "그대로",
    "변하",
    "변해",
    "같",
)


def asks_by_how_much(text: str) -> bool:
    """Tell whether a text asks for the size of a difference: "그게 RSI보다 얼마나 작은데"."""
    return _BY_HOW_MUCH.search(text) is not None


def side_of(text: str) -> Literal[-1, 1] | None:
    """Return on which side of a figure those are that a text asks for: "anything deeper than that?"."""
    return 1 if _LARGER.search(text) else -1 if _SMALLER.search(text) else None


def by_the_same(question: Question, earlier: Question, side: Literal[-1, 1] | None) -> Question:
    """Return a question for a difference, or for those on one side, by the metric of an earlier one."""
    metrics = (*(each.metric for each in earlier.criteria), *(each.metric for each in earlier.thresholds))
    if not metrics or question.criteria or question.thresholds:
        return question
    metric = metrics[0]
    end: End | None = None
    if question.yardsticks and side:
        end = "highest" if (side > 0) != (metric in MAGNITUDES) else "lowest"
    return replace(
        question, criteria=(Criterion(metric, end),), overall=False, overall_end=None, overall_ends=()
    )


def with_orders(question: Question, text: str) -> Question:
    """Return a question as one whether the order by its metric is that of the one before, if it asks so."""
    one = len(question.criteria) == 1 and not (
        question.criteria[0].end or question.named or question.thresholds
    )
    if not (one and _ORDERS.search(text)):
        return question
    others = tuple(each for each in question.unresolved if not (each.startswith(_SAID) or each.isascii()))
    return replace(question, compares_orders=True, unresolved=others, unknown=(), beyond=None)


def of_both_orders(question: Question, earlier: Question) -> Question:
    """Return an earlier question by its own metric, and by another one."""
    first = earlier.criteria[0].metric if earlier.criteria else "sharpe_ratio"
    both = (Criterion(first), *question.criteria)  # each from its good end
    return replace(
        earlier,
        criteria=tuple(dict.fromkeys(both)),
        compares_orders=True,
        overall=False,
        count=None,
        rank=None,
        window=question.window or earlier.window,
        unread=(),
        whether=None,
        claimed=None,
    )
