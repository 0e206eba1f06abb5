"""Questions that yes or no answers: "did any lose money?", "is it the best of all?", "수익률도 1등인가?"."""

from dataclasses import replace
from typing import Final

from backchat_contracts import METRICS
from services.language.phrases import compiled
from services.language.question import End, Question, Threshold, Whether

_GOOD: Final[dict[str, End | None]] = {
    "higher_is_better": "highest",
    "lower_is_better": "lowest",
    "neither": None,
}
_TAG: Final = compiled(
    r"(?:[\s,]+(?:right|yeah|correct|yes|huh|no|innit|isn't\s+it|wasn't\s+it|didn't\s+it|did\s+it)"
    r"|\s*(?:맞지|맞죠|맞아|맞아요|맞나|맞나요|맞는\s*거지|그치|그렇지))\s*(?=[?!.\s]*$)"
)
_BEGINS: Final = r"^\W*(?:(?:so|and|but|then|ok|okay|also|well|wait)\b[\s,]*){0,3}"
_OF_ONE: Final = compiled(
    _BEGINS
    + r"(?:is|was|does|did|isn't|wasn't|has|had|it|it's|its\s+(?:the|not|still|also)|that(?:'?s)?|this)\b"
    r"(?!.*\b(?:which|who|what|any|anything|anyone)\b)"
    r".*\b(?:best|worst|top|first|last|most|least|number\s+one|[a-z]{3,}est)\b"
)
_KOREAN_OF_ONE: Final = compiled(
    r"^(?!.*(?:누구|누가|뭐|뭔|무엇|무슨|어떤|어느|몇|며칠|왜|얼마|언제|어디)).*(?:제일|가장|젤|[1일]\s*(?:등|위)|꼴찌|꼴등|최고|최악)"
    r".*(?:인가|나|니|냐|야|지|죠|네|네요|구나|군요?|인가요|나요|가요|예요|에요|까)\W*$"
)
_KOREAN_OF_IT: Final = compiled(
    r"^(?!.*(?:누구|누가|뭐|뭔|무엇|무슨|어떤|어느|몇|며칠|왜|얼마|언제|어디)).*(?<![가-힣])(?:걔|얘|쟤|그게|그거|이게)(?:가|도|는)?\s.*"
    r"(?:제일|가장|젤).*(?:[어음]|어요)\W*$"
)
"""Of the one in focus, at whatever end: "비용도 걔가 제일 많이 냈어?"."""
_FIRST: Final = compiled(r"[1일]\s*(?:등|위)")
_NONE: Final = compiled(
    r"\b(?:nothing|none|nobody|no\s+one|no\s+strateg(?:y|ies))\b"
    r"|없(?:지|네|나|어|죠|잖|습|니|냐)[가-힣]{0,3}\W*$"
)
_ALL: Final = compiled(
    _BEGINS + r"(?:(?:did|do|does|are|were|is|was|have|has)\s+)?(?:they\s+|these\s+|those\s+)?"
    r"(?:all|both|every(?:thing|one|body)?|each)\b"
    r"|(?:둘\s*다|모두|전부|다들|(?<![가-힣])다(?=\s))(?=.*(?:나|니|냐|야|지|죠|어|가|요|까)\W*$)"
)
_ANY: Final = compiled(
    _BEGINS + r"(?:(?:did|do|does|are|were|is|was|have|has|was\s+there|is\s+there)\b.{0,20}\b)?"
    r"any(?:one|thing|body)?\b|있(?:어|나|니|냐|었|을까|습니까|는지|음|지|죠)[가-힣]{0,3}\W*$"
)
_LOST: Final = compiled(r"\b(?:lose[sr]?|lost|losing|loss|red|negative|down)\b|잃|손실|손해|마이너스|적자")
_EARNS: Final = compiled(
    r"\b(?:lose[sr]?|lost|losing|made|make|makes|making|earn(?:s|ed)?|profit|red|black|money|down|up)\b"
    r"|잃|손실|손해|벌|번\b|수익\s*(?:을\s*)?[냈났]"
)
_SIGNED: Final = compiled(r"마이너스|플러스|적자|흑자|\b(?:negative|positive|in\s+the\s+(?:red|black))\b")
_BELOW_START: Final = compiled(
    r"(?:원금|본전)(?:을|도|은)?\s*(?:(?:아직\s*)?(?:못|회복을?\s*(?:못|안))|회복하지|손실|까먹|깎)"
    r"|\bbelow\s+(?:its|their|the)\s+(?:start|starting|initial)"
)
_EVER: Final = compiled(
    r"\b(?:n?ever|at\s+(?:any|no)\s+(?:point|time))\b|한\s*번(?:도|이라도)|(?:적|때)[이은도]?\s*(?:있|없)"
)
_WHO: Final = compiled(r"\b(?:which|who|how\s+many|what|list)\b|누구|누가|뭐|무엇|어떤|어느|몇|나열|알려")


