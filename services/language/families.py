"""Finding strategies that a text names together by a word of their names: "모멘텀들 중에"."""

import re
from collections.abc import Iterator
from typing import Final

from services.language.lexicon import ENGLISH, KOREAN
from services.language.name_forms import in_hangul, in_latin, key_of, words_of
from services.language.name_index import Names
from services.language.names import Mention
from services.language.near_names import is_ordinary

_FAMILY: Final = re.compile(
    r"(?<![\w])(?P<korean>[^\W_]{2,30}?)(?:들|류|\s*계열)(?=\s*(?:전략들?)?\s*(?:중|가운데|끼리))"
    r"|\b(?:among|amongst|between|of)\s+(?:all\s+)?(?:the\s+|our\s+|my\s+)?"
    r"(?P<english>[^\W\d_]{3,30}?)(?:s\b|\s+(?:ones|strategies)\b)",
    re.IGNORECASE,
)


def families(text: str, names: Names) -> Iterator[Mention]:
    """Yield the stretches of a text that stand for all strategies with a word in their names."""
    for found in _FAMILY.finditer(text):
        group = "korean" if found["korean"] else "english"
        word = found[group].lower()
        if word in ENGLISH or word in KOREAN or is_ordinary(word):
            continue
        forms = {"".join(spelt(words_of(word))) for spelt in (tuple, in_latin, in_hangul)}
        ids = tuple(key for key, name in names.items() if any(form in key_of(name) for form in forms))
        if ids:
            yield Mention(found.start(group), found.end(), ids, is_metric=False)
