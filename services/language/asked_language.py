"""The language in which a text asks to be answered: "in Korean please", 영어로 해줘."""

import re
from typing import Final

from backchat_contracts import Language
from services.language.phrases import compiled, listed, normal
from services.language.vocabulary import asked_language as words


def asked_language(text: str) -> Language | None:
    """Return the language in which a text asks to be answered, of several the last one; None: in none."""
    normalised = normal(text)
    found = [
        (match.start(), language)
        for language, pattern in _PATTERNS.items()
        for match in pattern.finditer(normalised)
    ]
    return max(found)[1] if found else None


def without_asked_language(text: str) -> str:
    """Return a text without the words that ask for a language."""
    for pattern in _PATTERNS.values():
        text = pattern.sub(lambda found: " " * len(found.group()), text)
    return text


def asks_only_for_language(text: str) -> bool:
    """Tell whether a text asks for a language and says nothing else: "in Korean please"."""
    left = re.findall(r"[^\W_]+", without_asked_language(normal(text)).casefold())
    return asked_language(text) is not None and all(each in _BESIDE for each in left)


def _asking(name: str) -> str:
    """Return the pattern of what asks for a language of this name."""
    names, verbs, requests = (_any_of(each) for each in (name, words.VERBS, words.REQUESTS))
    answers = _any_of(words.ANSWERS)
    return rf"""
        (?:
            (?<![a-z가-힣])(?:{verbs}\s+(?:(?:to|me|it|that|this|again|back)\s+){{0,3}})?
            (?:in|to|into)\s+{names}(?![a-z가-힣])
            |(?<![a-z]){verbs}\s+{names}(?![a-z])
            |(?<![a-z가-힣]){names}(?:으로|로)(?:만|도)?\s*(?:{answers}(?:을|를)?\s*)?{requests}(?:요)?(?![가-힣])
            |(?<![a-z가-힣]){names}(?:으로|로)(?:만|는|도)?(?![a-z가-힣])
            |^\W*{names}(?:\s*(?:please|pls|plz))?\W*$
        )
    """


def _any_of(phrases: str) -> str:
    ordered = sorted(listed(phrases), key=len, reverse=True)
    return f"(?:{'|'.join(re.escape(each).replace(chr(92) + ' ', chr(92) + 's*') for each in ordered)})"


_PATTERNS: Final[dict[Language, re.Pattern[str]]] = {
    "ko": compiled(_asking(words.KOREAN)),
    "en": compiled(_asking(words.ENGLISH)),
}
_BESIDE: Final = frozenset(listed(words.BESIDE))
