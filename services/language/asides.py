"""What a question asks that no figure of one strategy answers: correlations, times, reasons, the future."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from backchat_contracts.findings import Beyond
from services.language.counting import YEAR
from services.language.terms import (
    OVERALL,
    Degree,
    Grade,
    Limit,
    Mark,
    MarkKind,
    Named,
    Noun,
    Number,
    Token,
    Trait,
    Unknown,
    Word,
)

_VERBS: Final = frozenset(
    ["did", "was", "were", "is", "are", "does", "do", "will", "would", "should", "has", "have", "had", "can"]
)
"""What follows "when" in a question, not in a condition: "which is best when prices fall?"."""
_TOLD: Final = frozenset({"me", "know", "show", "tell", "say", "exactly", "about", "see"})
"""What precedes "when" in a question that another one includes."""
_LATELY: Final = frozenset({"최근", "지난"})
_WHAT: Final = ("뭐", "뭔", "무엇", "설명")
_AVERAGES: Final = frozenset({"average", "averages", "mean", "평균"})
_COMPARING: Final = ("compar", "vs", "versus", "differ", "비교", "차이")
_AGAINST: Final = frozenset({"against", "relative", "대비"})
_LINKS: Final = frozenset({"with", "to", "against", "vs", "versus"})
_KEPT: Final = _AGAINST | _LINKS | {"over"}
"""The fillers that relate the benchmark to what stands beside it."""
_WITHIN: Final = frozenset({"in", "on", "에서"})
_SPREADING: Final = ("diversif", "hedge", "분산")
_UNRELATED: Final = frozenset({"uncorrelated", "negatively correlated"})
_BEGUN: Final = frozenset({"start with", "started with"})
_SINCE: Final = ("이후", "이전", "이래")
_WHICH: Final = ("어떤", "무슨", "언제부터", "기간이 언제", "what", "which", "ran on", "run on", "tested on")
_PRONOUNS: Final = frozenset({"that", "which", "who"})
_EXCEEDS: Final = ("넘", "상회", "웃도", "웃돈", "초과")
_LEADING: Final = frozenset({Mark("of"), Mark("range"), Mark("head"), Mark("and")})
"""What may stand between a comparison and what is compared: "the return of", "compared to"."""
ASIDES: Final = frozenset[MarkKind](
    {
        "filler",
        "benchmark",
        "when",
        "why",
        "future",
        "period",
        "meaning",
        "nearest",
        "aggregate",
        "settings",
        "norm",
        "act",
        "strengths",
        "advice",
        "every metric",
    }
)
"""The marks that relate no other words to each other."""


def with_relatives(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield tokens; in place of a pronoun before what is true of some, "those that lost money", a mark."""
    for at, token in enumerate(tokens):
        before = tokens[at - 1].term if at else None
        leads = before == Mark("head") or isinstance(before, Grade | Trait | Noun)
        relates = token.text in _PRONOUNS and leads and _is_true_of_some(tokens, at + 1)
        yield replace(token, term=Mark("relative")) if relates else token


def _is_true_of_some(tokens: Sequence[Token], at: int) -> bool:
    while at < len(tokens) and tokens[at].term == Mark("filler"):
        at += 1
    term = tokens[at].term if at < len(tokens) else None
    if term == Mark("not"):  # "the highest return that isn't RSI"
        return at + 1 < len(tokens) and isinstance(tokens[at + 1].term, Named)
    return isinstance(term, Noun) and term.metric == "total_return" and bool(term.own)


def correlates(tokens: Sequence[Token]) -> bool:
    """Tell whether it is asked how strategies move together."""
    return any(token.term == Mark("correlation") for token in tokens)


def is_of_the_lowest(tokens: Sequence[Token]) -> bool:
    """Tell whether the lowest correlations are asked for: "least correlated", "상관관계가 낮은"."""
    return any(
        token.text in _UNRELATED
        or token.text.startswith(_SPREADING)
        or (isinstance(token.term, Degree | Grade) and token.term.sign < 0)
        for token in tokens
    )


