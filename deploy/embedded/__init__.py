"""Backchat on one machine without Docker: a broker, a database and the services as child processes."""
