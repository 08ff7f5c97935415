"""Train the English pipeline that the mechanism stage parses with."""
