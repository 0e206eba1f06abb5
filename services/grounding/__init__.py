"""Keeps figures that are invented, swapped or altered out of prose, as pure functions for several services.

A language model writes `[[ref]]` where a figure belongs. `rendering.render` writes the values,
`checking.check` returns what may not be said, `neutral.neutralised` makes the text harmless, and
`sentences.Sentences` splits a stream so that each sentence is checked before it is sent. All that an answer
may speak of is in `facts.Facts`.

The checks: numerals that are not ours (`numerals`, excused by `dates`, `counts`, `ranks` and `quoted`), signs
and units beside a figure (`signs`), the owner of a figure (`owners`, by the `mentions` of names), its metric
(`metrics`), and actions that were not done (`actions`). Words are data in `vocabulary`.
"""
