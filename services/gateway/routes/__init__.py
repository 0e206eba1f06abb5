"""HTTP's paths: each translates a request into an event and an answer into a response."""
