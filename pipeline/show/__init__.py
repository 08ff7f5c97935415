"""Output for the terminal: the summary of a run, one document, why an edit was made, and the checks of rules."""
