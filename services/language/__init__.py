"""What a question asks and in which language, as pure functions that several services share.

`parsing.parse` makes a `question.Question` of a text: `names` finds the strategies that it mentions in full,
`near_names` those whose names are shortened, in the other script or have a letter wrong (both by a
`name_index`), `scanning` reads its other words as terms of the `vocabulary`, and `grammar` finds out what
they ask together, with the rules for ends (`ends`, `attachment`), thresholds (`bounds`, `zeros`), the
strategies mentioned (`strategies`, `families`), what is said of them (`claims`), names that are of none
(`operands`), how many are asked for (`counting`), and what no figure answers (`asides`).

`commands.read_command` reads what a message asks to be done, such as to run a backtest, with the settings
that it names (`run_settings`).
"""
