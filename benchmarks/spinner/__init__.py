"""Training and measuring the models that undo synonym spinners."""
