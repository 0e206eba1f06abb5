"""What language models took for an answer."""

from dataclasses import dataclass

from services.language_model.pieces import known_sum


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What the language models took that were asked for an answer.

    Attributes:
        provider: the last one's name in the settings.
        model: that one's model.
        input_tokens: as far as they were counted; None: none were.
        output_tokens: likewise.
        cost: as far as it is known, in the currency of the prices.
        seconds: that they took together.
        requests: how often one was asked: once, and again with the results of the tools that it called.

    """

    provider: str
    model: str
    input_tokens: int | None
    output_tokens: int | None
    cost: float | None
    seconds: float
    requests: int = 1

    def and_then(self, later: "ModelUse") -> "ModelUse":
        """Return what both took together."""
        return ModelUse(
            later.provider,
            later.model,
            known_sum(self.input_tokens, later.input_tokens),
            known_sum(self.output_tokens, later.output_tokens),
            known_sum(self.cost, later.cost),
            round(self.seconds + later.seconds, 3),
            self.requests + later.requests,
        )
