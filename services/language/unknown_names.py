"""Words that may be the name of a strategy that there is not, and those that are none.

A word that is not known is taken as a name where one is expected, "the return of Foo", "Foo 전략";
elsewhere only if it is no word of sentences about anything: it has a capital letter, or is in no list.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from services.language.near_names import is_ordinary
from services.language.phrases import compiled
from services.language.question import Question

_SAID: Final = compiled(
    r"\b(?:it|its|that|this|these|those|they|them|their|each|all|every|both|which|i|me|my|our|we)\b"
    r"|(?<![가-힣])(?:그|이|저)(?=\s*(?:전략|것|거|건|놈|애|중|둘|들))|모든|전체|전부|각각|둘|우리|내\s"
)
"""Words that say which strategies are meant, though no name does."""
_IMPERSONAL: Final = compiled(r"\bhow\s+bad\s+(?:did|was)\s+it(?:\s+get)?\b")
_VERB: Final = compiled(
    "(?:[할한는은을던될된면고서게지요까다니네음듯며줘봐냐]|려고|[뀌지되하있없보오가리르치키이]나|[았었했냈났갔였겠썼][어나니냐])$"
)
"""How Korean verbs end, which are no names."""


_ADVERB: Final = compiled(r"(?:으로|히|도록|쯤|정도|씩|만큼|대로|쭉|쫙|째)$")
"""How Korean adverbs end, which are none either."""
_EXPECTED: Final = r"""
    \b(?:of|called|named)\s+(?:the\s+|my\s+|our\s+)?{0}(?![\w])
    |(?<![\w]){0}\s*(?:'s\b|\s(?:strategy|strat|algo)\b)
    |\bhow(?:'s|\s+(?:is|was|did|does|has))\s+(?:the\s+)?{0}\s+
        (?:do|doing|done|perform\w*|far(?:e|ing)|go|going)\b
    |^\W*(?:(?:and|so|ok|what's|whats|what|is|was|the|show|me|about|how)\s+)*{0}
        (?:(?:'s)?\s+(?!(?:to|of|up|down|off|on|out|into|for|with|the|a|and|then)\b)\w+(?:\s+\w+)?)?\W*$
"""
"""Where an English name stands, whatever words it is of."""
_KOREAN_EXPECTED: Final = r"(?<![\w]){0}\s*(?:의|이라는|라는)?\s*전략"


_QUOTED: Final = compiled(
    r"""(?<![\w])["'\u2018\u201c](?P<name>[^"'\u2018\u2019\u201c\u201d\n]{2,60})["'\u2019\u201d](?![a-z])"""
)


def quoted_names(text: str, taken: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return where a text has something in quotes that is no name written at these places."""
    found = (match.span("name") for match in _QUOTED.finditer(text))
    return [(start, end) for start, end in found if all(stop <= start or end <= at for at, stop in taken)]


def name_beside_and(text: str) -> str | None:
    """Return the word with a capital letter that a text goes on with: "and Turtle, how long?", "and B's?"."""
    found = _BESIDE_AND.match(text)
    return found["name"] if found and not is_ordinary(found["name"].lower()) else None


_BESIDE_AND: Final = re.compile(
    r"\W*(?:(?i:hmm+|so|ok|okay|well)\W+){0,2}(?i:and|what\s+about|how\s+about)\s+(?P<name>(?!I\b)[A-Z][A-Za-z]{0,20})"
    r"(?:'s)?\s*(?:[,?]|$)"
)


_HOW_ONE_DID: Final = compiled(
    r"\bhow(?:'s|\s+(?:is|was|did|does|has))\s+(?:the\s+|our\s+|my\s+)?[a-z]\w*(?:\s[a-z]\w*)?\s+"
    r"(?:strategy|strat|algo|one|do|doing|done|perform\w*)\b"
)


def is_how_one_did(text: str) -> bool:
    """Tell whether a text asks how something did: "how did the turtle strategy do?"."""
    return _HOW_ONE_DID.search(text) is not None


def of_an_unknown(question: Question, text: str) -> Question:
    """Return a question for a figure as one about the words that mean nothing, where no others say of what.

    "The return of Bollinger" is not about the strategy that was spoken of before.
    """
    plain = bool(question.criteria) and not any(each.end or each.judged for each in question.criteria)
    plain = plain or (question.overall and not (question.overall_ends or question.rank or question.count))
    others = (question.named, question.thresholds, question.relation, question.beyond)
    if not plain or any((*others, question.unresolved, question.unknown)) or _says_which(text):
        return question
    names = _names_among(question.unread, text)
    rest = tuple(each for each in question.unread if not any(each in name.split() for name in names))
    return replace(question, unresolved=names, unread=rest) if names else question


def of_an_unknown_in_a_window(question: Question, text: str, words: Sequence[str]) -> Question:
    """Return a question that asks nothing, and has words without a meaning that may be a name.

    Beside a window of time, "Samsung in 2011?", or where it is asked how something did.
    """
    names = () if _says_which(text) else _names_among(words, text)
    rest = (each for each in words if not (_VERB.search(each) or any(each in name.split() for name in names)))
    return replace(question, unresolved=names, unread=tuple(dict.fromkeys((*question.unread, *rest))))


def _says_which(text: str) -> bool:
    return _SAID.search(_IMPERSONAL.sub(" ", text)) is not None


def _names_among(words: Sequence[str], text: str) -> tuple[str, ...]:
    """Return what may be names among the words without a meaning: words beside each other are one."""
    if not words:
        return ()
    lower = " ".join(text.lower().split())
    runs: list[str] = []
    for word in words:
        joined = f"{runs[-1]} {word}" if runs else ""
        if joined and joined in lower:
            runs[-1] = joined
        else:
            runs.append(word)
    return tuple(
        dict.fromkeys(each for each in runs if _is_expected(each, lower) or _is_like_a_name(each, text))
    )


def _is_expected(run: str, lower: str) -> bool:
    pattern = (_EXPECTED if run.isascii() else _KOREAN_EXPECTED).format(re.escape(run).replace(r"\ ", r"\s+"))
    return re.search(pattern, lower, re.VERBOSE) is not None


def _is_like_a_name(run: str, text: str) -> bool:
    """Tell whether one of some words is no ordinary one, or has a capital letter within a sentence."""
    return any(_is_proper(word, text) for word in run.split() if any(map(str.isalpha, word)))


def _is_proper(word: str, text: str) -> bool:
    if not word.isascii():
        return not (_VERB.search(word) or _ADVERB.search(word) or is_ordinary(word))
    capital = re.search(rf"[\w,]\s+{re.escape(word.capitalize())}(?!\w)", text) is not None
    return capital or (len(word) > 1 and not is_ordinary(word))
