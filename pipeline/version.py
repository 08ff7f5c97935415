"""The version of this program, on every row it writes."""

VERSION = "0.1.0"
