"""Finding strategies that a text names together by a word of their names: "모멘텀들 중에", "which SMA"."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from services.language.lexicon import ENGLISH, KOREAN
from services.language.name_forms import digits_of, in_hangul, in_latin, key_of, words_of
from services.language.name_index import Names
from services.language.names import Mention, mentions
from services.language.near_names import is_ordinary

_FAMILY: Final = re.compile(
    r"(?<![\w])(?P<korean>[^\W_]{2,30}?)(?:들|류|\s*계열)(?=\s*(?:전략들?)?\s*(?:중|가운데|끼리))"
    r"|\b(?:among|amongst|between|of)\s+(?:all\s+)?(?:the\s+|our\s+|my\s+)?"
    r"(?P<english>[^\W\d_]{3,30}?)(?:s\b|\s+(?:ones|strategies)\b)"
    r"|\bthe\s+(?P<ones>[^\W\d_]{3,30})\s+(?:ones|strategies)\b",
    re.IGNORECASE,
)
_SINGLE: Final = re.compile(
    r"\b(?:the|that|this|our)\s+(?:[a-z]{3,20}\s+)?(?P<english>[^\W\d_]{3,30})\s+(?:one|strategy)\b"
    r"|(?<![가-힣])(?P<korean>벤치마크)\s*(?:거|것|놈|애|전략)",
    re.IGNORECASE,
)
_BENCHMARKS: Final = ("buyandhold", "buyhold", "매수후보유", "바이앤홀드", "benchmark", "벤치마크")
"""The names of the strategy that is held as the benchmark is: "leave out the benchmark one"."""
_HEAD: Final = re.compile(
    r"(?<![\w])(?P<korean>[^\W\d_]{2,30}?)\s*(?:전략들?)?\s*중(?:에서?)?(?![가-힣])"
    r"|\b(?:which|best|worst|any|every|all|all\s+the)\s+(?P<english>[^\W\d_]{3,30}?)s?\b(?!\s*\d)"
    r"|\b(?:the|of)\s+(?P<plural>[^\W\d_]{3,30}?)s\b",
    re.IGNORECASE,
)
"""A word that several names have: "which SMA is better?", "SMA 중에"."""
_NUMBER: Final = re.compile(
    r"(?<![\w./%-])\d{1,4}(?:/\d{1,4})?(?![\d./%]|\s*(?:%|퍼센트|프로|년|개|월|일|번|등|위|배))",
    re.IGNORECASE,
)
_NUMBERS: Final = re.compile(r"\d{1,4}")
_JOINED: Final = re.compile(
    r"[\s,/&]*(?:or|and|vs\.?|versus|와|과|이?랑|하고|이?나|아니면)[\s,]*", re.IGNORECASE
)
_SHARING: Final = re.compile(
    r"(?P<word>[^\W_][\w/.-]{0,29}?)(?:\s{0,3},?\s{0,3}(?:\b(?:and|or|vs\.?|versus)\b|[&/,])|[과와]|이?랑|하고|이나)\s{0,3}(?:the\s{1,3})?\Z",
    re.IGNORECASE,
)
"""A word and what joins it to the name of a strategy that follows."""
_MOST: Final = 50
"""Of the strategies that are named together, unless they are all there are."""


def families(text: str, found: Sequence[Mention], names: Names) -> Iterator[Mention]:
    """Yield the stretches of a text that stand for all strategies with a word in their names.

    Where the word is followed by numbers, "which SMA is better, 20 or 200", these are the names that have
    them. A word that all names have stands for none in particular.
    """
    yield from _with_a_word(text, names)
    yield from _single(text, found, names)
    heads = _heads(text, found, names)
    for start, end, ids in heads:
        numbered = list(_numbered(text, end, ids, names))
        if numbered:
            yield Mention(start, end, (), is_metric=False)
            yield from numbered
        elif len(ids) == len(names) or len(ids) <= _MOST:
            yield Mention(start, end, () if len(ids) == len(names) else ids, is_metric=False)
    if not heads:
        yield from _further(text, found, names)


def sharing_words(text: str, found: Sequence[Mention], names: Names) -> Iterator[Mention]:
    """Yield the words that share the last words of the name after them: "Cheap and Costly Momentum"."""
    for each in found:
        before = _SHARING.search(text, 0, each.start) if len(each.ids) == 1 else None
        if before is None or any(before.start() < other.end <= each.start for other in found):
            continue
        words = names[each.ids[0]].split()
        for shared in range(1, len(words)):
            joined = " ".join((before["word"], *words[shared:]))
            meant = mentions(joined, names)
            if [(it.start, it.end) for it in meant] == [(0, len(joined))] and meant[0].ids != each.ids:
                yield Mention(*before.span("word"), meant[0].ids, is_metric=False)
                break


def _with_a_word(text: str, names: Names) -> Iterator[Mention]:
    for match in _FAMILY.finditer(text):
        group = match.lastgroup or "korean"
        word = match[group].lower()
        if _is_known(word):
            continue
        if ids := _with_one_of(_forms(word), names):
            yield Mention(match.start(group), match.end(), ids, is_metric=False)


def _single(text: str, found: Sequence[Mention], names: Names) -> Iterator[Mention]:
    """Yield what stands for the only strategy with a word in its name, and with the numbers of the text."""
    for match in _SINGLE.finditer(text):
        start, end = match.span("korean" if match["korean"] else "english")
        word = text[start:end].lower()
        benchmark = word in {"benchmark", "벤치마크"}
        if (_is_known(word) and not benchmark) or any(
            each.start < end and start < each.end for each in found
        ):
            continue
        ids = _with_one_of(_BENCHMARKS if benchmark else _forms(word), names)
        numbers = {each.group() for each in _NUMBERS.finditer(text)}
        exact = tuple(key for key in ids if (own := set(digits_of(names[key]))) and own <= numbers)
        ids = exact if len(ids) > 1 else ids
        if len(ids) == 1:
            yield Mention(start, match.end(), (ids[0],), is_metric=False)


def _with_one_of(forms: Collection[str], names: Names) -> tuple[str, ...]:
    """Return the ids of the strategies that have a word in their names."""
    written = ((strategy_id, "".join(name.lower().split())) for strategy_id, name in names.items())
    return tuple(strategy_id for strategy_id, name in written if any(form in name for form in forms))


def _forms(word: str) -> set[str]:
    """Return a word as the names have it, in either script."""
    return {"".join(spelt(words_of(word))) for spelt in (tuple, in_latin, in_hangul)}


def _is_known(word: str) -> bool:
    return word in ENGLISH or word in KOREAN or is_ordinary(word)


def _heads(text: str, found: Sequence[Mention], names: Names) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return where words stand that several names have, and the ids of these."""
    heads = []
    for match in _HEAD.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        word = text[start:end].lower()
        free = all(each.end <= start or end <= each.start for each in found)
        if free and not (_is_known(word) or _is_known(f"{word}s")):
            ids = _with_one_of(_forms(word), names)
            heads += [(start, end, ids)] if len(ids) > 1 else []
    return heads


def _numbered(text: str, end: int, ids: Sequence[str], names: Names) -> Iterator[Mention]:
    """Yield the numbers of a text that are those of names which begin alike."""
    numbers = {key: key_of("".join(words_of(names[key])[1:])) for key in ids}
    for match in _NUMBER.finditer(text, end):
        if same := tuple(key for key in ids if numbers[key] == key_of(match.group())):
            yield Mention(match.start(), match.end(), same, is_metric=False)


def _further(text: str, found: Sequence[Mention], names: Names) -> Iterator[Mention]:
    """Yield the numbers of further names that begin as the one before them: "SMA 20 or 200"."""
    for each in found:
        words = words_of(min(names[key] for key in each.ids)) if each.ids else ()
        joined = _JOINED.match(text, each.end) if len(words) > 1 and words[-1].isdigit() else None
        number = _NUMBER.match(text, joined.end()) if joined else None
        if number:
            alike = tuple(key for key, name in names.items() if words_of(name)[:1] == words[:1])
            yield from (
                one for one in _numbered(text, number.start(), alike, names) if one.start == number.start()
            )
