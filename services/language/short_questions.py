"""Questions without a metric about the strategy that was spoken of: "how'd it do?", "why did it lag?"."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from services.language.question import Question
from services.language.terms import Grade, Mark, Token


def short_question(question: Question, tokens: Sequence[Token]) -> Question | None:
    """Return what is asked of the strategy spoken of, without a metric: "how'd it do?", "why did it lag?"."""
    if question.asks or question.named or question.beyond:
        return None
    said = " ".join(token.text for token in tokens if token.term != Mark("break"))
    if _HOW_IT_DID.fullmatch(said):
        return replace(question, overall=True, overview=True)
    against = any(isinstance(token.term, Grade) and token.term.against for token in tokens)
    if against and any(token.term == Mark("why") for token in tokens):
        return replace(question, overall=True, overview=True, beyond="why")
    return None


_HOW_IT_DID: Final = re.compile(
    r"(?:so |and )?(?:how did|how does|how is|how has|how was) (?:it|that|this|that one|this one)"
    r"(?: (?:do|go|doing|perform|performed|fare|work out|turn out|done|run))?(?: then)?"
    r"|(?:그거|그건|그게|이거|걔|얘|걔는|그것|결과) ?어땠"
)
