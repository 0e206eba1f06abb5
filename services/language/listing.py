"""Questions about the catalogue itself: how many strategies there are, which, and what they ran.

Only what is understood as a whole is one: with any other word in it, a message asks something else.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from services.language.phrases import listed
from services.language.rewording import reworded
from services.language.run_settings import read_settings
from services.language.vocabulary import listing as words

LONGEST: Final = 300
"""The most characters of such a question: a longer text asks more."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What is asked of the catalogue.

    Attributes:
        last: when the strategies last ran.
        backtested: those with a completed backtest, or those without one; None: all.
        words: those left, which name symbols, types or strategies; as they are written, without particles.
        trading: they are said to be symbols, as by "trade".
        using: they are said to be a type, as by "use".
        counting: it is asked how many there are, so that the words are no strategy.
        commission_rate: that of the backtest, a fraction.
        slippage_rate: likewise.
        initial_cash: likewise, in money.
        timed: it names a time, which says nothing of what they trade.
        others: it is about those that trade other symbols than those that the words name.

    """

    last: bool = False
    backtested: bool | None = None
    words: tuple[str, ...] = ()
    trading: bool = False
    using: bool = False
    counting: bool = False
    commission_rate: float | None = None
    slippage_rate: float | None = None
    initial_cash: float | None = None
    timed: bool = False
    others: bool = False

    @property
    def of_settings(self) -> bool:
        """Whether it is about what backtests were set to."""
        return any(each is not None for each in (self.commission_rate, self.slippage_rate, self.initial_cash))


def read_listing(text: str) -> Listing | None:
    """Return what a message asks of the catalogue; None: it may ask something else."""
    if len(text) > LONGEST:
        return None
    normal = _NONE_OF.sub(r"no \1", reworded(unicodedata.normalize("NFKC", text)))
    settings, rest = read_settings(normal)
    amounts = (settings.commission_rate, settings.slippage_rate, settings.initial_cash)
    timed = bool(settings.start or settings.end or settings.months)
    if settings.benchmark is not None:
        return None
    if any(amount and amount.unit not in {"fraction", "money"} for amount in amounts):
        return None
    said = [_Said.of(each) for each in _WORD.findall(rest)]
    kinds = frozenset(each.kind for each in said)
    left = tuple(each.text for each in said if each.kind == "")
    trading = "trading" in kinds
    if trading and not left and "using" in kinds:  # "buy and hold 유형"
        left, trading = tuple(each.text for each in said if each.kind == "trading"), False
    commission, slippage, cash = (None if each is None else each.value for each in amounts)
    asked = Listing(
        last="when" in kinds or ("last" in kinds and bool(kinds & {"tested", "backtest"})),
        backtested="not" not in kinds if kinds & {"backtest", "tested", "results"} else None,
        words=left,
        trading=trading,
        using="using" in kinds,
        counting="counting" in kinds,
        commission_rate=commission,
        slippage_rate=slippage,
        initial_cash=cash,
        timed=timed,
        others="except" in kinds,
    )
    is_one = _is_of_others(asked) if asked.others else _is_one(asked, kinds)
    return asked if is_one and (trading or not timed) else None


def _is_of_others(asked: Listing) -> bool:
    """Whether it asks for those with other values: "IBM 말고 다른 종목 쓰는 것도 있어?"."""
    return not asked.last and (asked.of_settings or (asked.trading and bool(asked.words)))


def _is_one(asked: Listing, kinds: frozenset[str]) -> bool:
    """Whether these kinds of words are a question about the catalogue."""
    filtered = bool(asked.words) or asked.of_settings
    said_to_be = asked.trading or asked.using
    elsewhere = "elsewhere" in kinds and not asked.last
    if elsewhere or (said_to_be and not filtered):
        return False
    if "not" in kinds:  # "which never trade AAPL?" is not read
        return asked.backtested is False and not (filtered or asked.last) and bool(kinds & _ABOUT)
    if asked.last and ("results" not in kinds or "when" in kinds):
        return asked.backtested is True and not (asked.of_settings or said_to_be)
    if "results" in kinds or not kinds & _ABOUT:
        return False
    if "strategy" in kinds:
        return filtered or asked.backtested is not None or bool(kinds & {"counting", "listing", "there"})
    whole = kinds <= {"asking", "there", "beside", "listing"} and {"asking", "there"} <= kinds
    return (
        filtered
        or (whole and not asked.timed)  # "그럼 뭐뭐 있어?"
        or (
            "tested" in kinds and "backtest" not in kinds
        )  # "how many backtests are there?" is about no strategies
    )


_ABOUT: Final = frozenset({"strategy", "asking", "counting"})
"""Kinds of words of which one is in each such question."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A word, without its particle, and its kind; empty: none of those known here."""

    text: str
    kind: str

    @classmethod
    def of(cls, word: str) -> "_Said":
        lower = word.casefold()
        for form in (lower, _bare(lower)):
            if form in _KINDS:
                return cls(form, _KINDS[form])
        return cls(_bare(word), "")


def _bare(word: str) -> str:
    """Return a word without its Korean particle: 은 and its like follow a final consonant, 는 a vowel."""
    if (found := _PARTICLE.search(word)) is None:
        return word
    stem, particle = word[: found.start()], found.group()
    hangul = "가" <= stem[-1] <= "힣"
    final = hangul and (ord(stem[-1]) - ord("가")) % 28 != 0
    fits = particle[0] not in ("는가를와" if final else "은이을과")
    return stem if fits or not hangul else word


_WORD: Final = re.compile(r"[\w.^=&'-]*[\w]")
_PARTICLE: Final = re.compile(
    rf"(?<=.)(?:{'|'.join(sorted(listed(words.PARTICLES), key=len, reverse=True))})$"
)
_NONE_OF: Final = re.compile(r"\b(?:0|zero)\s+(commissions?|slippage|costs?|fees?)\b", re.IGNORECASE)
_KINDS: Final[dict[str, str]] = {
    word: kind
    for kind, phrases in (
        ("beside", words.BESIDE),
        ("elsewhere", words.ELSEWHERE),
        ("except", words.EXCEPT),
        ("last", words.LAST),
        ("when", words.WHEN),
        ("using", words.USING),
        ("trading", words.TRADING),
        ("results", words.RESULTS),
        ("tested", words.TESTED),
        ("backtest", words.BACKTEST),
        ("not", words.NOT),
        ("asking", words.ASKING),
        ("there", words.THERE),
        ("listing", words.LISTING),
        ("counting", words.COUNTING),
        ("strategy", words.STRATEGY),
    )
    for word in listed(phrases)
}
