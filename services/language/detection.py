"""Which of our two languages a text is in, and which one a reader asked for."""

import re
import unicodedata
from collections.abc import Iterable
from typing import get_args

from backchat_contracts import Language

_ENGLISH_WORDS = re.compile(
    r"\b(?:the|an?|is|are|was|were|do|does|did|has|have|which|what|who|how|why|than|of|with|between|and|about"
    r"|for|in|on|it|its|this|that|by|from|same|now|only|without|except|drop|run|show)\b"
)
_FEWEST_WORDS = 2
"""So many such words, and no fewer than words in Hangul, make a sentence English: its Hangul is a name."""
_HANGUL_WORDS = re.compile(r"\S*[\uac00-\ud7a3]\S*")
_KOREAN_WORDS = re.compile(
    "제일|가장|그럼|백테스트|전략|수익|슬리피지|수수료|돌려|실행|비교|기간|종목|자금|벤치마크|샤프|낙폭|변동성|승률"
    r"|[\uac00-\ud7a3](?:요|까|니|줘|봐|해|어|아|야|지|냐|나|은|는|을|를|의|에|로|와|랑|도|만|서|고|면|다|죠|가|이|과)(?![\uac00-\ud7a3]|'s)"
    "|[a-z0-9](?:이|가|은|는|을|를|의|에|로|랑|와|과|도|만|이랑|보다)(?![\uac00-\ud7a3])"
)
"""Words in Hangul that are of a Korean sentence, and no name alone: by what they mean, or how they end."""
_LATIN_WORDS = re.compile(r"(?<![A-Za-z])[A-Za-z]?[a-z]+(?![A-Za-z])")
_OTHER_WORDS = 3
"""So many other words in Latin letters, twice as many as in Hangul, do too where no word is Korean; or one
English word and more others than in Hangul."""
_HANGUL = re.compile(r"[\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f]")


def language_of(text: str, names: Iterable[str] = ()) -> Language:
    """Return the language of a text: Korean if there is any Hangul in it, but for names in English sentences.

    Args:
        text: what is written.
        names: of the strategies, which are of no language: "Is 모멘텀 better than SMA?" is English. A text of
            names alone has their language.

    """
    return language_of_rest(text, names) or ("ko" if _HANGUL.search(text) else "en")


def language_of_rest(text: str, names: Iterable[str] = ()) -> Language | None:
    """Return the language of a text without the names in it; None: it has no other words.

    Args:
        text: what is written.
        names: which are of no language.

    """
    text = unicodedata.normalize("NFKC", text)
    own = text.casefold()
    for name in sorted(names, key=len, reverse=True):
        own = own.replace(unicodedata.normalize("NFKC", name).casefold(), " ")
    if not any(map(str.isalpha, own)):
        return None
    words = len(_ENGLISH_WORDS.findall(own))
    hangul = len(_HANGUL_WORDS.findall(own))
    english = words >= max(_FEWEST_WORDS, hangul)
    if not _KOREAN_WORDS.search(own):
        others = len(_LATIN_WORDS.findall(text))
        english = english or others >= max(_OTHER_WORDS, 2 * hangul) or (words > 0 and others >= hangul)
    return "ko" if _HANGUL.search(own) and not english else "en"


def preferred_language(accept_language: str | None, default: Language) -> Language:
    """Return the best of our languages for an `Accept-Language` header (RFC 9110, 12.5.4)."""
    ranked: list[tuple[float, Language]] = []
    for part in (accept_language or "").split(","):
        tag, _, parameters = part.strip().partition(";")
        primary = tag.strip().split("-")[0].lower()
        quality = parameters.strip().removeprefix("q=") or "1"
        if quality.replace(".", "", 1).isdecimal() and float(quality) > 0:
            ranked += [(float(quality), language) for language in get_args(Language) if language == primary]
    return max(ranked, key=lambda pair: pair[0])[1] if ranked else default
