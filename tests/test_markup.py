from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.markup.tokens import start_tag, tokenize

PIECES = [
    *("<p>", "</p>", "<", ">", "a < b", "<!--", "-->", "<script>", "</script>", '<a href="x', '">', "'", "text ", "\n"),
    *("<!doctype html>", "<?x?>", "</", "<title>", "é"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_tokens_tile_the_text(text: str) -> None:
    at = 0
    for token in tokenize(text):
        assert token.start == at < token.end
        at = token.end
    assert at == len(text)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("<p>a</p>", ["start", "text", "end"]),
        ("p<0.05 and x < y", ["text"]),
        ("<script>if (a<b) '<p>'</script>x", ["start", "raw", "end", "text"]),
        ("<a title='a > b'>c", ["start", "text"]),
        ("<!-- a > b -->c", ["comment", "text"]),
        ("a<!-- b", ["text", "cut"]),
        ("<title>a <b> c</title>", ["start", "text", "end"]),
        ("<title>a</title><script></SCRIPT ", ["start", "text", "end", "start", "cut"]),
        ("a</>b", ["text", "declaration", "text"]),
    ],
)
def test_kinds(text: str, kinds: list[str]) -> None:
    assert [token.kind for token in tokenize(text)] == kinds


def test_attributes_are_decoded_and_the_first_counts() -> None:
    said = "<A HREF='x&amp;y' href=z data-n=1 hidden/>"
    assert start_tag(said) == ("a", {"href": "x&y", "data-n": "1", "hidden": ""})


@pytest.mark.parametrize("hostile", ["<", "<a ", '<a ="', "<!--", "</", "<a b='", "<script>", "<title><", "&", "< <"])
def test_hostile_repeats_take_linear_time(hostile: str) -> None:
    def seconds(times: int) -> float:
        text = hostile * times
        start = time.process_time()
        list(tokenize(text))
        return time.process_time() - start

    seconds(1000)
    small, large = min(seconds(4_000) for _ in range(3)), min(seconds(32_000) for _ in range(3))
    assert large < 40 * small + 0.05  # eight times the text; quadratic would be 64 times the time
