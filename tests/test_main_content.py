"""What chooses the main content: trees as they are kept, rows of features, and the choice itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.content import boosting, main_text, metadata, sureness
from pipeline.content.draft import Draft, draft
from pipeline.content.elements import KEYWORD_GROUPS, read_tag
from pipeline.content.features import features, with_neighbours
from pipeline.content.page_kind import KINDS, page_row
from pipeline.content.tree import parse
from pipeline.stages import Tools
from tests import helpers

PROSE = "Sleep clears waste from the brain, and people who sleep well remember more of what they learnt that day. "
MENU = "".join(f'<li class="menu-item"><a href="/{n}">Topic number {n}</a></li>' for n in range(20))
PAGE = f"""<html><head><title>How sleep works</title></head><body>
<div class="site-nav"><ul class="menu">{MENU}</ul></div>
<div class="post-content"><h1>How sleep works</h1>{"".join(f"<p>{n}. {PROSE * 3}</p>" for n in range(8))}</div>
<div class="related-posts">{"".join(f'<p><a href="/r{n}">Ten ways to eat {n}</a></p>' for n in range(12))}</div>
<div class="site-footer"><p>© 2024 Example. All rights reserved.</p></div></body></html>"""


def drafted(page: str) -> Draft:
    return draft(page, parse(page).runs, entities=True)


def test_a_table_of_trees_is_read_as_it_is_written(tmp_path: Path) -> None:
    table = tmp_path / "trees.tsv"
    rows = ["features\tthresholds\tleaves", "1 0\t0.5 3\t2 -1 7 1", "0 0\t1 3e38\t0.25 -0.25 0 0"]
    table.write_text("\n".join([*rows, ""]), "utf-8")
    given = np.array([[0, 0.5], [2, 1], [9, 1]], np.float32)  # a question a bit, the first the lowest
    sums = np.array([2 + 0.25, -1 - 0.25, 1 - 0.25])
    found = boosting.load(table).sums(given)
    assert found[:, 0] == pytest.approx(sums)
    assert boosting.logistic(found) == pytest.approx(1 / (1 + np.exp(-sums)))


@pytest.mark.parametrize("name", ["first", "second", "kind", "sureness"])
def test_the_models_fit_the_rows_they_are_asked_about(name: str) -> None:
    found = drafted(PAGE)
    page = features(found)
    even, kinds = (np.full(size, 0.5, np.float32) for size in (len(found.parts), len(KINDS)))
    asked = {
        "first": page.rows,
        "second": with_neighbours(page, even, kinds),
        "kind": page_row(page, even)[None],
        "sureness": sureness.sureness_row(even, page.counts, [True] * len(even), kinds)[None],
    }
    trees = boosting.load(main_text.MODELS / f"{name}.tsv")
    assert len(page.rows) == len(found.parts)
    assert trees.features.max() < asked[name].shape[1]
    assert trees.leaves.shape[2] == (len(KINDS) if name == "kind" else 1)
    assert np.isfinite(asked[name]).all()


def test_rows_do_not_depend_on_wrappers_around_the_page() -> None:
    inside = PAGE.replace("<body>", "<body>" + "<div>" * 300).replace("</body>", "</div>" * 300 + "</body>")
    assert np.array_equal(features(drafted(PAGE)).rows, features(drafted(inside)).rows)


def test_an_element_carries_what_its_names_mean() -> None:
    marks = read_tag('<div class="postContent sideBar" id="related-2">').marks
    named = {line[0] for number, line in enumerate(KEYWORD_GROUPS) if marks >> number & 1}
    assert named == {"article", "content", "sidebar", "related"}


def test_the_article_of_a_page_is_kept_and_its_surroundings_are_dropped(tools: Tools) -> None:
    found = helpers.article(PAGE, tools, "text/html")
    assert all(f"{n}. Sleep clears" in found.text.text for n in range(8))
    for gone in ("Topic number", "Ten ways", "rights reserved"):
        assert gone not in found.text.text
    assert found.metadata.title == "How sleep works"
    assert found.page_kind == "article"


def test_title_and_date_are_looked_for_right_above_the_main_text_however_long_the_menu(tools: Tools) -> None:
    head = '<div class="page-head"><h1>How sleep clears the brain</h1><p>Published on March 3, 2021</p></div>'
    page = PAGE.replace("<h1>How sleep works</h1>", "").replace('<div class="post-content">', f"{head}<div>")
    page = page.replace("<title>How sleep works<", "<title>How sleep clears the brain | Example Site of Sleep<")
    known = helpers.article(page, tools, "text/html").metadata
    assert (known.title, known.date) == ("How sleep clears the brain", "2021-03-03")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (
            "en",
            "Sleep is a time when the brain clears away what has built up in it during the day. If a person does not "
            "sleep enough, some of it stays, and over the years that may do harm to those parts of the brain with "
            "which we remember.",
        ),
        (
            "nl",
            "Gisteren is er in de tuin over het weer gepraat, en het was per slot van rekening geen verrassing. Of het "
            "morgen beter wordt, had niemand durven zeggen; toen was het al laat en in de stad waren de winkels dicht.",
        ),
        (
            "af",
            "Dit was in die somer, toe my pa by die see gewerk het en ons so nou en dan saam met hom as gaste op die "
            "boot was. Of dit nou in die stad is of op die plaas, dit is by ons altyd so.",
        ),
        (
            "da",
            "For at komme over broen må man gå under vejen. Her var der før i tiden et stort hus, men det blev for "
            "dyrt at holde ved lige, og så blev det revet ned for at gøre plads til en have.",
        ),
        (
            "pt",
            "A avó do menino foi a pé para a escola no dia em que as aulas começaram. As outras crianças ficaram no "
            "pátio do lado de fora, e a mãe não disse por que a porta do mercado estava fechada.",
        ),
        (
            "de",
            "Es war an einem Tag im Winter, so kalt, dass man in der Stadt kaum einen Menschen sah. Was man her "
            "brachte, war per Bahn gekommen, und so blieb man am Abend in der warmen Stube.",
        ),
    ],
)
def test_a_language_is_told_by_the_text_whatever_the_page_declares(code: str, text: str) -> None:
    for repeated in (text, " ".join([text] * 20)):
        assert metadata.language(repeated, declared="fr") == code


def test_a_block_that_is_dropped_is_one_edit_that_says_why(tools: Tools) -> None:
    edits = helpers.article(PAGE, tools, "text/html").text.edits()
    menu = [edit for edit in edits if "Topic number" in edit.before]
    assert len(menu) == 20
    assert {(edit.rule, edit.status, edit.after) for edit in menu} == {("not_main_text", "dropped", "")}
    assert sum("rights reserved" in edit.before for edit in edits) == 1


TALK = "".join(
    f"<li><b>Reader {n}</b><p>I slept badly for {n} weeks and my doctor told me so.</p></li>" for n in range(9)
)
WITH_COMMENTS = PAGE.replace(
    '<div class="related', f'<div class="comments"><h3>Comments</h3><ol>{TALK}</ol></div><div class="related'
)


def test_comments_are_kept_apart_and_only_if_asked_for(tools: Tools) -> None:
    usual = helpers.article(WITH_COMMENTS, tools, "text/html")
    assert "my doctor told me" not in usual.text.text
    assert {block.part for block in usual.blocks} == {"body"}
    asked = helpers.article(
        WITH_COMMENTS, replace(tools, settings=replace(tools.settings, keep="comments")), "text/html"
    )
    parts = {(asked.text.text[block.start : block.end][:6], block.part) for block in asked.blocks}
    assert ("I slep", "comment") in parts
    assert ("0. Sle", "body") in parts
    assert "Reader 3" not in asked.text.text


def test_what_goes_says_what_it_is_and_how_likely_it_was_text(tools: Tools) -> None:
    edits = helpers.article(WITH_COMMENTS, tools, "text/html").text.edits()
    why = {edit.before[:40]: edit for edit in edits if edit.rule == "not_main_text"}
    talk = next(edit for before, edit in why.items() if "I slept badly for 3" in edit.before)
    menu = next(edit for before, edit in why.items() if "Topic number 7" in edit.before)
    assert talk.reason.startswith("outside the main text (comment); ")
    assert menu.reason.startswith("outside the main text (navigation); ")
    assert menu.confidence == pytest.approx(1 - float(menu.reason.split()[-1]), abs=0.006)


def test_a_choice_says_how_sure_it_is(tools: Tools) -> None:
    found = helpers.article(PAGE, tools, "text/html")
    assert 0.5 < found.expected_f1 < 1
    assert all(0 < block.probability < 1 for block in found.blocks)
    plain = helpers.article("<h1>Notes</h1><p>Sleep helps.</p>", tools, "text/html")
    assert plain.expected_f1 == 1
    assert {block.probability for block in plain.blocks} == {1.0}


def test_a_page_in_doubt_is_expected_to_be_worse() -> None:
    words, kept, kinds = (
        np.full(40, 10, np.float32),
        [True] * 20 + [False] * 20,
        np.eye(len(KINDS), dtype=np.float32)[0],
    )
    model = main_text.load_model("sureness")

    def expected(inside: float, outside: float) -> float:
        probs = np.repeat(np.array([inside, outside], np.float32), 20)
        return sureness.expected_f1(model, sureness.sureness_row(probs, words, kept, kinds))

    assert expected(0.75, 0.5) < expected(0.99, 0.01)


def test_a_plain_document_is_kept_whole(tools: Tools) -> None:
    page = "<h1>Notes</h1>" + "".join(f"<p>Item {n}</p>" for n in range(30))
    found = helpers.article(page, tools, "text/html")
    assert found.text.text.split("\n\n") == ["Notes", *(f"Item {n}" for n in range(30))]


def test_the_threshold_is_lower_where_nothing_is_sure() -> None:
    counts = np.full(4, 10, np.float32)
    unsure, sure = np.array([0.4, 0.35, 0.1, 0.0], np.float32), np.array([0.9, 0.9, 0.4, 0.0], np.float32)
    assert main_text.best_threshold(unsure, counts) < main_text.best_threshold(sure, counts)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("---\na: &x [*x]\ntitle: *x\n---\n", ""),
        ("---\ntitle: &x {name: {name: {name: *x}}}\n---\n", ""),
        (f"---\ntitle: {'9' * 6000}\n---\n", "9" * 6000),
        (f"---\ntitle: [{'[' * 3000}\n---\n", "[" * 3001),
        (f"+++\ntitle = {'[' * 3000}{']' * 3000}\n+++\n", ""),
        (f"+++\ntitle = {'9' * 6000}\n+++\n", ""),
        ("---\na: &a [x, x]\nb: &b [*a, *a]\ntitle: *b\nauthor: *b\n---\n", "x"),
    ],
    ids=["alias", "mapping", "number", "brackets", "brackets-toml", "number-toml", "nested"],
)
def test_hostile_front_matter_costs_its_fields_only(head: str, title: str, tools: Tools) -> None:
    made = helpers.article(f"{head}\nLight suppresses melatonin in the brain.", tools, "text/markdown")
    assert made.text.text == "Light suppresses melatonin in the brain."
    assert made.metadata.title == title
