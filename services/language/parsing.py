"""Parsing a question about backtests, in Korean, in English, or in both at once."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from services.language.among import excludes
from services.language.asked_language import without_asked_language
from services.language.bearable import as_bounds
from services.language.choosing import asks_for_a_set, is_a_place, orders_by, ranks
from services.language.claims import asks_whether
from services.language.continuing import continues
from services.language.differences import asks_by_how_much, side_of, with_orders
from services.language.following import Said, following
from services.language.name_index import Names
from services.language.question import Criterion, Question
from services.language.resolving import resolved
from services.language.rewording import reworded
from services.language.signs import as_earned
from services.language.stakes import read_stake
from services.language.timed import following_timing
from services.language.whether import with_whether

LONGEST: Final = 1_000
"""The most characters that are read; of more it is said that they were not."""
_SHOWN: Final = 30
_TOO: Final = re.compile(r"\b(?:too|as\s+well)\W*$", re.IGNORECASE)
"""What asks the same of another: "was Google's higher too?"."""
_OF_SO_MANY: Final = re.compile(
    r"\b(all\s+(?:of\s+)?(?:the\s+|our\s+|these\s+)?)(\d{1,5})\b(?!\s*(?:%|percent|pct|years?|months?|days?|weeks?|quarters?|[.,]\d))",
    re.IGNORECASE,
)
"""How many there are, which is no bound: "which of all 8 trades the least?"."""
_ASKS_FOR_NONE: Final = re.compile(
    r"((?:[거건것게놈애]|전략[은이]?)\s*(?:하나도\s*|아무것도\s*)?)없(?=[어나니지냐습][가-힣]{0,3}\W*$)"
)
"""Whether there is none is what "is there any?" asks too: "돈 번 전략은 하나도 없어?"."""
_SCALED: Final = re.compile(
    r"\b(?:half|twice|double|triple|(?:a|one|two)\s+(?:third|quarter|fifth)s?|\d{1,3}\s?(?:x|times))\s+(?:of\s+)?"
    r"(?:what|as\s+much\s+as)\b"
    r"|(?:잃은|번|까먹은|날린|벌어들인|빠진)\s?(?:것|거|돈|만큼|수익|손실)?의?\s?(?:절반|반(?![가-힣])|반도|두\s?배|세\s?배|\d{1,3}\s?배)",
    re.IGNORECASE,
)
"""A share or multiple of another strategy's figure: "less than half of what RSI lost"."""


def parse(given: str, names: Mapping[str, str], catalogue: Mapping[str, str] | None = None) -> Question:
    """Return what a question asks.

    Args:
        given: the question.
        names: by their ids, the names of the strategies that it could mention.
        catalogue: the names among which one has to be the only one that is near, where these are more.

    """
    return _parse(given, names, catalogue) if names or catalogue else _parse_alone(given)


@lru_cache(maxsize=256)
def _parse_alone(given: str) -> Question:
    """Return what a question asks, as far as no names are needed: a turn wants to know that several times."""
    return _parse(given, {}, None)


def _parse(given: str, names: Mapping[str, str], catalogue: Mapping[str, str] | None) -> Question:
    written = reworded(unicodedata.normalize("NFKC", given[:LONGEST]))
    text = _as_it_is_read(written)
    stake = read_stake(text)
    names = Names.of(names)
    everything = names if catalogue is None else Names.of(catalogue)
    question = resolved(stake.rest if stake else text, names, everything)
    if stake:
        return _of_a_stake(question, stake.sum)
    counts = any(each[:1].isdigit() for each in question.unread)  # "three times better"
    if question.claimed and (counts or not asks_whether(text)):
        question = replace(question, claimed=None)
    question = _without_a_bound(_of_a_kind(_of_its_topic(question, text), text), text)
    if question.named and _SCALED.search(text):
        question = replace(question, thresholds=(), beyond="scaled")
    rest = given[LONGEST:].strip()
    unread = (*question.unread, f"{rest[:_SHOWN]}…") if rest else question.unread
    return replace(with_whether(with_orders(question, text), written), unread=unread)


_BY_MORE: Final = re.compile(
    r"\b(?:more than|over|above|at least|less than|under|below|exceed\w*)\s+-?"
    r"(?P<english>\d+(?:\.\d+)?)\s?(?:%|percent|pct)"
    r"|(?P<korean>\d+(?:\.\d+)?)\s?(?:%|퍼센트|퍼|프로)\s?(?:넘|이상|초과|보다|이하|미만|밑)",
    re.IGNORECASE,
)


def _without_a_bound(question: Question, text: str) -> Question:
    """Return a question for periods that lost so much as one of which the number is not understood."""
    bound = _BY_MORE.search(text) if question.timing and question.timing.asks in {"gains", "losses"} else None
    if bound is None:
        return question
    number = bound["english"] or bound["korean"]
    return replace(question, timing=None, criteria=(), unread=(*question.unread, number), beyond="number")


_KIND: Final = re.compile(
    r"\bthe\s+(?P<kind>(?:slow|fast|short|long|new|old|small|big)(?:er|est)?)\s+(?:ones|strategies)\b",
    re.IGNORECASE,
)
"""Strategies by what is no figure: "do the slow ones trade less than the fast ones?"."""


