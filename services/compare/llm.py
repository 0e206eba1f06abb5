"""Summaries by a chain of language models."""

import json
from contextlib import aclosing
from dataclasses import asdict
from typing import Final

import structlog

from backchat_contracts import ComparisonCompleted
from services.compare.errors import SummaryError
from services.compare.ports import Summary
from services.grounding.comparison import facts_of
from services.language_model.chain import Chain
from services.language_model.drafting import RULES, drafted, told
from services.language_model.errors import LlmError
from services.language_model.messages import ChatMessage, SystemMessage, UserMessage
from services.language_model.pieces import Finished, Restarted

log = structlog.get_logger()

INSTRUCTIONS: Final = f"""\
You put an answer about trading strategies into words for a quant team, in at most five sentences. The
message is a JSON object: the question, the language of your text (ko is Korean, en is English), the
computed answer, and figures with their references. The computed answer decides: never call one better,
worse, the best or the worst where it does not, and where it says that no difference is shown, say so, with
what would have been seen. Keep its cautions. {RULES}"""


class LlmSummariser:
    """Gives a model the computed answer and the figures, and takes its prose if it may be sent."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain

    async def summarise(self, computed: ComparisonCompleted) -> Summary:
        language = computed.understood.language if computed.understood else "en"
        facts = facts_of(computed, language)
        content = {"question": computed.query, **told(computed, facts)}
        messages: list[ChatMessage] = [
            SystemMessage(role="system", content=INSTRUCTIONS),
            UserMessage(role="user", content=json.dumps(content, ensure_ascii=False)),
        ]
        said: list[str] = []
        written: Finished | None = None
        try:
            async with aclosing(drafted(self._chain, messages, facts, computed.query)) as pieces:
                async for piece in pieces:
                    match piece:
                        case str():
                            said.append(piece)
                        case Restarted():
                            said.clear()
                        case Finished():
                            written = piece
        except LlmError as error:
            raise SummaryError(str(error)) from error
        if written is None:
            raise SummaryError("the answer did not end")
        log.info("summary written by a language model", comparison=computed.comparison_id, **asdict(written))
        return Summary("".join(said), written.model)
