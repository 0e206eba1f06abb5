"""How answers say what names were read as, and which ones may be meant."""

from collections.abc import Iterable
from typing import Final

from backchat_contracts import Language, Texts

_READ_AS: Final = Texts(ko="'{0}'을(를) '{1}'(으)로 읽었습니다.", en="Read '{0}' as '{1}'.")
_DID_YOU_MEAN: Final = Texts(ko="혹시 {0}인가요?", en="Did you mean {0}?")
_OR: Final = Texts(ko=" 또는 ", en=" or ")


def said_as_read(written: str, name: str, language: Language) -> str:
    """Say which strategy's name was read for what is written."""
    return _READ_AS.of(language).format(written, name)


def said_as_near(names: Iterable[str], language: Language) -> str:
    """Ask which of some names is meant."""
    *others, last = (f"'{name}'" for name in names)
    listed = _OR.of(language).join([", ".join(others), last] if others else [last])
    return _DID_YOU_MEAN.of(language).format(listed)
