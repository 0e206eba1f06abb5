"""The session service's rules: conversations, turns with their steps, tools, what a message refers to.

What a message asks to be run becomes proposals (`drafting`, with `naming`), which are told of (`telling`)
in the words of `wording`.
"""