def is_beside_benchmark(tokens: Sequence[Token]) -> bool:
    """Tell whether strategies are compared with the benchmark: "beats the market", "벤치마크보다"."""
    words = [each for each in tokens if each.term != Mark("filler") or each.text in _KEPT]
    places = [at for at in range(len(words)) if _is_benchmark(words, at)]
    comparing = any(isinstance(word.term, Noun) and word.text.startswith(_COMPARING) for word in words)
    if comparing and sum(isinstance(word.term, Named) for word in words) < 2:  # noqa: PLR2004 - two have each other
        return bool(places)
    if comparing and any(_is_listed(words, at) for at in places):
        return True
    if any(_is_set_against_a_name(words, at) for at in places):
        return True
    return any(_is_compared(words, at, step) for at in places for step in (-1, 1))


def _is_set_against_a_name(words: Sequence[Token], at: int) -> bool:
    """Whether the benchmark is compared with the strategy that follows: "is the market better than RSI?"."""
    after = words[at + 1 :]
    names = [place for place, word in enumerate(after) if isinstance(word.term, Named)]
    if len(names) != 1:
        return False
    (name,) = names
    near = [word.term for word in (after[max(0, name - 1)], *after[name + 1 : name + 2])]
    return any(each == Mark("than") or (isinstance(each, Grade) and each.against) for each in near)


def _is_benchmark(words: Sequence[Token], at: int) -> bool:
    """Whether a word is the benchmark: not "in this market", "시장에서", "Sortino index"."""
    before = words[at - 1] if at else None
    after = words[at + 1] if at + 1 < len(words) else None
    within = (before is not None and before.text in _WITHIN) or (after is not None and after.text in _WITHIN)
    term = before.term if before else None
    of_metric = words[at].text in {"index", "지수"} and (
        isinstance(term, Unknown | Word) or (isinstance(term, Noun) and term.metric != OVERALL)
    )
    return words[at].term == Mark("benchmark") and not (within or of_metric)


def _is_listed(words: Sequence[Token], at: int) -> bool:
    """Whether the benchmark stands in a list of what is compared: "with the benchmark", "시장과"."""
    before = words[at - 1] if at else None
    after = words[at + 1] if at + 1 < len(words) else None
    linked = before is not None and (
        before.text in _LINKS or before.term in {Mark("and"), Mark("range"), Mark("comma")}
    )
    return linked or (after is not None and after.term == Mark("and"))


def _is_compared(words: Sequence[Token], at: int, step: int) -> bool:
    """Whether the next word that is no part of what is compared, before or after a place, is a comparison."""
    if step < 0 and at and words[at - 1].text == "over":
        return True
    at += step
    while 0 <= at < len(words) and (isinstance(words[at].term, Noun) or words[at].term in _LEADING):
        at += step
    if not 0 <= at < len(words):
        return False
    term, text = words[at].term, words[at].text
    against = isinstance(term, Grade) and term.against
    return against or term == Mark("than") or text in _AGAINST or text.startswith(_EXCEEDS)


def beyond(tokens: Sequence[Token]) -> Beyond | None:
    """Return what is asked beyond figures, from all terms of a question."""
    kinds = [kind for at, token in enumerate(tokens) if (kind := _kind(tokens, at, token))]
    if any(_is_average(tokens, at) for at in range(len(tokens))) and not any(map(_is_of_one, tokens)):
        kinds.append("aggregate")
    if any(_is_period(tokens, at) for at in range(len(tokens))):
        kinds.append("period")
    order: tuple[Beyond, ...] = (
        "act",
        "strengths",
        "norm",
        "why",
        "when",
        "future",
        "nearest",
        "aggregate",
        "period",
    )
    return next((each for each in order if each in kinds), None)