def _of_a_kind(question: Question, text: str) -> Question:
    """Return a question about strategies of a kind that no figure tells as one about unknown names."""
    found = dict.fromkeys(each["kind"].lower() for each in _KIND.finditer(text))
    if not found or question.named:
        return question
    unread = tuple(each for each in question.unread if each not in found)
    kinds = (f"{each} ones" for each in found)
    return replace(question, unread=unread, unresolved=(*question.unresolved, *kinds))


_TOPIC: Final = re.compile(r"^\W*(?:(?:그럼|그러면|근데|그런데)\s+)?(?P<name>[가-힣]{2,12})(?:은|는)\s")
"""What a Korean question is about: "구글은 그때 얼마 벌었는데?"."""


def _of_its_topic(question: Question, text: str) -> Question:
    """Return a question about what is not known as one about a strategy that there is not."""
    topic = None if question.named else _TOPIC.search(text)
    if topic is None or topic["name"] not in question.unread:
        return question
    rest = tuple(each for each in question.unread if each != topic["name"])
    return replace(question, unread=rest, unresolved=(*question.unresolved, topic["name"]))


def _as_it_is_read(written: str) -> str:
    """Return a text with the words for bounds, signs and counts as the grammar knows them."""
    text = _ASKS_FOR_NONE.sub(r"\1있", without_asked_language(written))
    return _OF_SO_MANY.sub(lambda found: found[1] + " " * len(found[2]), as_bounds(as_earned(text)))


def _of_a_stake(question: Question, stake: float) -> Question:
    """Return the question what a sum became, of the strategies and the time that another one names."""
    return Question(
        criteria=(Criterion("total_return"),),
        stake=stake,
        named=question.named,
        excluded=question.excluded,
        unresolved=question.unresolved,
        unread=question.unread,
        read_as=question.read_as,
        near=question.near,
        window=question.window,
        same_window=question.same_window,
        beyond=question.beyond if question.beyond in {"period", "windows"} else None,
    )


def parse_all(
    texts: Sequence[str], names: Mapping[str, str], catalogue: Mapping[str, str] | None = None
) -> Question:
    """Return what the last of some questions asks, at least one; each may continue the one before."""
    first, *others = texts
    question = order = _of_all(parse(first, names, catalogue), first)
    ordered = first
    for text in others:
        asked = _of_losses(parse(text, names, catalogue), order, ordered)
        of_place = asked.continuation is not None and asked.continuation.kind == "place"
        before = order if of_place else question
        goes_on = continues(text) or is_a_place(text, asked) or _TOO.search(text) is not None
        by = orders_by(text) and not ranks(text)
        goes = Said(goes_on, by, asks_by_how_much(text), side_of(text), excludes(text), asks_for_a_set(text))
        question = following_timing(asked, before, text, goes_on=goes_on) or following(
            replace(asked, timing=None), replace(before, timing=None), goes
        )
        if not of_place:  # places are counted from the same end, however often another is asked for
            order, ordered = question, text
    return _without_a_condition(question)


_HOW_ALL: Final = re.compile(
    r"\bhow\s+(?:did|do|does|is|are|was|were|have|has)\s+(?:they|these|those|both|everything|every(?:one|body)"
    r"|(?:all\s+)?(?:of\s+)?(?:the|our|my|these|those)?\s*(?:strategies|strats|backtests)|all\s+of\s+them|all)\b"
    r"|(?<![가-힣])(?:다들|모두|전부|둘\s?다|[걔얘]네들?|전략들?)[은는이가]?\s?(?:어땠|어때|어떰|어떻게|어떤가)",
    re.IGNORECASE,
)


def _of_all(question: Question, text: str) -> Question:
    """Return a question that asks nothing but how all did, "how did they do in 2010?", as a ranking."""
    more = (question.asks, question.named, question.continuation, question.unresolved, question.unread)
    asks_nothing = not any(more) and question.beyond in {None, "period"}
    return replace(question, overall=True) if asks_nothing and _HOW_ALL.search(text) else question


def _without_a_condition(question: Question) -> Question:
    """Return a question as one that has no answer where a number is not understood: it may be a condition."""
    numbers = tuple(each for each in question.unread if each[:1].isdigit())
    if not numbers or question.beyond or question.timing or not (question.asks or question.named):
        return question
    return replace(
        question, criteria=(), overall=False, thresholds=(), relation=None, claimed=None, beyond="number"
    )


_LOSSES: Final = re.compile(r"\b(?:lose[sr]?|lost|losing)\b|잃|손실|손해|날린|날렸|날려", re.IGNORECASE)


def _of_losses(asked: Question, order: Question, text: str) -> Question:
    """Return a question for an end of losses, "and the most?", as one for the other end of returns."""
    meant = asked.continuation
    of_returns = bool(order.criteria) and order.criteria[0].metric == "total_return"
    if meant is None or meant.kind != "degree" or not (of_returns and _LOSSES.search(text)):
        return asked
    return replace(asked, continuation=replace(meant, number=-meant.number))
