"""The version of this program, on every row it writes, and where its files are."""

from pathlib import Path

VERSION = "0.1.0"
CODE = Path(__file__).parent
