"""The version of this program, on every row it writes, and where its files are."""

from pathlib import Path

VERSION = "0.2.0"
CODE = Path(__file__).parent
RULES = CODE / "rules"  # one file of rules a kind
LEXICON = CODE / "lexicon"  # the table of names that arguments are grounded by
MODELS = CODE / "models"  # trained weights, each with its card