_IS_IT: Final = compiled(_BEGINS + r"(?:is|was)\s+(?:it|that|this)(?:\s+one)?\s+(?=the\s)")


def without_is_it(text: str) -> str:
    """Return what is asked of the answer before by "is it the highest?": "the highest?"."""
    return _IS_IT.sub("", text)


def without_tag(text: str) -> str:
    """Return a text with blanks in place of what only asks for a yes: ", right?", "맞지?"."""
    return _TAG.sub(lambda found: " " * len(found[0]), text)


def is_of_the_start(text: str) -> bool:
    """Tell whether a text compares with the money at the start: "원금 회복 못한 전략도 있어?"."""
    return _BELOW_START.search(text) is not None


def with_whether(question: Question, text: str) -> Question:
    """Return a question with what yes or no is about, where one of these answers it."""
    question = _of_drawdown(_within_zero(question, text), text)
    if question.thresholds and not question.criteria and not _WHO.search(text):
        return replace(question, whether=_of_several(text))
    of_one = _OF_ONE.search(text) or _KOREAN_OF_ONE.search(text) or _KOREAN_OF_IT.search(text)
    more = (question.thresholds, question.count, question.yardsticks, question.excluded, question.relation)
    if (
        not of_one
        or question.claimed
        or any(more)
        or question.beyond not in {None, "period"}
        or len(question.named) > 1
    ):
        return question
    if question.criteria and not any(each.end for each in question.criteria) and _FIRST.search(text):
        criteria = (replace(each, end=_GOOD[METRICS[each.metric].direction]) for each in question.criteria)
        question = replace(question, criteria=tuple(criteria))
    ends = (question.overall_end, *(each.end for each in question.criteria))
    asks = any(ends) or (question.continuation and question.continuation.kind in {"degree", "best", "worst"})
    return replace(question, whether="first") if asks else question


def _within_zero(question: Question, text: str) -> Question:
    """Return a question whether none or all lost, or made, money as one for those that did."""
    below = is_of_the_start(text)
    figures = [(each.metric, each.end) for each in question.criteria]
    of_several = any(each.search(text) for each in (_NONE, _ALL, _ANY))
    plain = figures == [("total_return", None)] and of_several and _EARNS.search(text) is not None
    broke = figures == [("max_drawdown", "lowest")] and bool(_ALL.search(text)) and "깨" in text
    signed = not (figures or question.overall) and _ALL.search(text) and _SIGNED.search(text)
    if question.thresholds or question.named or not (below or plain or broke or signed):
        return question
    lost = below or broke or _LOST.search(text) is not None
    bound = Threshold("total_return", "below" if lost else "above", 0.0)
    return replace(question, criteria=(), overall=False, thresholds=(bound,), unread=())


def _of_drawdown(question: Question, text: str) -> Question:
    """Return a question whether one never lost so much as one for its drawdown: it may have recovered."""
    bounds = tuple(
        replace(each, metric="max_drawdown") if each.metric == "total_return" and each.value < 0 else each
        for each in question.thresholds
    )
    of_one = _EVER.search(text) and not _WHO.search(text)
    return replace(question, thresholds=bounds) if of_one else question


def _of_several(text: str) -> Whether | None:
    if _NONE.search(text):
        return "none"
    if _ALL.search(text):
        return "all"
    return "any" if _ANY.search(text) else None
