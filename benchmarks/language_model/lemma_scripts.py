"""A lemma as what is done to the form, so that a classifier can choose it: "studies" -> "study" is "lower 3 y"."""

from __future__ import annotations


def script(form: str, lemma: str) -> str:
    """How to get from the form to the lemma: keep or lower the case, cut letters from the end, add others."""
    case, base = ("keep", form) if _shared(form, lemma) >= _shared(form.lower(), lemma) else ("lower", form.lower())
    kept = _shared(base, lemma)
    if kept == 0 and lemma != base:
        return f"word {lemma}"
    return f"{case} {len(base) - kept} {lemma[kept:]}"


def lemma(form: str, chosen: str) -> str:
    """Apply a script to a form."""
    case, _, rest = chosen.partition(" ")
    if case == "word":
        return rest
    cut, _, added = rest.partition(" ")
    base = form.lower() if case == "lower" else form
    return base[: max(0, len(base) - int(cut))] + added


def _shared(left: str, right: str) -> int:
    count = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        count += 1
    return count
