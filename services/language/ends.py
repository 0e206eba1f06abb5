"""The ends that a question names: "the least risky", "가장 높지 않은", each as one phrase."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.language.sentence import Sentence
from services.language.terms import Degree, Grade, Mark, Noun, Sign, Trait


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
        if phrase is not None:
            yield phrase
        at = phrase.stop if phrase is not None else at + 1


def _phrase(sentence: Sentence, start: int) -> Phrase | None:
    sign, negations, at = 1, 0, start
    degrees: list[Degree] = []
    while at not in sentence.used:
        term = sentence.term(at)
        if isinstance(term, Degree):
            degrees.append(term)
            sign *= term.sign
        elif isinstance(term, Mark) and term.kind == "not":
            negations += not _is_of_a_question(sentence, at)
        else:
            break
        at += 1
    centre = sentence.term(at) if at not in sentence.used else None
    if isinstance(centre, Grade | Trait):
        at += 1
    elif sentence.korean and isinstance(centre, Noun) and isinstance(sentence.term(at + 1), Grade | Trait):
        return None  # "가장 위험이 적은": it belongs to what follows the noun
    elif any(degree.compared for degree in degrees):
        centre = Grade("size", 1)
    else:
        return None
    if sentence.korean and not degrees:
        degrees = _before_the_noun(sentence, start)
        sign *= -1 if any(degree.sign < 0 for degree in degrees) else 1
    superlative = centre.superlative or any(degree.superlative for degree in degrees)
    compared = superlative or getattr(centre, "compared", False) or any(each.compared for each in degrees)
    if sentence.marks(at, "negated"):
        sign, at = -sign, at + 1
    if negations % 2 and not superlative:
        sign = -sign
    return Phrase(
        start,
        at,
        centre,
        1 if sign * centre.sign > 0 else -1,
        compared,
        superlative,
        (negations % 2 == 1 and superlative) or _is_ruled_out(sentence, start, at),
        sentence.marks(start - 1, "how"),
    )


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
    while sentence.marks(after, "head") or isinstance(sentence.term(after), Noun):
        after += 1
    return sentence.marks(after, "ruled out")