def _is_average(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word asks for an average: not "on drawdown I mean"."""
    return tokens[at].text in _AVERAGES and not (at and tokens[at - 1].text in _SPEAKERS)


_SPEAKERS: Final = frozenset({"i", "we", "you", "they", "it", "that", "this"})
_ASKED: Final = ("몇", "얼마로", "똑같이", "동일하게", "거래하", "거래해", "매매하", "매매해", "사고팔")
"""How Korean phrases end that ask for a setting: "수수료 얼마로 돌렸어?"."""


def asks_for_settings(tokens: Sequence[Token]) -> bool:
    """Whether it is asked how a backtest was set: "which symbols does RSI trade?", "파라미터가 뭐야?"."""
    words = [each for each in tokens if each.term != Mark("filler")]
    bounded = any(isinstance(each.term, Limit) for each in words)  # "more than twice the starting capital"
    asks_how = any(each.term == Mark("how") for each in words)
    for at, token in enumerate(words):
        if token.text in _BEGUN and not asks_how:
            continue
        if token.term == Mark("settings") and not bounded:
            near = [each.term for each in words[max(0, at - 2) : at + 2] if each is not token]
            of_one = words[at + 1 : at + 2] and words[at + 1].term == Mark("of")  # "settings of RSI"
            ends = all(each.term in {Mark("break"), Mark("of")} for each in words[at + 1 :])
            asked = token.text.startswith(_WHICH) or token.text.endswith(_ASKED)  # "어떤 종목"
            if asked or of_one or ends or Mark("which") in near or Mark("how") in near:
                return True
    return False


def with_benchmark_correlation(tokens: Sequence[Token]) -> bool:
    """Tell whether it is asked how strategies move with the benchmark, of which there is no figure."""
    words = [each for each in tokens if each.term != Mark("filler") or each.text in _KEPT]
    return correlates(tokens) and any(_is_benchmark(words, at) for at in range(len(words)))


def asks_for_meaning(tokens: Sequence[Token], *, korean: bool) -> bool:
    """Tell whether it may be asked what a metric means: "what is a Sharpe ratio?", "샤프가 뭐야?"."""
    if any(token.term == Mark("meaning") for token in tokens):
        return True
    words = [token for token in tokens if token.term != Mark("break")]
    last = words[-1] if words else None
    if last is None:
        return False
    if korean:
        return last.term in {Mark("which"), Mark("about")} and last.text.startswith(_WHAT)
    if words[0].text in {"explain", "define"}:
        return True
    if words[0].text not in {"what", "what's", "whats"}:
        return False
    article = len(words) > 1 and words[-2].text in {"a", "an"}
    return "mean" in {each.text for each in words[-3:]} or (isinstance(last.term, Noun) and article)


def _is_period(tokens: Sequence[Token], at: int) -> bool:
    """Whether a term names a part of a period: "2011", "last year", "최근 1년"."""
    term, text = tokens[at].term, tokens[at].text
    if term == Mark("period") and text.startswith(_SINCE):
        return at > 0 and isinstance(tokens[at - 1].term, Number)
    if term == Mark("period"):
        return True
    if not isinstance(term, Number) or term.unit not in {"", "time", "days"}:
        return False
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if before is not None and before.text in _LATELY:
        return term.unit in {"time", "days"}
    if any(isinstance(each.term, Limit) for each in (before, after) if each) and term.unit != "time":
        return False
    counted = after is not None and isinstance(after.term, Noun) and term.unit != "time"
    compared = before is not None and before.term == Mark("than")
    return YEAR.fullmatch(text) is not None and not (counted or compared)


def _kind(tokens: Sequence[Token], at: int, token: Token) -> Beyond | None:
    match token.term:
        case Mark("when"):
            return "when" if _is_question(tokens, at, token) else None
        case Mark("norm"):
            return None if at + 1 < len(tokens) and tokens[at + 1].text == "of" else "norm"
        case Mark("act"):
            return "act" if _asks_to_act(tokens, at) else None
        case Mark("why" | "future" | "nearest" | "aggregate" | "strengths" as kind):
            return kind
    following = tokens[at + 1].term if at + 1 < len(tokens) else None
    period = isinstance(following, Number) and following.unit in {"time", "days"}
    return "future" if token.text == "next" and period else None


def _asks_to_act(tokens: Sequence[Token], at: int) -> bool:
    """Whether a verb says what shall be done: first in English, last in Korean, and nothing is asked."""
    asks = any(token.term in {Mark("which"), Mark("how")} for token in tokens)
    hangul = "가" <= tokens[at].text[0] <= "힣"
    rest = tokens[at + 1 :] if hangul else tokens[:at]
    return not asks and all(token.term in {Mark("filler"), Mark("break"), Mark("comma")} for token in rest)


def _is_of_one(token: Token) -> bool:
    """Whether a word asks for a strategy, and not for a figure of all."""
    return isinstance(token.term, Degree | Grade | Limit | Named | Trait) or token.term == Mark("than")


def _is_question(tokens: Sequence[Token], at: int, token: Token) -> bool:
    """Whether "when" asks for a time, and does not only begin a condition."""
    if token.text != "when":
        return True
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is None or after.term == Mark("break"):
        return True
    if before is not None and before.text in _TOLD:
        return True
    begins = before is None or before.term in {Mark("break"), Mark("comma"), Mark("and")}
    return begins and (after.text in _VERBS or isinstance(after.term, Named))
