"""HTML at the level of tokens: a tokenizer that keeps offsets, and sets of element names."""
