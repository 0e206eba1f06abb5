"""Messages that go on with strategies spoken of before: all of a ranking, the other two, the bottom one."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from backchat_contracts import METRICS
from services.language.among import adds, excludes
from services.language.choosing import orders_by
from services.language.differences import asks_by_how_much
from services.language.following import is_plain
from services.language.parsing import parse
from services.language.phrases import compiled
from services.language.question import Question
from services.session.domain.referring import Ids, referred, refers_to_one
from services.session.domain.session import Context
from services.session.domain.spoken import Spoken, Told


@dataclass(frozen=True, slots=True)
class About:
    """Which strategies a message is about if it names none, and how it is asked.

    Attributes:
        message: without the words that say which ones.
        strategies: their ids; None: all there are.
        queries: the questions that it continues.
        without: the ids of those that are left out.
        unclear: the answers before do not tell which ones are meant.

    """

    message: str
    strategies: Ids
    queries: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    unclear: bool = False


_OF_ONE: Final = r"(?:\s+(?:one|place|ranked|strategy)(?:'s)?|'s)"
_HEAD: Final = r"(?:\s*(?:놈|애|전략|거|것))?(?:의|은|는|이|가)?(?=\s+\S)"
_PLACES: Final = [
    (compiled(pattern), place)
    for pattern, place in (
        (rf"\bthe\s+(?:bottom|last|worst)(?:{_OF_ONE}|(?=\W*$)|(?=\s*,))", -1),
        (rf"\bthe\s+(?:top|first|best|leading)(?:{_OF_ONE}|(?=\s*,))|\bthe\s+(?:winner|leader)(?:'s)?", 1),
        (rf"\b(?:the\s+)?(?:second|2nd|runner[\s-]up)(?:{_OF_ONE}|(?=\s*,))", 2),
        (rf"\b(?:the\s+)?(?:third|3rd)(?:{_OF_ONE}|(?=\s*,))", 3),
        (rf"\b(?:the\s+)?(?:fourth|4th)(?:{_OF_ONE}|(?=\s*,))", 4),
        (rf"(?<![가-힣])(?:꼴찌|꼴등|맨\s*끝|맨\s*아래|마지막){_HEAD}", -1),
        (rf"(?<![가-힣\d])(?:[1일]\s*(?:등|위)|선두){_HEAD}", 1),
        (rf"(?<![가-힣\d])(?:[2이]\s*(?:등|위)|두\s*번째){_HEAD}", 2),
        (rf"(?<![가-힣\d])(?:[3삼]\s*(?:등|위)|세\s*번째){_HEAD}", 3),
        (rf"(?<![가-힣\d])(?:[4사]\s*(?:등|위)|네\s*번째){_HEAD}", 4),
    )
]
"""Of one of an order, before what is asked of it: "the bottom one, how bad was its dd", "꼴찌 낙폭은?"."""
_LATTER: Final = compiled(
    r"\bthe\s+(?:(?P<former>former)|latter)(?:'s|\s+one)?\b(?!\s+(?:half|part|period|years?|quarters?|months?|days)\b)"
    r"|(?<![가-힣])(?<!삼성\s)(?:(?P<former_ko>전자)|후자)(?:의|은|는|이|가|를)?(?![가-힣])"
)
_KOREAN_PLACE: Final = r"(?:\d{1,2}\s*(?:등|위)|꼴찌|꼴등|마지막)"
_ENGLISH_PLACE: Final = "(?:first|top|best|winner|second|third|fourth|fifth|last|bottom|worst)"
_TWO_PLACES: Final = compiled(
    rf"(?<![가-힣\d])(?P<one_ko>{_KOREAN_PLACE})\s*(?:이?랑|[와과]|하고)\s*"
    rf"(?P<two_ko>{_KOREAN_PLACE})(?:의|은|는|이|가)?(?![가-힣])"
    rf"|\b(?:the\s+)?(?P<one>{_ENGLISH_PLACE})(?:\s+(?:one|place))?\s+(?:and|vs\.?|versus)\s+(?:the\s+)?"
    rf"(?P<two>{_ENGLISH_PLACE})(?:\s+(?:one|place)|'s)?\b(?!\s+(?:year|month|day|quarter|week|half|halve|trade|case)s?\b)"
)
"""Two of an order: "1등이랑 3등 차이는?", "the difference between the first and the third"."""
_PLACE_OF: Final = {
    "first": 1, "top": 1, "best": 1, "winner": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
    "last": -1, "bottom": -1, "worst": -1, "꼴찌": -1, "꼴등": -1, "마지막": -1,
}  # fmt: skip
_WHY: Final = compiled(r"\W*(?:and\s+|but\s+|so\s+)?(?:why|how\s+come)\b")
_FIRST_FEW: Final = compiled(
    r"(?:\bof\s+)?\bthe\s+top\s+(?P<english>\d{1,2}|two|three|four|five|ten)(?:'s)?(?!\s*(?:by|on)\b)"
    r"|\btop\s+(?P<genitive>\d{1,2}|two|three|four|five|ten)'s"
    r"|^\W*(?>(?:그럼|그러면|그|방금|아까)\s*){0,2}상위\s*(?P<korean>\d{1,2}|두|세|네|다섯)\s*(?:개|놈|애)?(?:들)?"
    r"(?:의|은|는)?(?=\s+\S)"
)
_NUMBERS: Final = {
    "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "두": 2, "둘": 2, "세": 3, "셋": 3, "네": 4,
    "넷": 4, "다섯": 5,
}  # fmt: skip
_SO_MANY: Final = compiled(
    r"\b(?:those|these)\s+(?P<english>two|three|four|five)\b|(?<![가-힣])(?:그|이)\s*(?P<korean>둘|셋|넷|다섯)(?![가-힣]*째)"
    r"|^\W*(?P<first>둘|셋|넷)(?:이|의|은|\s*(?:사이|차이|비교))(?=\s|$)"
)
"""How many are spoken of: "그 둘 낙폭은?"."""
_IT: Final = compiled(
    r"(?<![가-힣])(?:그게|그건|그거|걔|얘|쟤|그\s*(?:놈|애|전략))(?!네|들)|\b(?:that|it|its|it's|this)(?:\s+one)?\b"
)
_TOO: Final = compiled(
    r"(?<=[가-힣a-z%\d])도(?=\s+\S*\d)|이면서|(?<![가-힣])(?:또한|추가로|거기에|게다가)(?![가-힣])"
    r"|\b(?:also|too|as\s+well|in\s+addition|on\s+top\s+of\s+that)\b|^\W*and\s+(?:with|within|under|below|above|over|at)\b"
)
"""What narrows further: "MDD도 15% 안쪽인 건?", "and with a drawdown within 15 %?"."""
_DIFFERENCE: Final = compiled(r"\b(?:difference|gap|how\s+far\s+apart|compare)\b|차이|격차|비교")
_NOTHING_ELSE: Final = compiled(r"\W*(?:(?:and|what|how|about|for|of|the|ok|so)\b\W*)*")
_THERE: Final = compiled(r"(?<![가-힣])(?:거기|여기)(?:서|에서)?(?![가-힣])")
_THAN_A_YEAR: Final = compiled(r"\bthan\s+(?:in\s+|for\s+)?(?:19|20)\d\d\b|(?:19|20)\d\d\s*년?\s*보다")
_OF_WHOM: Final = compiled(
    r"\b(?:which|who|any|all|every\w*|strateg\w+|trade[ds]?)\b|전략|누가|누구|다들|모두|전부|어떤|거래|매매"
)
_HANGUL: Final = re.compile("[가-힣]")
_THAN: Final = compiled(r"보다|\bthan\b")
_FIGURES: Final = "how did it do?"
"""What is asked of one strategy where its figures are, and not whether it is ahead."""


def about_a_set(message: str, context: Context, answers: Sequence[Told] = ()) -> About | None:
    """Return which of the strategies spoken of before a message goes on with; None: that is said otherwise.

    Args:
        message: what the user says.
        context: what the conversation is about.
        answers: of which strategies those before were, in order.

    """
    if context.asked is None or not context.strategy_ids:
        return None
    spoken, question = Spoken(context, context.asked, answers), parse(message, {})
    return next((about for read in _READERS if (about := read(message, question, spoken))), None)


def _so_many(message: str, question: Question, spoken: Spoken) -> About | None:
    """Read "그 둘 낙폭은?", where the answer before named others than two."""
    said = _SO_MANY.search(message)
    written = said and (said["english"] or said["korean"] or said["first"])
    number = _NUMBERS.get(written.lower()) if written else None
    if number is None or len(spoken.told) == number or question.among or not _asks_of_it(message):
        return None
    strategies = spoken.so_many(number)
    return About(message, strategies, spoken.asked.queries, unclear=not strategies)


def _those_said(message: str, question: Question, spoken: Spoken) -> About | None:
    """Read "now for all 4", "나머지 둘은?", "without those two"."""
    if question.among is None or question.settings:  # "did the others use the same?" is of the one, too
        return None
    strategies, without = spoken.those(question.among) or ((), ())
    return About(message, strategies, spoken.asked.queries, without, unclear=strategies == ())


def narrows(message: str, question: Question) -> bool:
    """Tell whether a message sets a further bound on those spoken of: "MDD도 15% 안쪽인 건?"."""
    leaves_out = excludes(message) and not (question.criteria or question.overall)  # "drop those above 40 %"
    further = _TOO.search(message) is not None or leaves_out
    return further and bool(question.thresholds) and not refers_to_one(message)


def _within_too(message: str, question: Question, spoken: Spoken) -> About | None:
    """Read a further bound, after one that some have met."""
    of_several = bool(spoken.question.thresholds) or len(spoken.asked.strategy_ids or ()) > 1
    if not narrows(message, question):
        return None
    if of_several:
        return About(message, spoken.told, spoken.asked.queries)
    return About(message, spoken.asked_about, spoken.asked.queries) if spoken.is_of_several else None


def _the_others(message: str, question: Question, spoken: Spoken) -> About | None:
    """Read "the others?" after figures of some, of which none was found to be ahead."""
    kind = question.continuation.kind if question.continuation else None
    of_some = spoken.context.focus is None and len(spoken.asked.strategy_ids or ()) > 1
    if kind == "others" and of_some and spoken.is_of_several:
        return About(message, None, spoken.asked.queries, spoken.told)
    return None


def _the_other(_message: str, question: Question, spoken: Spoken) -> About | None:
    """Read "and the other one?" after what was asked of one of two: it is asked of the other."""
    kind = question.continuation.kind if question.continuation else None
    both, one = spoken.context.strategy_ids, spoken.asked.strategy_ids or ()
    if kind != "others" or len(both) != 2 or len(one) != 1 or one[0] not in both:  # noqa: PLR2004
        return None
    other = both[0] if one[0] == both[1] else both[1]
    return About(spoken.asked.queries[-1], (other,), spoken.asked.queries[:-1])


def _of_both_orders(message: str, question: Question, spoken: Spoken) -> About | None:
    """Read "샤프랑 순위가 달라?"."""
    asked = spoken.asked
    return About(message, asked.strategy_ids, asked.queries) if question.compares_orders else None


def _of_the_one(message: str, question: Question, spoken: Spoken) -> About | None:
    """Read what is asked of the one spoken of: "anything deeper than that?", "걔 2008년엔?"."""
    if spoken.context.focus is None or not _IT.search(message):
        return None
    one, earlier = (spoken.context.focus,), spoken.question
    beyond = question.continuation is not None and question.continuation.kind == "beyond"
    if (beyond and not earlier.thresholds) or (asks_by_how_much(message) and _THAN.search(message)):
        return About(message, one, spoken.asked.queries)
    only_time = question.window and not (question.asks or question.continuation or question.unresolved)
    chose = not earlier.asks or earlier.overall_end or any(each.end for each in earlier.criteria)
    if only_time and chose and not (earlier.timing or earlier.beyond):
        labels = [METRICS[each.metric].label.en for each in earlier.criteria]
        return About(message, one, (" and ".join(labels) or _FIGURES,))
    return None


def _than_a_time(message: str, question: Question, spoken: Spoken) -> About | None:
    """Read "was it worse than 2011?", after what one returned in 2012: the returns of both years are told."""
    before, other = spoken.question.window, question.window
    years = [each.start.year for each in (before, other) if each and each.start and each.unit == "year"]
    metrics = {each.metric for each in (*question.criteria, *spoken.question.criteria)} - {"total_return"}
    of_one = not (metrics or question.named or _OF_WHOM.search(message))
    if len(set(years)) != 2 or not of_one or not _THAN_A_YEAR.search(message):  # noqa: PLR2004
        return None
    one = (spoken.context.focus,) if spoken.context.focus else spoken.told
    told = "{}년이랑 {}년 수익률은?" if _HANGUL.search(message) else "total return in {} and {}?"
    return About(told.format(*years), one)


def _but_some(message: str, question: Question, spoken: Spoken) -> About | None:
    """Read "drop RSI", "RSI 다시 넣어줘": who that is, is read where the names are known."""
    of_quality = question.overall and not (question.criteria or question.thresholds)
    asks = question.continuation or (question.asks and not of_quality)
    if asks or not (excludes(message) or adds(message)):
        return None
    return About(message, spoken.asked.strategy_ids, spoken.asked.queries)


def _of_a_place(message: str, question: Question, spoken: Spoken) -> About | None:
    """Read what is asked of one of the order before, or of the first few that were named."""
    order, asked = spoken.order, spoken.asked
    if min(len(order), len(asked.strategy_ids or order)) == 1 or question.named or orders_by(message):
        return None
    if few := _FIRST_FEW.search(message):
        written = few["english"] or few["genitive"] or few["korean"]
        number, rest = _NUMBERS.get(written) or int(written), _without(message, few)
        shown = spoken.question.count == number and len(order) >= number
        return About(rest, order[:number]) if shown and _asks_of_it(rest) else None
    rest, one = _placed(message, order) or ("", "")
    asked_rest = parse(rest, {}) if one else question
    if one and _WHY.match(rest) and not (asked_rest.window or asked_rest.criteria):
        return About("why?", (one,), asked.queries)
    return About(rest, (one,), asked.queries) if one and _asks_of_it(rest) else None


def _of_two_places(message: str, question: Question, spoken: Spoken) -> About | None:
    """Read "1등이랑 3등 차이는?", "the gap between the first and the third"."""
    found = _TWO_PLACES.search(message)
    if found is None or question.named or not _DIFFERENCE.search(message):
        return None
    said = (found["one_ko"] or found["one"], found["two_ko"] or found["two"])
    places = [_PLACE_OF.get(each.lower()) or int(re.sub(r"\D", "", each)) for each in said]
    order = spoken.order_of(max(2, *places))
    if not order:
        return About(message, (), unclear=True)
    both = tuple(dict.fromkeys(order[place if place < 0 else place - 1] for place in places))
    return About(_without(message, found), both, spoken.asked.queries)


def _of_the_latter(message: str, question: Question, spoken: Spoken) -> About | None:
    """Read "후자는 2011년에 얼마 벌었어?", after a question about two."""
    found, both = _LATTER.search(message), spoken.context.strategy_ids
    if found is None or question.named or len(both) != 2:  # noqa: PLR2004
        return None
    one = both[0] if found["former"] or found["former_ko"] else both[1]
    return About(_without(message, found), (one,), spoken.asked.queries)


def _the_same_of_another(message: str, question: Question, spoken: Spoken) -> About | None:
    """Read "and the runner-up's?" after what was asked of one of an order: it is asked of another one."""
    order, asked = spoken.order, spoken.asked
    if question.named or len(asked.strategy_ids or ()) != 1 or len(order) == 1:
        return None
    rest, one = _placed(message, order) or ("", "")
    asks_no_other = bool(one) and _NOTHING_ELSE.fullmatch(rest) is not None
    return About(asked.queries[-1], (one,), asked.queries[:-1]) if asks_no_other else None


def _placed(message: str, order: Sequence[str]) -> tuple[str, str] | None:
    """Return the other words of a message that names a place in an order, and the strategy at that place."""
    for pattern, place in _PLACES:
        if (found := pattern.search(message)) and place <= len(order):
            return _without(message, found), order[place if place < 0 else place - 1]
    return None


def _without(message: str, found: re.Match[str]) -> str:
    return _THERE.sub("", f"{message[: found.start()]} {message[found.end() :]}").strip(" ,")


def _asks_of_it(rest: str) -> bool:
    """Tell whether the other words of a message ask for figures, and choose none."""
    question = parse(rest, {})
    if _DIFFERENCE.search(rest) and question.overall and not question.overall_end:
        return True
    of_it = question.overview or question.timing is not None or question.beyond in {"why", "settings"}
    return of_it or is_plain(replace(question, unresolved=()))


def _of_all_as_asked(message: str, question: Question, spoken: Spoken) -> About | None:
    """Read what asks for other figures of all that the answer before spoke of, and not of its leader."""
    plain = is_plain(replace(question, unresolved=())) and not question.timing
    if not plain or refers_to_one(message) or not spoken.is_of_several:
        return None
    of_the_leader = referred(message, spoken.context) == (spoken.context.focus,)
    return About(message, spoken.asked_about, spoken.asked.queries) if of_the_leader else None


_READERS: Final[Sequence[Callable[[str, Question, Spoken], About | None]]] = (
    _those_said,
    _so_many,
    _within_too,
    _the_other,
    _the_others,
    _of_both_orders,
    _than_a_time,
    _of_the_one,
    _but_some,
    _of_the_latter,
    _of_two_places,
    _of_a_place,
    _the_same_of_another,
    _of_all_as_asked,
)
"""In this order: the first that reads a message counts."""
