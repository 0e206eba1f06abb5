"""How many questions of people are answered rightly, wrongly, or with "I can't"."""
