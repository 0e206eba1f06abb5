"""Comparing strategies: which metric a question is about, who is best by it, and the words for that."""
