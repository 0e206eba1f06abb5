"""The session service's rules: conversations, turns with their steps, tools, what a message refers to."""
