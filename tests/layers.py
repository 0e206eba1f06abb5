"""Contract type for import-linter: layers whose services and shared packages are found in the tree.

In `layers` and `containers`, `<services>` stands for every service, and `<shared>` for every other package of
`services/`; shared packages may import each other. Each layer is optional: a service has those that it needs.
"""

from typing import Any

from importlinter.contracts.layers import LayersContract

from deploy.services import SERVICES, SHARED

GROUPS = {"<services>": SERVICES, "<shared>": SHARED}


class FoundLayers(LayersContract):
    """The built-in layers contract, with the names in angle brackets replaced by what they stand for."""

    type_name = "found-layers"

    def __init__(self, name: str, session_options: dict[str, Any], contract_options: dict[str, Any]) -> None:
        options = dict(contract_options)
        options["layers"] = [_layer(text) for text in options["layers"]]
        options["containers"] = [name for text in options.get("containers", ()) for name in _names(text)]
        super().__init__(name, session_options, options)


def _layer(text: str) -> str:
    """Return a layer with all of its modules named and optional."""
    separator = ":" if text == "<shared>" else "|"
    names = (name for part in text.split(separator) for name in _names(part.strip()))
    return f" {separator} ".join(f"({name})" for name in names)


def _names(text: str) -> list[str]:
    return [f"services.{name}" for name in GROUPS[text]] if text in GROUPS else [text]
