"""Messages about what a proposal would do, before it has run: "better than before?", "낙폭은 어때?"."""

from dataclasses import dataclass
from typing import Final

from services.language.parsing import parse
from services.language.phrases import compiled
from services.language.question import Question
from services.session.domain.referring import speaks_of_several
from services.session.domain.session import Session
from services.session.domain.tools import COMPARE
from services.session.domain.wording import FIGURES_BEFORE

_BESIDE: Final = compiled(
    r"""
    \b(?:than|to|with|from|vs)\s+(?:it\s+(?:was\s+)?)?(?:before|the\s+(?:original|old|previous|stored))\b
    |\b(?:better|higher|more|up)\s+or\s+(?:worse|lower|less|down)\b
    |\b(?:worse|lower|less|down)\s+or\s+(?:better|higher|more|up)\b
    |\b(?:improve[ds]?|any\s+better|did\s+(?:it|that)\s+help|has\s+it\s+changed)\b
    |\bhow\s+(?:has|did)\s+.{0,30}\bchanged?\b
    |(?<![가-힣])(?:원본|원래|이전|기존|전|아까)(?:\s*(?:거|것|꺼|결과|전략))?\s*(?:보다|이?랑|하고|와|과|대비)
    |나아[졌진]|좋아[졌진]|나빠[졌진]|늘었|줄었|늘어났|줄어들었|개선|바뀌었|달라[졌진]
    """
)
_WHAT_CAME: Final = compiled(
    r"\bwhat\s+(?:did\b.{0,30}\bdo|happened\s+to|became\s+of)\b|\bhow\s+did\b.{0,30}\b(?:turn|come|came|end)\b"
    r"|어떻게\s*(?:됐|되었|나왔)|얼마(?:나|로)?\s*(?:나왔|됐)"
)
"""What asks what came of it; "its Sharpe ratio?" is of the strategy, as it has run."""


@dataclass(frozen=True, slots=True)
class NotRun:
    """What is asked of a proposal: `compared`, beside the run before; else the figures of `strategies`."""

    compared: bool
    strategies: tuple[str, ...] = ()


def of_what_has_not_run(message: str, session: Session) -> NotRun | None:
    """Return what a message asks of the backtest proposed, which has no figures yet; None: nothing of it.

    It is about that one if it names none, and the answer before told no figures of others.
    """
    proposals, last = session.context.proposals, session.last_answer
    if len(proposals) != 1 or last is None:
        return None
    of_others = any(each.tool == COMPARE for each in last.tools)
    if of_others and not last.content.startswith((FIGURES_BEFORE.ko, FIGURES_BEFORE.en)):
        return None
    question, focus = parse(message, {}), session.context.focus
    if _BESIDE.search(message):
        return NotRun(compared=True)
    of_it = _asks_for_figures(question) and _WHAT_CAME.search(message) and not speaks_of_several(message)
    return NotRun(compared=False, strategies=(focus,)) if of_it and focus and proposals[0].base_id else None


def _asks_for_figures(question: Question) -> bool:
    chosen = (question.unresolved, question.unread, question.thresholds, question.count, question.rank)
    ended = any(each.end for each in question.criteria)
    return bool(question.criteria) and not (ended or any(chosen) or question.beyond or question.relation)
