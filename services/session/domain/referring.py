"""What a message refers to, and what is remembered for the next one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from services.language.asked_settings import AskedSettings
from services.language.choosing import asks_for_a_set, chooses, is_a_place, orders_by, ranks
from services.language.continuing import continues, is_fragment
from services.language.following import is_incomplete, is_plain
from services.language.parsing import parse, parse_all
from services.language.phrases import compiled, one_of
from services.language.question import Question
from services.language.vocabulary.commands import ORDINALS
from services.session.domain.session import Asked, Context

Ids = tuple[str, ...] | None
_PLACES_OF_SEVERAL: Final = frozenset({"opposite", "best", "worst", "next", "place", "degree"})
_ONE: Final = re.compile(
    r"(?:그|이|해당)\s*전략(?!들)|그것|그거|그건|승자"
    r"|(?<![가-힣])(?:걔|쟤|그\s*(?:놈|녀석|애))(?!네|들|중|\s*(?:네|들|중))"
    r"|\b(?:it|its|it's|(?:that|this) (?:one|strategy)|the same one|the winner)\b",
    re.IGNORECASE,
)
_IT: Final = re.compile(rf"{_ONE.pattern}|그건|걔|얘|(?:그|이)\s*(?:놈|애|친구|녀석)", re.IGNORECASE)
"""The strategy in focus, where a question asks nothing but what the one before did: "걔는 2010년에?"."""
_SEVERAL: Final = re.compile(
    r"(?:걔|얘|쟤)네|(?:그|이|저)\s*둘|(?:그|이)\s*(?:전략)?들|(?:그|이)\s*중|두\s*전략|[거여]기서|[거여]기\s*중"
    r"|두\s*(?:개|놈|애)\s*(?:다|모두|중|의)|둘\s*(?:중|다|이|은|을|의)|나머지|다시\s*비교"
    r"|(?<![가-힣])각각|\b(?:for|of)\s+each(?:\s+(?:one|of\s+them))?\W*$"
    r"|남은\s*(?:것|거|애|놈|전략|\d)|\bwhat(?:'s| is) left\b|\b(?:the )?remaining\b"
    r"|of the two|compare (?:them )?again|\bthe two\b(?! (?:with|[a-z]{3,}est|most|least|best|worst)\b)"
    r"|\b(?:they|them|their|these|those|both)\b",
    re.IGNORECASE,
)
_BOTH: Final = re.compile(
    r"\bboth\b(?!\s+(?:in|on|by|the)?\s*(?:years?|months?|periods?|quarters?|metrics?|figures?|numbers?|\d))"
    r"|(?<![가-힣])(?:(?:그|이|저)\s*)?(?:둘|두\s*(?:개|놈|애|전략))\s*(?:다(?![가-힣])|중|모두)",
    re.IGNORECASE,
)
_OF_BOTH: Final = re.compile(r"\b(?:of|for|with)\s+both\b(?!\s+\w)|둘\s*(?:다|모두)의", re.IGNORECASE)
_OTHERS: Final = re.compile(
    r"나머지|다른\s*(?:전략|것|거|하나|쪽|애)|(?:그|이|해당)\s*(?:전략|것|거)\s*(?:말고|빼고|제외|외에)"
    r"|\b(?:the (?:other|rest)|other one|others|(?:other than|except|besides|apart from) (?:it|that))\b",
    re.IGNORECASE,
)
"""Those of the answer before but the one in focus."""
_BESIDE_OTHERS: Final = re.compile(
    r"\b(?:is|was|does|did|isn't|doesn't)\s+(?:it|that one)\b.*\b(?:others?|rest)\b"
    r"|(?:그\s*전략|그거|그게|그건|걔|얘)(?:이|가|은|는)?\s*(?:나머지|다른\s*\S+)보다",
    re.IGNORECASE,
)
"""The one in focus beside those: "does it beat the others?"."""
_CHOICE: Final = re.compile(
    r"어떤|어느|가장|제일|비교|더\s|순위|랭킹"
    r"|\b(?:which|what strategy|best|worst|compare|more|most|better|steadier|steadiest)\b",
    re.IGNORECASE,
)
_COMPARATIVE: Final = re.compile(
    r"(?<![가-힣])(?:더(?:\s|(?=[가-힣]{1,3}(?:은|는|한)?\s*(?:쪽|건|거|게|애|놈)))|(?:어느|어떤)\s*(?:쪽|편|게|것이|거)"
    r"|(?:누가|뭐가)\s*더|(?:누가|뭐가)\s+(?=[높낮크작많적좋나빨길짧잘못앞]|이[겼기긴길]))|[은는큰한]\s*쪽"
    r"|\b(?:which|who)(?:\s+one)?\s+(?:(?:would|should|do)\s+(?:you|i|we)|won|wins|was\s+ahead|is\s+ahead|came\s+out)\b"
    r"|\b(?:which|who|whose)\b.*\b(?:more|less|fewer|better|worse"
    r"|(?!over|under|after|other|ever|never|number|quarter|winner|per\b|order|buffer|together)[a-z]{3,}er)\b"
    r"(?!\s+than)",
    re.IGNORECASE,
)
"""What is asked of two: "which cost more?", "더 큰 쪽은?"."""
_BESIDE: Final = re.compile(
    r"(?:이?랑|와|과|하고)\s*비교|\bcompare[ds]?\s+(?:it\s+|that\s+)?(?:to|with)\b|^\s*(?:vs|versus)\b",
    re.IGNORECASE,
)
"""What one is compared with: the strategy in focus and another that is named."""
_ALL: Final = re.compile(
    r"모든|모두|전체(?!로|적|\s*기간)|전부|각각|\b각\s|\b(?:(?<!at )all|every|everything|each)\b",
    re.IGNORECASE,
)
_TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "hundred": 100,
}  # fmt: skip
_OF_SO_MANY: Final = compiled(
    rf"\b(?:how\s+many|which|any|none|all|most|best|worst)\s+of\s+(?:the\s+|all\s+|our\s+){{0,2}}"
    rf"(?P<english>(?!(?:19|20)\d\d\b)\d{{2,5}}|{'|'.join(_TENS)})\b"
    r"(?![\s-]*(?:%|(?!strateg|strats|ones|runs|backtests)[a-z]+s\b|percent|basis|[.,]\d))"
    r"|(?<![\d.,])(?P<korean>\d{2,5})\s*개\s*(?:전략\s*)?(?:중|가운데)"
)
_WHOLE_PERIOD: Final = re.compile(r"전체(?:로|적으로|\s*기간)|\b(?:n?ever|overall)\b", re.IGNORECASE)
"""What leaves the window of the question before."""
_NOBODY: Final = re.compile(
    r"아무도|아무\s*것도|하나도|다들|\b(?:nothing|none|nobody|no one|anyone|anybody|everyone|everybody)\b",
    re.IGNORECASE,
)
_EVER: Final = re.compile(r"^(?!.*(?:누구|누가|전략|애|놈)).*적[이은도]?\s*(?:한\s*번도\s*)?(?:있|없)")
"""What is asked of one: "40% 넘게 잃은 적 있어?"."""
_ALL_STRATEGIES: Final = re.compile(
    r"(?:모든|전체|각|각각의)\s*전략|전략(?:들)?\s*(?:모두|전부|각각|다)|다들|각각"
    r"|\b(?:all|each|every)\s+(?:of\s+)?(?:the\s+)?(?:strateg\w+|strats?|them|one)\b|\beveryone\b",
    re.IGNORECASE,
)
"""In a question for periods, where "each year" is of one."""
_SAYS_ALL: Final = re.compile(rf"{_ALL.pattern}|{_ALL_STRATEGIES.pattern}|전략|strateg", re.IGNORECASE)
_PLURAL: Final = re.compile(
    r"어떤\s*전략|어느\s*전략|전략들|(?:다|모두|전부)\s*(?:똑같|동일)|\b(?:which one|strateg(?:y|ies))\b",
    re.IGNORECASE,
)
"""In a question about settings: "which symbols?" asks it of one, "which strategies ran on AAPL?" of all."""
_PLACES: Final = [(compiled(one_of(phrases)), place) for phrases, place in ORDINALS]
_PLACE_AHEAD: Final = compiled(
    one_of("; ".join(phrases for phrases, _ in ORDINALS))
    + r".*(?:더|낫|나은|나아|\b(?:better|worse|more|less|[a-z]{3,}er)\b)"
)
"""What says of one of those told that it is ahead: "so the first one is better, right?"."""
_TOPIC: Final = re.compile(r"전략|백테스트|결과|성과|strateg|backtest|result|perform", re.IGNORECASE)


def referred(message: str, context: Context) -> tuple[str, ...] | None:
    """Return the strategies that a message is about if it names none; None: all there are.

    "그 전략의 최대 낙폭은?" is about the strategy in focus, "그 전략들 중" about those compared last.
    "Which is best?" and "top 3 by return" are about all; "and the drawdown?" is about the strategy in focus.
    """
    if _BESIDE_OTHERS.search(message) and context.focus:
        return (context.focus,)
    if of := _OF_SO_MANY.search(message):
        written = of["english"] or of["korean"]
        if int(_TENS.get(written.lower(), written)) > len(context.strategy_ids):
            return None  # "how many of the sixty made money?", after the first five
    if _OTHERS.search(message) and context.focus in context.strategy_ids:
        return tuple(each for each in context.strategy_ids if each != context.focus) or None
    of_several = _SEVERAL.search(message) or _PLACE_AHEAD.search(message)
    if (of_several and context.strategy_ids) or _is_of_the_two(message, context):
        told = told_of(context)  # after one was told, "each" and "rank them" are of all
        return None if len(told) == 1 and (_ALL.search(message) or ranks(message)) else told
    beside = context.focus and _BESIDE.search(message) and not _ALL.search(message)
    if beside or _ONE.search(message) or not _is_of_all(message):
        return (context.focus,) if context.focus else context.strategy_ids or None
    return None


def told_of(context: Context) -> tuple[str, ...]:
    """Return the strategies that the answer before named: of a ranking as many as were asked for."""
    count = parse_all(context.asked.queries, {}).count if context.asked else None
    return context.strategy_ids[:count]


def _is_of_the_two(message: str, context: Context) -> bool:
    """Tell whether a message is about the two strategies compared last, without naming them.

    "Which cost more?" is, and after a comparison of two also what asks for a figure: "낙폭만 보면?".
    """
    if len(context.strategy_ids) != _TWO or _ONE.search(message) or _ALL.search(message):
        return False
    if context.asked is None or _STRATEGIES.search(message):
        return False
    if _COMPARATIVE.search(message):
        return True
    question, before = parse(message, {}), parse_all(context.asked.queries, {})
    if question.relation == "correlation" and not _PAIRS.search(message):
        return True
    of_settings = question.beyond == "settings" and before.beyond != "settings"
    plain = (question.criteria or of_settings) and not (question.asks_rank or _is_of_all(message))
    return bool(plain) and _compares(before)


def _compares(question: Question) -> bool:
    """Tell whether a question without its names compares: "A가 좋아 B가 좋아" has nothing beside these."""
    ends = any(each.end for each in question.criteria)
    asks = ends or (question.overall and not question.overview) or bool(question.thresholds)
    return asks or not question.asks


_TWO: Final = 2
_STRATEGIES: Final = re.compile(r"전략|strateg", re.IGNORECASE)
_PAIRS: Final = re.compile(
    r"\b(?:which|pairs?|least|most|best|worst)\b|조합|쌍|가장|제일|어떤|어느", re.IGNORECASE
)
"""What asks for a pair of all, and not of the two spoken of."""


def refers_to_one(message: str) -> bool:
    """Tell whether a message speaks of the strategy in focus: "its", 그 전략."""
    return _ONE.search(message) is not None


def speaks_of_several(message: str) -> bool:
    """Tell whether a message speaks of the strategies told before: "of those", 그중에."""
    return _SEVERAL.search(message) is not None and not _OTHERS.search(message)


def question_of(message: str, context: Context) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """Return which strategies a message is about if it names none, and which questions it may continue.

    "2013년에는?" and "the opposite?" are about those of the question before. One that refers to its answer,
    asks for nothing but a strategy, "RSI는?", or begins as "그럼 …", may be about the same metric or window.
    """
    asked, strategies = context.asked, referred(message, context)
    question = parse(message, {})
    alike = question.settings and _set_alike(question.settings, message, context)
    if alike or asked is None:
        return alike or (strategies, ())
    if question.continuation and parse_all(asked.queries, {}).timing:
        others = question.continuation.kind == "others"
        return _others_in(context) if others else asked.strategy_ids, asked.queries
    if is_incomplete(question):
        return _of_a_part(message, question, asked, context), asked.queries
    if (orders_by(message) and is_plain(question) and strategies is None) or is_a_place(message, question):
        return asked.strategy_ids, asked.queries
    among = asked.strategy_ids or ()
    if strategies is None and continues(message) and len(among) > 1 and not _SAYS_ALL.search(message):
        return among, asked.queries  # "and the lowest volatility?" is of those asked about
    leaves_its_window = question.asks and _WHOLE_PERIOD.search(message)
    whether = question.whether and not (question.named or question.unresolved)  # "are all positive?"
    goes_on = bool(strategies) or continues(message) or not question.asks or question.same_window
    goes_on = (goes_on or is_fragment(message) or bool(whether)) and not leaves_its_window
    return strategies, asked.queries if goes_on else ()


def _of_a_part(message: str, question: Question, asked: Asked, context: Context) -> Ids:
    """Return the strategies of a question that is incomplete without the one before."""
    if question.bare and asks_for_a_set(message) and not _SEVERAL.search(message):
        return None
    if _COMPARATIVE.search(message) and len(context.strategy_ids) == _TWO:
        return context.strategy_ids
    if context.focus and _IT.search(message) and not question.continuation:
        return (context.focus,)
    return _of_the_same(question, asked, context)


def _set_alike(settings: AskedSettings, message: str, context: Context) -> tuple[Ids, tuple[str, ...]] | None:
    """Return those whose settings may be the same, and what it continues; None: it asks no such thing."""
    before = context.asked.queries if context.asked and settings.is_of_before else ()
    of_settings = not settings.is_of_before or parse_all(before or ("",), {}).beyond == "settings"
    if settings.alike is None or not of_settings:
        return None
    return _of_alike(message, context), before


def _of_alike(message: str, context: Context) -> Ids:
    """Return the strategies whose settings may be the same: those spoken of, where there are several."""
    several = _SEVERAL.search(message) and not _OTHERS.search(message)
    all_of_them = _ALL.search(message) or _ALL_STRATEGIES.search(message) or _PLURAL.search(message)
    if several or not (all_of_them or _OTHERS.search(message) or len(context.strategy_ids) < _TWO):
        return told_of(context) or None
    return None


def speaks_of_two(message: str) -> bool:
    """Tell whether a message speaks of two strategies without naming them, and not of two metrics: "both"."""
    of_strategies = _OF_BOTH.search(message) or len(parse(message, {}).criteria) < _TWO
    return _BOTH.search(message) is not None and bool(of_strategies)


def tells_each(asked: Asked) -> bool:
    """Tell whether figures were asked for and no choice: of several strategies none is in focus then."""
    question = parse_all(asked.queries, {})
    plain = is_plain(replace(question, named=(), unresolved=())) or question.overview
    return plain and not (question.timing or question.claimed or question.whether or question.thresholds)


def beside_others(message: str, context: Context) -> str | None:
    """Return the strategy in focus where it is asked about beside others: "is it the best of all?"."""
    question = parse(message, {})
    if is_incomplete(question) and context.asked:
        question = parse_all((*context.asked.queries, message), {})
    of_one = question.whether == "first" or (question.asks_rank and _ONE.search(message) is not None)
    return context.focus if of_one else None


def leaves_the_window(message: str, context: Context) -> bool:
    """Tell whether a message names no window, after a question about one."""
    if context.asked is None or parse(message, {}).window:
        return False
    window = parse_all(context.asked.queries, {}).window
    return window is not None and not window.is_all


def _of_the_same(question: Question, asked: Asked, context: Context) -> Ids:
    """Return the strategies of a question that only continues another: a place is one among several."""
    kind = question.continuation.kind if question.continuation else "again"
    if kind == "others":
        earlier = parse_all(asked.queries, {})
        if earlier.thresholds:  # the others are those that are not within the bounds
            return asked.strategy_ids
        if earlier.count:
            return context.strategy_ids[earlier.count :] or None
        return _others_in(context) or context.strategy_ids or None  # of one, all others are meant
    if question.continuation and question.continuation.kind == "certainty" and question.continuation.number:
        return context.strategy_ids if len(context.strategy_ids) == _TWO else asked.strategy_ids
    one = asked.strategy_ids is not None and len(asked.strategy_ids) == 1
    return None if one and kind in _PLACES_OF_SEVERAL else asked.strategy_ids


def _others_in(context: Context) -> Ids:
    """Return the strategies of the answer before but the one in focus; None: all there are."""
    return tuple(each for each in context.strategy_ids if each != context.focus) or None


def _is_of_all(message: str) -> bool:
    question = parse(message, {})
    if question.timing:  # "the worst of all days" is of one
        of_each_other = question.timing.asks == "wins" and not question.timing.benchmark
        together = question.timing.together and not _SEVERAL.search(message)
        return (
            together or question.timing.which or of_each_other or _ALL_STRATEGIES.search(message) is not None
        )
    if _ALL.search(message) or _NOBODY.search(message):
        return True
    if _EVER.search(message):
        return False
    if question.beyond == "settings":
        return _PLURAL.search(message) is not None
    return _CHOICE.search(message) is not None or chooses(message, question)


def run_again(message: str, context: Context) -> tuple[str, ...]:
    """Return the strategies that a message wants to run again if it names none."""
    for pattern, place in _PLACES:
        if pattern.search(message) and -len(context.strategy_ids) <= place < len(context.strategy_ids):
            return (context.strategy_ids[place],)
    if _ALL.search(message) and context.strategy_ids:
        return context.strategy_ids
    return referred(message, context) or ((context.focus,) if context.focus else ())


def on_topic(message: str, names: Iterable[str]) -> bool:
    """Tell whether a message that names no metric is about strategies at all."""
    lowered = message.casefold()
    patterns = (_ONE, _SEVERAL, _CHOICE, _TOPIC)
    return any(pattern.search(message) for pattern in patterns) or any(
        name.casefold() in lowered for name in names
    )


def remember(
    context: Context, strategy_ids: Sequence[str], best: str | None, asked: Asked | None = None
) -> Context:
    """Return the context after an answer about these strategies; one about none changes nothing.

    The only one within a bound that was `asked` for is all that "of those" can mean.
    """
    if not strategy_ids:
        return context
    bounds = parse_all(asked.queries, {}) if asked else None
    if len(strategy_ids) == 1 and not (bounds and bounds.thresholds and not bounds.asks_whether):
        if strategy_ids[0] in context.strategy_ids:
            return replace(context, focus=strategy_ids[0])  # a closer look at one does not forget the others
        if context.focus and best:  # "RSI 샤프는?", "모멘텀은?", "둘 중에 …"
            return replace(context, strategy_ids=(context.focus, best), focus=best)
    return replace(context, strategy_ids=tuple(strategy_ids), focus=best)
