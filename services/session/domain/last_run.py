"""Messages that speak of the backtest that has just run: "방금거 수익률?", "the one we just ran"."""

from typing import Final

from services.language.phrases import compiled
from services.session.domain.session import Context

_KOREAN: Final = r"""
    (?<![가-힣])(?:
        (?:방금|아까|좀\s*전에|조금\s*전에|직전에|금방)\s*(?:내가\s*|우리가\s*)?
            (?:돌린|돌렸던|실행한|실행했던|테스트한|백테스트한|끝난|나온|한)\s*(?:거|것|건|게|걸|전략|백테스트|애|놈)
        |(?:방금|아까|직전)\s*(?:그\s*)?(?:거|것|건|게)(?!기)
        |새로\s*돌린\s*(?:거|것|건|게|걸|전략|백테스트|애|놈)|새\s*(?:거|것|백테스트)
    )(?!래)
"""
_ENGLISH: Final = r"""
    \b(?:the\s+(?:one|run|test|backtest|strategy)\s+(?:that\s+)?(?:we|i|you|it)(?:'ve|\s+have)?\s+just\s+
            (?:ran|run|did|done|tested|backtested|finished)
        |(?:what|the\s+one)\s+(?:we|i|you)(?:'ve)?\s+just\s+(?:ran|run|did|tested)
        |the\s+(?:one|run|backtest)\s+(?:that\s+)?just\s+(?:ran|finished|ended|completed)
        |the\s+(?:new|newest|latest)\s+(?:one|run|backtest|test)|my\s+(?:last|latest|new)\s+(?:run|backtest|test))\b
"""
_MEANT: Final = compiled(f"{_KOREAN}|{_ENGLISH}")


def with_last_run(message: str, context: Context) -> str:
    """Return a message with the name of the strategy that has just run in place of what speaks of it.

    Of a backtest that still runs there is no figure yet, so its strategy's are not told in its place.
    """
    if not context.started or not context.started[-1].ended:
        return message
    name = context.started[-1].strategy_name
    return _MEANT.sub(lambda _: f"'{name}'", message)
