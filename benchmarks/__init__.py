"""Training and measuring with data that is not part of the project."""
