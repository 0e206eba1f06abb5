"""Whether a question asks how much capital a strategy needs, which no backtest tells."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from services.language.terms import Grade, Token, Word

_NEEDS: Final = ("need", "requir", "필요")
_CAPITAL: Final = frozenset(
    {"capital", "funds", "funding", "자금", "자본", "자본금", "투자금", "종잣돈", "밑천"}
)
_MONEY: Final = _CAPITAL | {"cash", "money", "현금", "돈"}
_LEAST: Final = frozenset({"minimum", "min", "최소", "최저"})


def asks_for_capital(tokens: Sequence[Token]) -> bool:
    """Tell whether it is asked how much money it takes: "how much cash does it need?", "최소 자금은?"."""
    needs = any(token.text.startswith(_NEEDS) for token in tokens)
    least = any(
        isinstance(one.term, Grade) and one.text in _LEAST and _is_of(other, _CAPITAL)
        for one, other in pairwise(tokens)
    )
    return least or (needs and any(_is_of(token, _MONEY) for token in tokens))


def _is_of(token: Token, words: frozenset[str]) -> bool:
    return token.text in words or (isinstance(token.term, Word) and token.term.stem in words)
