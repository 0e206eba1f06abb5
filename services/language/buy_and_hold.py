"""The ways to write Buy and Hold, where a strategy is called so: "b&h", "buy n hold", 바이앤홀드, 매수후보유.

Where none is, they mean the benchmark.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from services.language.name_index import Names
from services.language.names import Mention
from services.language.phrases import compiled

_WRITTEN: Final = compiled(
    r"(?<![a-z가-힣])(?:"
    r"buy[\s-]*(?:and|&|\+|'?n'?)[\s-]*hold(?![a-z])|b\s?(?:&|\+|n)\s?h(?![a-z])|buyhold(?![a-z])"
    r"|바이\s?(?:앤드?|&|엔)?\s?홀드|매수\s?후\s?보유)"
)
_KEYS: Final = (
    "buyandhold",
    "buyhold",
    "bnh",
    "bandh",
    "바이앤홀드",
    "바이앤드홀드",
    "바이홀드",
    "매수후보유",
)
"""Such names, as they are looked for."""


def buy_and_hold(text: str, found: Sequence[Mention], names: Mapping[str, str]) -> Iterator[Mention]:
    """Yield where a text means the only strategy of such a name, without writing it in full."""
    places = [
        (each.start(), each.end())
        for each in _WRITTEN.finditer(text)
        if all(one.end <= each.start() or each.end() <= one.start for one in found)
    ]
    if not places:
        return
    keyed = (each for key in _KEYS for each in Names.of(names).within(key) if each.key == key)
    ids = {tuple(each.ids) for each in keyed}
    if len(ids) == 1:
        (of_one,) = ids
        yield from (Mention(start, end, of_one, is_metric=False) for start, end in places)
