"""Runs what a message chooses: which strategy that is, is asked of the compare service first."""

from backchat_contracts import ComparisonView
from services.language.commands import Command
from services.session.domain import wording
from services.session.domain.choices import of_the_chosen
from services.session.domain.referring import question_of
from services.session.domain.session import Session
from services.session.domain.tools import COMPARE, FIND_STRATEGIES, compare_call
from services.session.domain.turn import Turn, call_id
from services.session.ports import Answer, Calls, Decision
from services.session.steps import calls, replies_of, steps_of, unanswered


def ask_which(session: Session, turn: Turn, command: Command) -> Calls:
    """Ask which strategies a choice is of."""
    number = call_id(session.session_id, turn.turn_id, len(turn.steps))
    return Calls([compare_call(number, command.rest, *question_of(command.rest, session.context))])


def named_in_place(session: Session, turn: Turn, command: Command) -> Command | Decision | None:
    """Return a request with the names of those chosen, once they are known; None: none were asked for.

    Where there is no single one, the answer says which there are, and asks for a name.
    """
    if not steps_of(turn, COMPARE):
        return None
    if failed := unanswered(turn, COMPARE, FIND_STRATEGIES):
        return failed
    found = next(replies_of(turn, COMPARE, ComparisonView))
    chosen = of_the_chosen(command, found)
    if chosen is None:
        asked = wording.WHICH_OF_THESE.of(turn.language)
        return Answer(f"{found.summary or ''}\n{asked}".strip(), proposals=session.context.proposals)
    if len(steps_of(turn, FIND_STRATEGIES)) > 1:
        return chosen
    wanted = {"text": chosen.rest, "context_strategy_ids": []}
    return calls(session, turn, (FIND_STRATEGIES, wanted))
