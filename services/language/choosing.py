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
    r"|^\W*(?>(?:and|but|so|really|seriously|wait|what)\W+){0,3}(?:never|not\s+(?:a\s+single|one|even)|no)\b"
    r"|(?:[아어해나니까냐야지죠]|나요|가요|어요|아요|해요|에요|예요|인가|[다라냐]고요?|[다라]며|[다라]면서)\W*$"
    r"|(?:[했됐였]음|안\s*함)\W*$",
    re.IGNORECASE,
)
"""A question that is answered by yes or no: "is the drawdown large?", "거래를 한 번도 안 했다고?"."""
_RIGHT: Final = re.compile(
    r"(?:거|것|게)\s*(?:맞[가-힣]{1,4}|지|야|임|냐|아니[가-힣]{0,3}|아님|였[가-힣]{1,3})\W*$"
)
"""What makes a question of a statement: "예금보다 나은 거 맞아?" chooses no strategy, "나은 거?" does."""


_BY: Final = re.compile(
    r"\bby\b(?!\s+(?:strategy|symbol|year|month|type)\b)|기준|(?:으로|로)는\W*$|(?:으로|로)\s*(?:보면|하면|따지면)"
    r"|순(?:으로)?(?:는)?\W*$",
    re.IGNORECASE,
)
"""What strategies are ordered by: "no, by return"."""
_RANKS: Final = re.compile(
    r"줄\s*(?:을\s*)?세|정렬|\b(?:rank|sort|order|line)\s+(?:them|those|these|all|everything|up)\b",
    re.IGNORECASE,
)
_FEW: Final = 6


def asks_for_a_set(text: str) -> bool:
    """Tell whether a text asks for strategies of a kind: "50퍼 넘는 애들 다 알려줘", "the ones above 50%"."""
    return _SET.search(text) is not None


_SET: Final = re.compile(
    r"(?:는|은|한|인|된)\s*(?:애|놈|것|거|전략)들"
    r"|\b(?:the|any|all|all the) (?:ones|strategies) (?:above|below|over|under|with|that)\b",
    re.IGNORECASE,
)


def orders_by(text: str) -> bool:
    """Tell whether a question says what strategies are ordered by: "and by Sharpe?", "샤프로는?"."""
    return _BY.search(text) is not None


def ranks(text: str) -> bool:
    """Tell whether a text wants an order, best first: "rank them by Sharpe", "샤프로 줄 세워봐"."""
    return _RANKS.search(text) is not None


def is_a_place(text: str, question: Question) -> bool:
    """Tell whether a question is no more than a place in an order: "꼴찌 둘은?", "the bottom two?"."""
    placed = question.overall_end and (question.count or question.rank or len(question.overall_ends) > 1)
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
    if question.criteria and (orders_by(text) or ranks(text)):
        return True
    ends = question.overall_end or any(each.end or each.negated for each in question.criteria)
    if not (ends or question.thresholds):
        return False
    stated = _RIGHT.sub("", text)
    return _WHO.search(stated) is not None or (stated == text and _WHETHER.search(text) is None)
