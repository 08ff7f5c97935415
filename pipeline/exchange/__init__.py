"""Mechanisms in the vocabularies and formats of the field: Biolink and RO terms, a signed graph, INDRA statements."""
