"""Apache Kafka on one machine without Docker: its own jars, one broker or three, as child processes."""
