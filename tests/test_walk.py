"""Pages that are read without a parser: as through libxml2."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.content import skeleton
from pipeline.content.walk import MAX_DEPTH, PARSED_AS, walk
from pipeline.markup.element_names import VOID
from pipeline.markup.tokens import tokenize

_OLD_VOID = frozenset(("area", "base", "basefont", "br", "col", "frame", "hr", "img", "input", "link", "meta", "param"))
_NAMES = sorted(set(PARSED_AS) - VOID | _OLD_VOID)  # libxml2 does not know that others are void
_COMMON = ("div", "p", "span", "a", "ul", "li", "table", "tr", "td", "b", "br", "h2", "option", "dl", "dt", "dd", "pre")
_NAME = st.sampled_from(_COMMON) | st.sampled_from(_NAMES)


class _Told:
    """A reader that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str | int, ...]] = []

    def start(self, name: str, number: int) -> None:
        self.told.append((name, number))

    def end(self) -> None:
        self.told.append(("end",))

    def void(self, name: str, _number: int) -> None:
        self.told.append(("void", name))

    def text(self, number: int) -> None:
        self.told.append((number,))

    def close(self) -> None:
        self.told.append(("close",))


@st.composite
def pages(draw: st.DrawFn) -> str:
    """Tags of known names, some of them closed in their order, and texts."""
    page, names = "", []
    for _ in range(draw(st.integers(1, 14))):
        do = draw(st.sampled_from(("open", "open", "close", "close", "stray", "text")))
        if do == "open":
            names.append(draw(_NAME))
            page += f"<{names[-1]}>"
        elif do == "close" and names:
            page += f"</{names.pop()}>"
        elif do == "stray":
            page += f"</{draw(_NAME)}>"
        else:
            page += draw(st.sampled_from(("zinc", " binds ", "\n", "&lt;")))
    return page


def _walked(page: str) -> tuple[bool, list[tuple[str | int, ...]]]:
    reader = _Told()
    return walk(page, tokenize(page), reader), reader.told


@given(pages())
def test_a_page_reads_without_a_parser_as_through_libxml2(page: str) -> None:
    through = _Told()
    skeleton.read(skeleton.skeleton(page, tokenize(page), deep=False), through)
    assert _walked(page) == (True, through.told)


def test_only_what_is_nested_very_deep_takes_a_parser() -> None:
    assert _walked("<div>" * MAX_DEPTH + "Zinc binds it.")[0]
    assert not _walked("<div>" * (MAX_DEPTH + 1) + "Zinc binds it.")[0]
    assert _walked("<a>One" * 1000 + "<p>Two" * 1000 + "<table>" + "<tr><td>Three" * 1000)[0]
