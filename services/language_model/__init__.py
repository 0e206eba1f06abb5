"""A language model behind an OpenAI-compatible endpoint, for the services that write prose."""
