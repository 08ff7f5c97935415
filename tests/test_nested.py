"""Pages that are read without a parser: as through libxml2, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.content import nested, skeleton
from pipeline.html_names import VOID
from pipeline.markup import tokenize

_OLD_VOID = frozenset(("area", "base", "basefont", "br", "col", "frame", "hr", "img", "input", "link", "meta", "param"))
_NAMES = sorted(set(skeleton.SHOWN_AS) - VOID | _OLD_VOID)  # libxml2 does not know that others are void
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

    def void(self, name: str) -> None:
        self.told.append(("void", name))

    def text(self, number: int) -> None:
        self.told.append((number,))

    def close(self) -> None:
        self.told.append(("close",))


@st.composite
def pages(draw: st.DrawFn) -> str:
    """Tags of known names, most of them closed in their order, and texts."""
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


def _nested(page: str) -> tuple[bool, list[tuple[str | int, ...]]]:
    reader = _Told()
    return nested.read(page, tokenize(page), reader), reader.told


@given(pages())
def test_what_is_read_without_a_parser_is_read_as_libxml2_does(page: str) -> None:
    whole, told = _nested(page)
    through = _Told()
    skeleton.read(skeleton.skeleton(page, tokenize(page)), through)
    assert not whole or told == through.told


@pytest.mark.parametrize(
    "page",
    [
        "<div><p>Zinc <b>binds</b> it.</p><br>More</div>",
        "<ul><li>One<li>Two</ul><p>Three<p>Four<hr>",
        "<div><table><tr><td>One<td>Two<tr><td>Three</table><p>Four</div>",
        "<p>Zinc</span> binds it.</p></section>",
        "<main><section><x-card>Zinc</x-card>",
    ],
)
def test_tags_that_may_be_left_out_or_belong_to_nothing_need_no_parser(page: str) -> None:
    assert _nested(page)[0]


@pytest.mark.parametrize(
    "page", ["<b>Zinc <i>binds</b> it.</i>", "<div><span>Zinc</div></span>", "<div>" * (skeleton.WRAPPED + 1)]
)
def test_tags_that_cross_or_are_too_deep_need_one(page: str) -> None:
    assert not _nested(page)[0]
