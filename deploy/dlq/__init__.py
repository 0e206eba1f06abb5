"""`python -m deploy.dlq`: an operator's command for the records that no service could handle."""
