"""Builds the table of names that mentions are grounded with, from open vocabularies."""
