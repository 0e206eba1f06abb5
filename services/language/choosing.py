"""Whether a question chooses among strategies, or asks something of the one that was spoken of."""

import re
from typing import Final

from services.language.question import Question

_WHO: Final = re.compile(
    r"누구|누가|뭐|무엇|뭔|몇|있|없|(?:한|인|은|는|긴|던)\s*(?:거|것|건|게|걸|놈|애|전략)|전략들|[가-힣]\s*순(?![가-힣])"
    r"|\b(?:any|anything|which|who|whose|what|how many|there|list|show|those|strategies)\b",
    re.IGNORECASE,
)
"""What is asked for by what it is like: "하나라도 있어?", "넘는 거", "any above 1?"."""
_WHETHER: Final = re.compile(
    r"^\W*(?:(?:and|but|so|then)\W+)?(?:is|are|was|were|isn't|wasn't|does|did|do|didn't|doesn't|has|have|had)\b"
    r"|(?:[아어해나니까냐야지죠]|나요|가요|어요|아요|해요|에요|예요|인가)\W*$",
    re.IGNORECASE,
)
"""A question that is answered by yes or no: "is the drawdown large?", "수익률은 높아?"."""


_BY: Final = re.compile(
    r"\bby\b(?!\s+(?:strategy|symbol|year|month|type)\b)|기준|(?:으로|로)는\W*$|(?:으로|로)\s*(?:보면|하면|따지면)"
    r"|순(?:으로)?(?:는)?\W*$",
    re.IGNORECASE,
)
"""What strategies are ordered by: "no, by return"."""
_FEW: Final = 6


def orders_by(text: str) -> bool:
    """Tell whether a question says what strategies are ordered by: "and by Sharpe?", "샤프로는?"."""
    return _BY.search(text) is not None


def is_a_place(text: str, question: Question) -> bool:
    """Tell whether a question is no more than a place in an order: "꼴찌 둘은?", "the bottom two?"."""
    placed = question.overall_end and (question.count or question.rank)
    alone = not (question.named or question.criteria or question.thresholds or question.relation)
    return bool(placed) and alone and len(text.split()) <= _FEW


def chooses(text: str, question: Question) -> bool:
    """Tell whether a question without a strategy's name is about all: it names an end, a bound, a place.

    "Is the drawdown large?" asks it of one.
    """
    if question.count or question.rank or question.asks_rank or question.yardsticks:
        return True
    if question.relation and _WHO.search(text):
        return True
    if question.criteria and orders_by(text):
        return True
    ends = question.overall_end or any(each.end or each.negated for each in question.criteria)
    if not (ends or question.thresholds):
        return False
    return _WHO.search(text) is not None or _WHETHER.search(text) is None
