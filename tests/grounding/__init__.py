"""How many invented, swapped or altered figures are caught in answers, and how many right answers are refused."""
