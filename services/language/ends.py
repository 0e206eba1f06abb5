"""The ends that a question names: "the least risky", "가장 높지 않은", each as one phrase."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.language.numbers import TOP
from services.language.sentence import Sentence
from services.language.terms import Degree, Grade, Noun, Number, Sign, Trait


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that name an end.

    Attributes:
        start: the place of its first token.
        stop: the place after its last one.
        term: the word at its centre; of "most trades", a size.
        sign: of that word, with what strengthens, turns round or negates it.
        compared: it is a comparative or superlative.
        superlative: it is a superlative.
        negated: all but the one at that end are meant.
        asks_how: it is asked for a figure: "how risky".

    """

    start: int
    stop: int
    term: Grade | Trait
    sign: Sign
    compared: bool
    superlative: bool
    negated: bool
    asks_how: bool


def phrases(sentence: Sentence) -> Iterator[Phrase]:
    """Yield the phrases that name an end, in order, but for those that belong to a threshold."""
    at = 0
    while at < len(sentence.tokens):
        phrase = _phrase(sentence, at)
        if phrase is not None and not _only_counts(sentence, phrase):
            yield phrase
        at = phrase.stop if phrase is not None else at + 1


def _phrase(sentence: Sentence, start: int) -> Phrase | None:
    degrees, negated, at = _modifiers(sentence, start)
    centre = _centre(sentence, at, degrees, negated=negated)
    if centre is None:
        return None
    at += centre is sentence.term(at)
    sign = -1 if sum(degree.sign < 0 for degree in degrees) % 2 else 1
    if sentence.korean and not degrees:
        degrees = _before_the_noun(sentence, start)
        sign *= -1 if any(degree.sign < 0 for degree in degrees) else 1
    superlative = centre.superlative or any(degree.superlative for degree in degrees)
    compared = superlative or getattr(centre, "compared", False) or any(each.compared for each in degrees)
    if sentence.marks(at, "negated"):
        sign, at = -sign, at + 1
    flips = not superlative or sentence.korean
    if negated and flips:
        sign = -sign
    return Phrase(
        start,
        at,
        centre,
        1 if sign * centre.sign > 0 else -1,
        compared,
        superlative,
        (negated and not flips) or _is_ruled_out(sentence, start, at),
        sentence.marks(start - 1, "how"),
    )


def _only_counts(sentence: Sentence, phrase: Phrase) -> bool:
    """Whether "top" only says how many, and another word which end: "top 3 worst drawdowns"."""
    if phrase.term != TOP or phrase.sign < 0:
        return False
    before, after = phrase.start - 1, phrase.stop
    listed = isinstance(sentence.term(after), Number)  # "the worst ones, top 3"
    while sentence.marks(before, "head", "by", "of") or (listed and sentence.marks(before, "comma")):
        before -= 1
    while isinstance(sentence.term(after), Number) or sentence.marks(after, "head", "by", "of"):
        after += 1
    if sentence.korean and isinstance(sentence.term(after), Noun):  # "상위 3개 낙폭이 큰 전략"
        after += 1
    if _names_an_end(sentence, before):
        return True
    own = sentence.korean and isinstance(sentence.term(before), Noun)  # "수익률 상위 3개 안전한 전략"
    return not own and (_names_an_end(sentence, after) or isinstance(sentence.term(after), Degree))


def _names_an_end(sentence: Sentence, at: int) -> bool:
    """Whether a word other than "top" or "bottom" names an end."""
    term = sentence.term(at)
    ends = isinstance(term, Trait) or (isinstance(term, Grade) and term.scale != "order")
    return ends and at not in sentence.used


def _modifiers(sentence: Sentence, start: int) -> tuple[list[Degree], bool, int]:
    """Read what stands before the centre of a phrase: degrees, whether it is negated, and where it ends."""
    degrees: list[Degree] = []
    negations, at = 0, start
    while at not in sentence.used:
        term = sentence.term(at)
        if isinstance(term, Degree):
            degrees.append(term)
        elif sentence.marks(at, "not"):
            negations += not _is_of_a_question(sentence, at)
        else:
            break
        at += 1
    return degrees, negations % 2 == 1, at


def _centre(sentence: Sentence, at: int, degrees: list[Degree], *, negated: bool) -> Grade | Trait | None:
    """Return the word at the centre of a phrase, or the grade that it is without one: "most trades"."""
    term = sentence.term(at) if at not in sentence.used else None
    if isinstance(term, Grade | Trait):
        return term
    noun = isinstance(term, Noun)
    if sentence.korean and noun and isinstance(sentence.term(at + 1), Grade | Trait):
        return None  # "가장 위험이 적은": it belongs to what follows the noun
    if any(degree.compared for degree in degrees):
        return Grade("size", 1)
    return Grade("size", 1) if negated and noun and not _is_graded(sentence, at + 1) else None


def _is_graded(sentence: Sentence, at: int) -> bool:
    term = sentence.term(at)
    return isinstance(term, Grade) or (isinstance(term, Degree) and term.compared)


def _before_the_noun(sentence: Sentence, start: int) -> list[Degree]:
    """Return what strengthens a Korean predicate from before its noun: "가장 위험이 적은"."""
    term = sentence.term(start - 2) if isinstance(sentence.term(start - 1), Noun) else None
    return [term] if isinstance(term, Degree) else []


def _is_of_a_question(sentence: Sentence, at: int) -> bool:
    """Whether a negation only begins a question: "Isn't it safer?"."""
    return at == 0 and sentence.tokens[at].text.endswith("n't")


def _is_ruled_out(sentence: Sentence, start: int, stop: int) -> bool:
    """Whether what is at the end is excepted: "all but the riskiest", "가장 위험한 것 말고"."""
    before = start - 1
    while sentence.marks(before, "head", "which", "of"):
        before -= 1
    if sentence.marks(before, "except"):
        return True
    after = stop
    while sentence.marks(after, "head") or isinstance(sentence.term(after), Noun | Number):
        after += 1
    return sentence.marks(after, "ruled out")
