"""What people look at: the lines at the end of a run, one document in the terminal, and why an edit was made."""
