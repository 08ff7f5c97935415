"""HTML as text: the tokens of a page, tags and what stands between them, and the names that elements can have."""
