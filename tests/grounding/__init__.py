"""How many invented or altered figures are caught in answers, and how many right answers are refused."""
