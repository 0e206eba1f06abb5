"""Questions for what there is to run, how it would be run, and what has run.

They are read by their words: one of those that such a question must have, and no other than may stand beside.
Figures are asked for in other words, which are left to `parsing`.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from services.language.parsing import parse
from services.language.phrases import compiled, listed, normal, one_of
from services.language.vocabulary import commands
from services.language.vocabulary import lookups as words

Kind = Literal[
    "prices", "describe", "parameters", "defaults", "review", "duration", "runs", "running", "failed",
    "cancelled", "completed", "last"
]  # fmt: skip
"""`prices`: of which days there are prices. `describe`, `parameters`, `defaults`: of a strategy type.
`review`: what is proposed. `duration`: of a backtest. The others are about backtests that were run."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """A question for what there is.

    `rest`: the words that are left, which name symbols or a type. `sure`: it can be about nothing else.
    `own`: about the backtests of the one who asks.
    """

    kind: Kind
    rest: str = ""
    sure: bool = False
    own: bool = False


def read_lookup(message: str) -> Lookup | None:
    """Return what a message asks for; None: it is no such question."""
    text = normal(message)
    bare = " ".join(re.sub(r"[^\w\s'.&^=+-]+", " ", text).split()).rstrip(".")
    if not bare or len(bare) > LONGEST:
        return None
    if _DURATION.fullmatch(bare):
        return Lookup("duration")
    if kind := _of_runs(bare):
        return Lookup(kind, own=_MINE.search(bare) is not None)
    return _of_type(bare) or _of_prices(bare)


def reviews(message: str) -> bool:
    """Tell whether a message asks, beside a proposal, what that would run."""
    text = normal(message)
    bare = re.sub(r"[^\w\s'.-]+", " ", text)
    asks = "?" in text or _ASKS.search(bare) is not None
    return asks and _REVIEWED.search(bare) is not None and not _left(bare, _BESIDE_REVIEW)


OF_RUNS: Final = frozenset[Kind]({"runs", "running", "failed", "cancelled", "completed", "last"})
LONGEST: Final = 120
"""The most characters of such a question."""


def _of_runs(bare: str) -> Kind | None:
    if _LAST_RUN.search(bare) and _SETTINGS_OF_RUN.search(bare) and not _FARES.search(bare):
        left = _left(_SETTINGS_OF_RUN.sub(" ", _LAST_RUN.sub(" ", bare)), _BESIDE_RUNS)
        return None if left else "last"
    said = set(_tokens(bare)) | {stem for each in _tokens(bare) if (stem := _stem(each))}
    why = not said.isdisjoint(_WHY) and not said.isdisjoint(_STATUSES["failed"])
    if said.isdisjoint(_RUN_NOUNS) and not why:
        return None
    if not all(map(str.isdecimal, _left(bare, _BESIDE_RUNS | _RUN_NOUNS | _LISTED | _OF_STATUS))):
        return None
    for kind, core in _STATUSES.items():
        if not said.isdisjoint(core):
            return kind
    sure = not said.isdisjoint(_SURE_NOUNS) and not said.isdisjoint(_LISTED - _ONLY_ASKING)
    return "runs" if sure else None


def _of_type(bare: str) -> Lookup | None:
    taking, doing = _TAKING.search(bare), _DOING.search(bare)
    left = _left(bare, _BESIDE_TYPE, whole=True) if taking or doing else ()
    # "volatility" may be a part of its name
    of_type = (_EXPLAINING.search(bare) and _STRATEGY.search(bare)) or (taking and _DEFAULTS.search(bare))
    if not (taking or left) or len(left) > _MOST_WORDS or (not of_type and _asks_for_figures(bare)):
        return None
    rest = " ".join(left)
    if taking:
        return Lookup("defaults" if _DEFAULTS.search(bare) else "parameters", rest)
    return Lookup("describe", rest, sure=_EXPLAINING.search(bare) is not None)


def _of_prices(bare: str) -> Lookup | None:
    companies = [each.group() for each in _COMPANIES.finditer(bare)]
    left = _left(_COMPANIES.sub(" ", bare), _BESIDE_PRICES, whole=True)
    sure = _DATA.search(bare) is not None
    symbol = _SYMBOL if sure else _CODE
    if not _PRICES.search(bare) or not (left or companies) or len(left) > _MOST_SYMBOLS:
        return None
    if not all(map(symbol.fullmatch, left)) or _asks_for_figures(bare):
        return None
    return Lookup("prices", " ".join([*left, *companies]), sure)


def _asks_for_figures(bare: str) -> bool:
    question = parse(bare, {})
    overall = question.overall and not _WHAT_DOES.match(bare)  # "how does it do?" asks for figures
    of_days = question.timing is not None and question.timing.asks in {"best", "worst", "last_drawdown"}
    return bool(question.criteria or overall or question.relation or of_days)


def _tokens(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _stem(word: str) -> str:
    return _PARTICLE.sub("", word)


def _left(text: str, beside: frozenset[str], *, whole: bool = False) -> list[str]:
    """Return the words of a text that are none of these; `whole`: as written, but for their particles."""
    known = _BESIDE | beside
    found = _WORD.findall(text)
    return [
        _stem(each) if whole else each
        for each in found
        if each.casefold() not in known and _stem(each.casefold()) not in known
    ]


def _set(phrases: str) -> frozenset[str]:
    return frozenset(word for phrase in listed(phrases) for word in (phrase, *phrase.split()))


_WORD: Final = re.compile(r"[\w.&^=+'-]+")
_PARTICLE: Final = re.compile(rf"(?<=.){one_of(commands.PARTICLES)}$")
_SYMBOL: Final = re.compile(r"\^?[A-Za-z0-9][A-Za-z0-9.^=_-]{0,31}")
_CODE: Final = re.compile(r"[0-9]{6}(?:\.[A-Z]{2})?|\^?[A-Z][A-Z0-9.^=-]{1,9}")
_MOST_WORDS: Final = 5
_MOST_SYMBOLS: Final = 10
_COMPANIES: Final = compiled(one_of(";".join(commands.COMPANIES)))
_ASKS: Final = compiled(
    rf"^(?:{one_of(commands.OPENING)}\s+)*(?:what|what's|whats|which|how|show|tell|when)\b"
    r"|뭐|뭘|무엇|무슨|어떤|어떻|얼마|언제|몇|며칠|알려|보여|말해|요약|[가-힣](?:나|니|지|냐|까|야|요)\s*$"
)
_BESIDE: Final = _set(words.BESIDE)
_BESIDE_PRICES: Final = _set(words.BESIDE_PRICES)
_BESIDE_TYPE: Final = _set(words.BESIDE_TYPE)
_BESIDE_REVIEW: Final = _set(words.BESIDE_REVIEW)
_BESIDE_RUNS: Final = _set(words.BESIDE_RUNS)
_RUN_NOUNS: Final = _set(words.RUN_NOUNS)
_SURE_NOUNS: Final = _RUN_NOUNS - _set("one; ones; anything; something; 거; 것; 게; 건; run; 실행; 작업; job")
_WHY: Final = _set("why; 왜; 이유")
_LISTED: Final = _set(words.LISTED)
_ONLY_ASKING: Final = _set("which; what; any; all; 어떤; 무슨; 뭐; 알려줘; 알려주세요; 방금")
_STATUSES: Final[dict[Kind, frozenset[str]]] = {
    "failed": _set(words.FAILED),
    "cancelled": _set(words.CANCELLED),
    "running": _set(words.UNDER_WAY) - _set("in; on; under"),  # "that one in 2010?"
    "completed": _set(words.COMPLETED),
}
_OF_STATUS: Final = frozenset[str]().union(*_STATUSES.values())
_PRICES: Final = compiled(one_of(words.PRICES))
_DATA: Final = compiled(one_of(words.DATA))
_TAKING: Final = compiled(one_of(words.TAKING))
_DEFAULTS: Final = compiled(one_of(words.DEFAULTS))
_DOING: Final = compiled(one_of(words.DOING))
_REVIEWED: Final = compiled(one_of(words.REVIEWED))
_WHAT_DOES: Final = compiled(r"(?:\w+\s+){0,2}what\s+does\b")
_STRATEGY: Final = compiled(r"\bstrategy\b|전략")
_EXPLAINING: Final = compiled(one_of(words.EXPLAINING))
_MINE: Final = compiled(rf"(?<![가-힣]){one_of(words.MINE)}(?![가-힣])")
_LAST_RUN: Final = compiled(one_of(words.LAST_RUN))
_FARES: Final = compiled(r"\bhow\s+(?:did|does|has)\b.*\b(?:do|doing|done|perform|performed|fare|go)$")
_SETTINGS_OF_RUN: Final = compiled(one_of(words.SETTINGS_OF_RUN))
_BEGINNING: Final = rf"(?:{one_of(words.BEFORE_DURATION)}\s*)*"
_DURATION: Final = compiled(
    rf"{_BEGINNING}(?:{one_of(words.DURATION)}|(?:시간[이은]?\s*)?(?:얼마나|오래|몇\s*[초분])\s*걸[가-힣]+)(?:요|\s)*"
)
