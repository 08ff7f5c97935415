"""Texts that ask readers for their consent to cookies and the like, told by their own words.

What manages consent names its elements as it likes, or not at all; the words come from laws and from the framework of
the advertisers (IAB Europe, Transparency and Consent Framework), and several of them stand close together.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from pipeline.content.draft import Blocks

# Different terms, each in several wordings and languages; a line is a term.
_TERMS = tuple(
    re.compile(rf"\b(?:{line})\b", re.I)
    for line in """\
cookies?|cookie-richtlinie|kakor
consent(?:ing)?|einwilligung|consentement|consentimiento
(?:our|the|\\d[\\d.,]{0,9}) (?:[\\w-]{1,30} )?partners|third-party (?:partners|vendors)|unsere partner|nos partenaires
vendors?|advertisers
personal (?:data|information)|personenbezogenen? daten|données personnelles|datos personales
legitimate interests?|berechtigte[sn]? interesse|intérêt légitime
stor(?:e|ing) (?:and|or|and/or) access(?:ing)?|access (?:to )?information on (?:a|your) device
(?:unique|device|online) identifiers?|browsing (?:behaviou?r|data|history|habits)|ip address(?:es)?
your (?:privacy )?(?:choices|preferences)|privacy (?:settings|preferences|cent(?:er|re))|opt[ -]out
accept(?: and continue| all|ing)?|reject(?: all)?|alle akzeptieren|tout accepter|aceptar todas?
privacy (?:policy|notice|statement)|cookie policy|datenschutz\\w*|politique de confidentialité
personali[sz]ed (?:ads|advertising|content)|ad measurement|audience (?:research|insights)|targeted advertising
tracking technolog(?:y|ies)|similar technologies|gdpr|ccpa
""".splitlines()
)
# Stems in small letters: only texts that hold one are looked at more closely, which costs far more.
_STEMS = (
    "cookie", "kakor", "consent", "einwillig", "partners", "partenaires", "legitimate", "berechtigt", "légitime",
    "personal data", "personal information", "personenbezogen", "données personnelles", "datos personales",
)  # fmt: skip
_ABOUT = re.compile(r"\b(?:cookies?|consent|privacy|data|gdpr|advertis\w+|tracking)\b", re.I)
_ENOUGH, _MANY = 3, 4  # different terms
_LONGEST = 3000  # characters
_WORDS = 15  # for each term, of a text with no more than enough


def is_consent(text: str) -> bool:
    """Whether a text asks for consent.

    >>> is_consent("We and our 842 partners store and access information on a device, such as unique identifiers.")
    True
    >>> is_consent("Parents gave their consent, and no personal data were stored.")
    False
    """
    if len(text) > _LONGEST:
        return False
    found = sum(term.search(text) is not None for term in _TERMS)
    return found >= _MANY or (found >= _ENOUGH and len(text.split()) <= _WORDS * found)


def consents(blocks: Blocks, title: str) -> list[int]:
    """Indices of texts that ask for consent, and of the heading right above each; none on a page about the matter."""
    parts = blocks.parts
    likely = _with_stem(blocks)
    if not likely:
        return []
    named = [title, *(blocks.of(part) for part in parts if part.kind == "heading" and part.level == 1)]
    if any(map(_ABOUT.search, named)):
        return []
    found = {index for index in likely if is_consent(blocks.of(parts[index]))}
    above = {
        index - 1 for index in found if index and parts[index - 1].kind == "heading" and parts[index - 1].level > 1
    }
    return sorted(found | above)


def _with_stem(blocks: Blocks) -> set[int]:
    """Indices of the parts that hold a stem: the few that are worth a closer look."""
    lowered, starts = blocks.text.lower(), [part.start for part in blocks.parts]
    if len(lowered) != len(blocks.text):  # as of a Turkish capital: offsets would be others
        return set(range(len(starts)))
    found: set[int] = set()
    for stem in _STEMS:
        at = lowered.find(stem)
        while at >= 0:
            found.add(max(bisect_right(starts, at) - 1, 0))
            at = lowered.find(stem, at + len(stem))
    return found
