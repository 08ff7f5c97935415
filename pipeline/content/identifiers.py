"""Identifiers of an article and the licence of its text, where its page gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pipeline.content import linked_data

# ISO 26324; what Crossref finds in all but very old ones.
_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"'<>&]{1,200}[^\s\"'<>&.,;)])")
_DOI_NAMES = frozenset(
    ("citation_doi", "dc.identifier", "dc.identifier.doi", "prism.doi", "bepress_citation_doi", "doi")
)
_PMID_NAMES = frozenset(("citation_pmid", "pmid", "ncbi_uid"))
_LICENSE_NAMES = frozenset(("dc.rights.license", "dcterms.license", "dc.license", "license", "copyright-license"))
_LICENSE = re.compile(
    r"https?://(?:creativecommons\.org/(?:licenses|publicdomain)/|www\.gnu\.org/licenses/)[^\s\"'<>]{1,80}"
)


def doi(meta: Iterable[Mapping[str, str]], things: Sequence[linked_data.Thing]) -> str:
    """The DOI of the article, without a resolver; empty if none is given."""
    given = _given(meta, _DOI_NAMES)
    given += [linked_data.text(linked_data.article(things), "identifier", "sameAs")]
    return next((found[1] for said in given if (found := _DOI.search(said))), "")


def pmid(meta: Iterable[Mapping[str, str]]) -> str:
    """The PubMed identifier; empty if none is given."""
    return next((said.strip() for said in _given(meta, _PMID_NAMES) if said.strip().isdecimal()), "")


def license_of(meta: Iterable[Mapping[str, str]], things: Sequence[linked_data.Thing]) -> str:
    """The address of the licence, or its name; empty if none is given."""
    links = [
        item.get("href", "") for item in meta if item[""] in ("link", "a") and "license" in item.get("rel", "").lower()
    ]
    given = [*links, linked_data.text(linked_data.article(things), "license"), *_given(meta, _LICENSE_NAMES)]
    rights = next(
        (found[0] for said in _given(meta, frozenset(("dc.rights",))) if (found := _LICENSE.search(said))), ""
    )
    return next((said.strip() for said in given if said.strip()), rights)


def _given(meta: Iterable[Mapping[str, str]], names: frozenset[str]) -> list[str]:
    """What the meta elements of these names say."""
    return [
        item.get("content", "")
        for item in meta
        if (item.get("name") or item.get("property") or item.get("itemprop") or "").lower() in names
    ]
