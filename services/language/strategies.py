"""Which strategies a question is about, which it rules out, and which one it measures others against."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from services.language.sentence import Sentence
from services.language.terms import Degree, Grade, Limit, Named, Noun, Trait

_NOT: Final = frozenset({"not", "never", "don't", "dont", "neither", "nor"})
"""What rules out the strategy after it; "isn't" asks about it."""
_WHO: Final = frozenset({"which", "who", "whose", "어느", "어떤", "누가", "누구"})
_IS_NOT: Final = frozenset({"isn't", "isnt", "aren't", "arent"})
_KINDS: Final = frozenset({"전략", "모델", "포트폴리오", "시스템", "알고리즘", "백테스트"})
"""What may follow a name: "RSI 전략"."""


def mentioned(sentence: Sentence) -> tuple[list[str], list[str]]:
    """Return the ids of the strategies that are mentioned, and of those that are ruled out."""
    named: list[str] = []
    excluded: list[str] = []
    places = [at for at, token in enumerate(sentence.tokens) if isinstance(token.term, Named)]
    for at in places:
        term = sentence.tokens[at].term
        if isinstance(term, Named):
            out = _is_ruled_out(sentence, at)
            (excluded if out else named).extend(term.ids)
    return named, excluded


def yardsticks(sentence: Sentence) -> tuple[str, ...]:
    """Return the strategies mentioned, if others are compared with all of them: "RSI나 SMA보다 나은 전략"."""
    places = [at for at, token in enumerate(sentence.tokens) if isinstance(token.term, Named)]
    if not places or not all(_are_listed(sentence, one, other) for one, other in pairwise(places)):
        return ()
    first, last = places[0], places[-1]
    compared = _is_compared_with(sentence, last) if sentence.korean else _follows_than(sentence, first)
    return tuple(_ids(sentence, places)) if compared else ()


def compared_with(sentence: Sentence, at: int) -> bool:
    """Tell whether others are compared with the strategy at a place."""
    return _is_compared_with(sentence, at) if sentence.korean else _follows_than(sentence, at)


def _are_listed(sentence: Sentence, start: int, stop: int) -> bool:
    between = range(start + 1, stop)
    return bool(between) and all(sentence.marks(at, "and", "comma") for at in between)


def _ids(sentence: Sentence, places: Iterable[int]) -> Iterator[str]:
    """Yield the ids of the first strategy of each name."""
    terms = (sentence.term(at) for at in places)
    yield from (term.ids[0] for term in terms if isinstance(term, Named))


def is_of_one(sentence: Sentence, at: int) -> bool:
    """Whether a metric with a grade before it is that of the only strategy mentioned.

    "the worst drawdown of RSI", "RSI의 가장 큰 낙폭"; not "does RSI have the worst drawdown?".
    """
    places = [place for place, token in enumerate(sentence.tokens) if isinstance(token.term, Named)]
    if len(places) != 1 or any(token.text in _WHO for token in sentence.tokens):
        return False
    (name,) = places
    term = sentence.term(name)
    follows = name in {at + 1, at + 2} and all(sentence.marks(each, "of") for each in range(at + 1, name))
    between = range(name + 1, at)
    graded = any(isinstance(sentence.term(each), Grade) for each in between)
    leads = graded and all(
        isinstance(sentence.term(each), Grade | Degree) or sentence.marks(each, "of") for each in between
    )
    if sentence.korean:
        return leads and isinstance(term, Named) and not term.is_subject
    return follows or (leads and sentence.marks(name + 1, "of"))


def is_measured_from(sentence: Sentence) -> bool:
    """Tell whether those are asked for that the only strategy mentioned is beyond.

    "Which does RSI beat?", "what is RSI better than?", "RSI가 이기는 전략".
    """
    places = [at for at, token in enumerate(sentence.tokens) if isinstance(token.term, Named)]
    if len(places) != 1:
        return False
    (at,) = places
    term, verb = sentence.term(at), sentence.term(at + 1)
    if sentence.korean:
        subject = isinstance(term, Named) and term.is_subject
        return subject and isinstance(verb, Grade) and verb.against and sentence.marks(at + 2, "head")
    asked = any(sentence.marks(before, "which") for before in sentence.back(at))
    if isinstance(verb, Grade) and verb.against:
        return asked and _asks_for_others(sentence, at + 2)
    compared = isinstance(verb, Trait) or (isinstance(verb, Grade) and verb.compared)
    return asked and compared and sentence.marks(at + 2, "than") and _asks_for_others(sentence, at + 3)


def _asks_for_others(sentence: Sentence, at: int) -> bool:
    """Whether nothing follows at a place but by what is compared: "on Sharpe"."""
    return sentence.term(at) is None or sentence.marks(at, "break", "by", "of")


def _follows_than(sentence: Sentence, at: int) -> bool:
    """Whether others are compared with a strategy: "better than RSI", "beats RSI"."""
    before = sentence.term(at - 1)
    if isinstance(before, Grade) and before.against:
        return True
    at -= 1
    while sentence.marks(at, "of", "head") or isinstance(sentence.term(at), Noun):  # "than the Sharpe of RSI"
        at -= 1
    return sentence.marks(at, "than")


def _is_compared_with(sentence: Sentence, at: int) -> bool:
    """Whether others are compared with a strategy: "RSI의 샤프보다 높은", "RSI를 이기는"."""
    after = at + 1
    while sentence.marks(after, "of") or _is_its(sentence, after):
        after += 1
    if sentence.marks(after, "than"):
        return True
    term = sentence.term(at)
    graded = (
        each for place in sentence.onward(at) if isinstance(each := sentence.term(place), Grade | Trait)
    )
    against = any(isinstance(each, Grade) and each.against for each in graded)
    its_figure = after > at + 1  # "RSI의 샤프를 넘는"
    bare = (
        sentence.marks(at + 2, "head") and isinstance(verb := sentence.term(at + 1), Grade) and verb.against
    )
    if bare and isinstance(term, Named) and not term.is_subject:  # "RSI 이기는 전략"
        return True
    return isinstance(term, Named) and (term.is_object or its_figure) and against


def _is_its(sentence: Sentence, at: int) -> bool:
    """Whether a word after a name belongs to it: "RSI 전략", "RSI의 샤프"; not "RSI가 그것보다"."""
    kind = sentence.marks(at, "head") and sentence.tokens[at].text in _KINDS
    return kind or isinstance(sentence.term(at), Noun)


def _is_ruled_out(sentence: Sentence, at: int) -> bool:
    """Whether a mention rules a strategy out: "except A and B", "A와 B 말고"."""
    after = at + 1
    while sentence.marks(after, "and", "comma", "head", "only") or isinstance(sentence.term(after), Named):
        after += 1
    if sentence.marks(after, "ruled out"):
        return True
    before = at - 1
    while sentence.marks(before, "and", "comma", "head", "of", "which") or isinstance(
        sentence.term(before), Named
    ):
        before -= 1
    bounded = any(isinstance(token.term, Limit) for token in sentence.tokens)
    if bounded and sentence.term(before) is not None and sentence.tokens[before].text == "neither":
        return False  # "neither RSI nor SMA lost more than 20 %"
    negated = (
        sentence.marks(before, "not")
        and sentence.tokens[before].text in _NOT
        and (before == at - 1 or sentence.tokens[before].text == "neither")
    )
    between = all(
        sentence.marks(each, "and", "comma", "head", "of", "which") for each in range(before + 1, at)
    )
    aside = sentence.tokens[before].text in _IS_NOT | _NOT and before > 0
    aside = aside and sentence.marks(before - 1, "head", "relative")
    if between and before >= 0 and aside:  # "the best one that isn't RSI"
        return True
    return negated or (sentence.marks(before, "except") and not _begins_anew(sentence, before, at))


def _begins_anew(sentence: Sentence, start: int, at: int) -> bool:
    """Whether a comma, after the strategies that are ruled out, begins the question itself."""
    return any(
        sentence.marks(place, "comma") and sentence.marks(place + 1, "which") for place in range(start, at)
    )
