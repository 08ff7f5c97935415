"""The four promises, on generated pages and on pages in the shape of real ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.edits import undo
from pipeline.markup.tokens import tokenize
from pipeline.records import MediaType, Rejected
from pipeline.repair import FIXES
from pipeline.repair.sound import is_sound
from pipeline.stages import Tools, process, text_of
from tests.conftest import ROOT
from tests.helpers import raw

VOCABULARY = """ketamine blocks NMDA receptors ,and the brain. Unlike p<0.05 n < 30 management request
frequently enough “quote” Hippocampus’s 5&nbsp;mg &amp; HÃ©ctor N,N-dimethyl https://e.org/a,b x<threshold
U.S. wiht unlike results.While"""
WORDS = st.sampled_from(VOCABULARY.split())
SENTENCE = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)
TAGS = (
    "p",
    "h1",
    "h2",
    "li",
    "ul",
    "div",
    "b",
    "blockquote",
    "td",
    "table",
    "article",
    "nav",
    "title",
    "pre",
    "script",
)
NOISE = [
    *("\n", "\n\n", "<br>", "<!-- c -->", "<!--", "“`html\n", "```\n", "<\n", "< ", ">", "&lt;p&gt;", "</", "</html>"),
    *('<a href="x', "\u200b", "\xa0", "\x00", "\ud7ff", "<script>", "8/9/23, 9:00 PM\n", "* ", "# "),
]


@st.composite
def element(draw: st.DrawFn) -> str:
    tag = draw(st.sampled_from(TAGS))
    inner = draw(SENTENCE)
    opening = draw(st.sampled_from([f"<{tag}>", f"<\n{tag}>", f"< {tag}>", f'<{tag} class="a">', f"<{tag}"]))
    closing = draw(st.sampled_from([f"</{tag}>", f"</ {tag} >", "", f"&lt;/{tag}&gt;"]))
    return opening + inner + closing


PAGES = st.lists(st.one_of(SENTENCE, element(), st.sampled_from(NOISE)), min_size=1, max_size=14).map("".join)
ANYTHING = st.one_of(PAGES, st.text(max_size=80))
TYPES: list[MediaType] = ["text/html", "text/plain", "text/markdown"]
QUICK = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUICK
@given(ANYTHING, st.sampled_from(TYPES))
def test_every_letter_is_accounted_for_and_the_log_undoes(tools: Tools, text: str, media_type: MediaType) -> None:
    state = process(raw(text, media_type), tools, "normalize")
    if isinstance(state, Rejected):
        assert "please report" not in state.reason, state.reason
        return
    traced = text_of(state)
    edits = traced.edits()
    assert undo(traced.text, edits) == text
    kept = sum(map(str.isalnum, traced.text)) - sum(
        str.isalnum(c) for e in edits if e.status != "flagged" for c in e.after
    )
    logged = sum(str.isalnum(c) for e in edits if e.status != "flagged" for c in e.before)
    assert kept + logged == sum(map(str.isalnum, text))


@QUICK
@given(ANYTHING, st.sampled_from(TYPES))
def test_visible_letters_are_not_dropped_as_markup(tools: Tools, text: str, media_type: MediaType) -> None:
    """What is dropped as mere markup is tags, comments and scripts: never a stretch of text between them."""
    state = process(raw(text, media_type), tools, "content")
    if isinstance(state, Rejected):
        return
    for edit in text_of(state).edits():
        if edit.rule == "markup" and edit.status == "dropped" and media_type == "text/html":
            visible = [t for t in tokenize(edit.before) if t.kind == "text" and not t.name]
            assert not any(c.isalnum() for t in visible for c in edit.before[t.start : t.end]), edit


@QUICK
@given(ANYTHING)
@example("<p><stron>Zinc binds it.</strong></p>")
@example("<p>< P>Zinc binds it.</p>")
@example("<p><clipPath>Zinc binds it.</p>")
@example("<script>one()< /script>two()</script>")
@example("<p>zinc<style scoped>p {}</style></p>")
@example("<p>zinc<style so much>p {}</style></p>")
@example("<title>Zinc<</title>>")
@example("<p>&LT;p&GT;Zinc&LT;/p&GT;&LT;p&GT;binds&LT;/p&GT;</p>")
@example("<P>zinc<B so it>binds</B></P>")
@example('<p title="< /p>">Zinc</p>')
@example('<http: a="zinc">binds</http:>')
@example('<art\nicle so="zinc">binds</article>')
@example('<a title="zinc" b="c>binds</a><b d="e">')
@example("<a b='zinc><i>binds</i></a>'c>")
@example("zinc<p so it>binds")
@example("<ns>zinc</p>")
@example("<ns>zinc</p><script>'</ns>'</script>")
@example('<p disabled= type="zinc<b>binds</b>">')
@example('<p class=="zinc<b>">')
@example("<script>one()</SCRIPT><p>Zinc binds it.</p></script>")
def test_the_pattern_of_sound_pages_hides_no_work_from_the_fixes(text: str) -> None:
    if is_sound(text):
        tokens = tokenize(text)
        assert [(fix.__name__, changes) for fix in FIXES if (changes := fix(text, tokens))] == []


@QUICK
@given(PAGES, st.sampled_from(TYPES))
def test_running_on_its_own_text_changes_nothing(tools: Tools, text: str, media_type: MediaType) -> None:
    state = process(raw(text, media_type), tools, "normalize")
    if isinstance(state, Rejected):
        return
    once = text_of(state).text
    if "<" in once or "&lt" in once or "```" in once or "[" in once:
        return  # text that speaks of markup may be taken for it
    again = process(raw(once, "text/plain"), tools, "normalize")
    assert not isinstance(again, Rejected), again.reason
    assert text_of(again).text == once


@QUICK
@given(ANYTHING, st.sampled_from(TYPES))
def test_same_input_same_output(tools: Tools, text: str, media_type: MediaType) -> None:
    first, second = (process(raw(text, media_type), tools, "normalize") for _ in range(2))
    assert first == second


@pytest.mark.parametrize("path", sorted((ROOT / "raw").glob("*.[hmt]*")), ids=lambda path: path.name)
def test_promises_on_the_sample_inputs(tools: Tools, path: Path) -> None:
    text = path.read_text("utf-8") if path.suffix != ".gz" else ""
    types: dict[str, MediaType] = {".txt": "text/plain", ".md": "text/markdown"}
    state = process(raw(text or "x", types.get(path.suffix, "text/html")), tools)
    if isinstance(state, Rejected):
        assert path.name == "hopeless.html"
        return
    once = text_of(state).text
    again = process(raw(once, "text/plain"), tools)
    assert not isinstance(again, Rejected)
    assert text_of(again).text == once
