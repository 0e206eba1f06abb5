"""What Backchat does per second on this machine, beside what the machine could do at best."""
