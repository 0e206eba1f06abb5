"""Languages of texts and readers: pure functions that several services share."""
