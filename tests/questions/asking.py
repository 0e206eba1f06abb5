"""Asks the questions of the corpus in conversations with the real use cases, and judges each answer."""

from collections.abc import Iterable
from dataclasses import dataclass

from backchat_contracts import Language
from tests.questions.catalogue import Services, strategies
from tests.questions.corpus import FINISH, Question, Talk
from tests.questions.judge import Answered, Judgement, judged
from tests.questions.reading import language_of
from tests.unit.session.conversation import Conversation


@dataclass(frozen=True, slots=True)
class Case:
    """A question, its answer, and how that was judged."""

    talk: Talk
    question: Question
    language: Language
    answer: str
    judgement: Judgement


async def ask_all(talks: Iterable[Talk]) -> list[Case]:
    """Hold all conversations; those about a large catalogue that start nothing share its services."""
    shared: dict[str, Services] = {}
    cases: list[Case] = []
    for talk in talks:
        services = shared.get(talk.catalogue)
        if services is None:
            services = Services()
            await services.hold(talk.catalogue)
        before = len(services.asked_to_run)
        cases += await _held(talk, services)
        if len(services.asked_to_run) == before:
            shared[talk.catalogue] = services
        else:
            shared.pop(talk.catalogue, None)
    return cases


async def _held(talk: Talk, services: Services) -> list[Case]:
    conversation = await Conversation.open(services)
    listed = tuple(each.name for each in strategies(talk.catalogue))
    cases: list[Case] = []
    language: Language = "en"
    for question in talk.questions:
        names = tuple(dict.fromkeys((*listed, *services.runs)))
        language = language_of(question.text, names) or language
        proposed, started = conversation.proposed, len(services.asked_to_run)
        if question.text == FINISH:
            text = await conversation.finish()
        else:
            text = await conversation.say(question.text)
        answered = Answered(
            question="" if question.text == FINISH else question.text,
            text=text,
            names=tuple(dict.fromkeys((*names, *services.runs))),
            runs=services.runs,
            proposed=conversation.proposed,
            proposed_before=proposed,
            started=len(services.asked_to_run) - started,
        )
        cases.append(Case(talk, question, language, text, judged(question.expectation, answered)))
    return cases
