"""The session service's rules: conversations, turns with their steps, tools, what a message refers to.

What a message asks to be run becomes proposals (`drafting`): which strategies and types it means
(`choosing`), what its words name (`naming`), what it sets (`applying`). They are told of (`telling`) in the
words of `wording`.
"""
