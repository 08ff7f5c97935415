"""A small notation for spaCy's DependencyMatcher: nodes, and how they hang on each other."""

from __future__ import annotations

from typing import Any

Pattern = tuple[dict[str, Any], ...]

NOUN = {"POS": {"IN": ["NOUN", "PROPN"]}}
ANY: dict[str, Any] = {}


def node(name: str) -> dict[str, Any]:
    """The node a pattern starts from."""
    return {"RIGHT_ID": name, "RIGHT_ATTRS": {}}


def below(name: str, parent: str, *labels: str, lower: str = "") -> dict[str, Any]:
    """A child of ``parent`` with one of the labels."""
    attributes: dict[str, Any] = {"DEP": {"IN": list(labels)}}
    if lower:
        attributes["LOWER"] = lower
    return {"LEFT_ID": parent, "REL_OP": ">", "RIGHT_ID": name, "RIGHT_ATTRS": attributes}


def above(name: str, child: str, attributes: dict[str, Any]) -> dict[str, Any]:
    """The head of ``child``, with token attributes."""
    return {"LEFT_ID": child, "REL_OP": "<", "RIGHT_ID": name, "RIGHT_ATTRS": attributes}


def with_attributes(pattern: Pattern, name: str, attributes: dict[str, Any]) -> list[dict[str, Any]]:
    """The pattern with other token attributes for one node."""
    return [{**item, "RIGHT_ATTRS": attributes} if item["RIGHT_ID"] == name else item for item in pattern]
