"""What a kept block says and how it is divided: tables, lists, code, captions, formulas, marks."""

from __future__ import annotations

import time

import pytest

from pipeline import Settings, clean
from pipeline.export.row_types import BlockRow

PROSE = "<p>Amoxicillin inhibits the synthesis of the wall of bacteria, and so they burst when they grow.</p>"


def blocks(page: str, kind: str, settings: Settings | None = None) -> list[BlockRow]:
    below = PROSE.replace("Amoxicillin", "Penicillin")
    document = clean(f"<h1>Doses</h1>{PROSE}{page}{below}", settings=settings)
    assert document.source()
    assert clean(document.text).text == document.text
    return [block for block in document.blocks if block.kind == kind]


TABLE = """<table><caption>Table 1. Oral doses</caption><thead>
<tr><th rowspan=2>Illness<th rowspan=2>Age<th colspan=2>Dose
<tr><th>usual<th>severe<tbody><tr><td rowspan=2>Ear<td>1 year<td>125 mg<td>30 mg/kg<tr><td>5 years<td><td>1 g
<tfoot><tr><td colspan=4>up to 1 g</table>"""


def test_a_table_is_a_grid_with_its_spans_filled_in() -> None:
    [table] = blocks(TABLE, "table")
    assert table.rows == [
        ["Illness", "Age", "Dose", "Dose"],
        ["Illness", "Age", "usual", "severe"],
        ["Ear", "1 year", "125 mg", "30 mg/kg"],
        ["Ear", "5 years", "", "1 g"],
        ["up to 1 g"] * 4,
    ]
    assert (table.header_rows, table.footer_rows, table.caption) == (2, 1, "Table 1. Oral doses")
    assert table.text.split("\n")[3] == "Ear | 5 years | | 1 g"


def test_spanned_cells_may_be_marked_instead() -> None:
    [table] = blocks(TABLE, "table", Settings(spanned_cells="mark"))
    assert table.rows[0] == ["Illness", "Age", "Dose", "<"]
    assert table.rows[3] == ["^", "5 years", "", "1 g"]


def test_a_cell_is_one_cell_whatever_is_in_it() -> None:
    cell = "<td><p>young</p><p>and <b>old</b></p><ul><li>a<li>b|c</ul>x<br>y</td>"
    [table] = blocks(f"<table><tr><th>Who<th>Dose</tr><tr>{cell}<td>5 mg</td></tr></table>", "table")
    assert table.rows[1] == ["young / and old / a / b|c / x / y", "5 mg"]


def test_text_of_a_row_whose_tag_is_broken_is_a_cell() -> None:
    row = "<tr><td>A</td><td>5 mg</td></tr><tr>&lt;to>B</td><td>7 mg</td></tr>"
    [table] = blocks(f"<table><tr><th>Drug<th>Dose</tr>{row}</table>", "table")
    assert table.rows == [["Drug", "Dose"], ["A", "5 mg"], ["<to>B", "7 mg"]]


def test_a_caption_below_a_table_is_of_it() -> None:
    page = (
        "<figure><table><tr><th>Hours<th>Ketones<tr><td>12<td>0.2 mM</table>"
        "<figcaption>Ketones rise as glycogen runs out.</figcaption></figure>"
    )
    [table] = blocks(page, "table")
    [caption] = blocks(page, "caption")
    assert table.caption == caption.text == "Ketones rise as glycogen runs out."
    assert caption.role == "previous_table"


def test_a_table_for_layout_reads_as_text() -> None:
    page = f"<table><tr><td><a href=1>Home</a><br><a href=2>Drugs</a></td><td><h2>Lithium</h2>{PROSE}</td></tr></table>"
    assert not blocks(page, "table")


def test_items_have_a_level_a_number_and_a_role() -> None:
    page = (
        "<ol start=3><li>three<ul><li>inner</ul><li value=7>seven</ol>"
        "<ol type=i><li>one</ol><dl><dt>eGFR<dd>a rate</dl>"
    )
    items = [(one.text, one.level, one.number, one.role) for one in blocks(page, "list_item")]
    assert items == [
        ("three", 1, "3.", ""), ("inner", 2, "", ""), ("seven", 1, "7.", ""), ("one", 1, "i.", ""),
        ("eGFR", 1, "", "term"), ("a rate", 1, "", "definition"),
    ]  # fmt: skip


CODE = "def f(x):\n    if x < 1:\n\n        return 'a'  # one\n\treturn x"
SHAPES = {
    "plain": f"<pre><code>{CODE.replace('<', '&lt;')}</code></pre>",
    "spans": "<pre class=shiki><code>"
    + "\n".join(f"<span class=line>{line.replace('<', '&lt;')}</span>" for line in CODE.split("\n"))
    + "</code></pre>",
    "lines as blocks": "<pre><code>"
    + "".join(f"<div class=token-line>{line.replace('<', '&lt;')}<br></div>" for line in CODE.split("\n"))
    + "</code></pre>",
    "numbers in a table": "<table><tr><td class=linenos><pre>1\n2\n3\n4\n5</pre></td><td><pre>"
    + CODE.replace("<", "&lt;")
    + "</pre></td></tr></table>",
    "numbers in lines": "<pre>"
    + "\n".join(
        f"<span class=lineno>{n}</span>{line.replace('<', '&lt;')}" for n, line in enumerate(CODE.split("\n"), 1)
    )
    + "</pre>",
    "numbers of Chroma": "<pre class=chroma><code>"
    + "\n".join(
        f"<span class=ln>{n}</span><span class=cl>{line.replace('<', '&lt;')}</span>"
        for n, line in enumerate(CODE.split("\n"), 1)
    )
    + "</code></pre>",
    "rows of a table": "<pre><code class=hljs><table class=hljs-ln>"
    + "".join(
        f'<tr><td class="hljs-ln-line hljs-ln-numbers"><div class=hljs-ln-n>{n}</div></td>'
        f'<td class="hljs-ln-line hljs-ln-code">{line.replace("<", "&lt;")}</td></tr>'
        for n, line in enumerate(CODE.split("\n"), 1)
    )
    + "</table></code></pre>",
    "copy button": f"<pre><button class=copy>Copy</button><code>{CODE.replace('<', '&lt;')}</code></pre>",
}


@pytest.mark.parametrize("shape", sorted(SHAPES.keys() - {"lines as blocks"}))
def test_code_is_one_block_byte_for_byte(shape: str) -> None:
    assert [one.text for one in blocks(SHAPES[shape], "code")] == [CODE]


def test_code_whose_lines_are_blocks_keeps_its_lines() -> None:
    [code] = blocks(SHAPES["lines as blocks"], "code")
    assert [line for line in code.text.split("\n") if line] == [line for line in CODE.split("\n") if line]


def test_nothing_touches_code_or_formulas() -> None:
    formula = '<math alttext="a_{1} ,b"><mi>a</mi></math>'
    page = f'<pre class=x>say "its ,odd" .Then 5 ( mg ) &amp;\n# teh</pre><p>Here {formula} is.</p>'
    [code] = blocks(page, "code")
    assert code.text == 'say "its ,odd" .Then 5 ( mg ) &\n# teh'
    assert any("$a_{1} ,b$" in one.text for one in blocks(page, "paragraph"))


def test_fenced_code_in_markdown_keeps_its_lines() -> None:
    text = (
        f"# Code\n\nRun it like this, with care for the spaces.\n\n```python\n{CODE}\n```\n\nThen wait for it to end."
    )
    document = clean(text, media_type="text/markdown")
    assert [one.text for one in document.blocks if one.kind == "code"] == [CODE]
    assert clean(document.text).text == document.text


@pytest.mark.parametrize("blank", ["", " \n ", "&nbsp;", "&#x200b;\n&#xa0;", "<span class=ln>1</span>"])
def test_a_pre_with_nothing_in_it_is_no_block(blank: str) -> None:
    assert not blocks(f"<pre>{blank}</pre>", "code")


def test_what_follows_a_pre_that_never_ends_is_text() -> None:
    page = "<pre>x = 1</pres><h2>How it is taken</h2><p>It is taken with a meal, and then it is absorbed.</p>"
    assert not blocks(page, "code")
    assert [block.text for block in blocks(page, "heading")][-1] == "How it is taken"
    nested = "<div>" * 250 + "<pre>x = 1</pre>" + "</div>" * 250
    assert "x = 1" in clean(f"<h1>Doses</h1>{PROSE}{nested}{PROSE}").source()


def test_a_pre_of_sentences_is_text() -> None:
    lines = "\n".join(["The brain clears its waste at night, when we are asleep and the cells", "shrink a little."] * 4)
    assert not blocks(f"<pre>{lines}</pre>", "code")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<math><msub><mi>K</mi><mi>m</mi></msub></math>", "Km"),
        ("<math><msup><mn>10</mn><mn>6</mn></msup></math>", "10^6"),
        ("<math><mfrac><mi>D</mi><mrow><mi>A</mi><mi>U</mi></mrow></mfrac></math>", r"$\frac{D}{AU}$"),
        ("<math><msqrt><mi>α</mi></msqrt><mo>≤</mo><mn>2</mn></math>", r"$\sqrt{\alpha }\le 2$"),
        ("<script type='math/tex'>x_1</script>", "$x_1$"),
        ("<img class=latex alt='e^{-kt}'>", "$e^{-kt}$"),
        ("<math><mfrac><mi>D</mi></mfrac></mrow></math>", r"$\frac{D}{}$"),
    ],
)
def test_a_formula_is_one_string(page: str, said: str) -> None:
    [found] = [one.text for one in blocks(f"<p>Here {page} is it.</p>", "paragraph") if one.text.startswith("Here")]
    assert found == f"Here {said} is it."


def test_a_displayed_formula_is_a_block() -> None:
    [formula] = blocks('<p>So it is:</p><math display="block" alttext="a^2"><mi>a</mi></math>', "formula")
    assert formula.text == "$$a^2$$"


@pytest.mark.parametrize(
    ("said", "dropped", "bracketed"),
    [
        ("a dose of 25<sup><a href='#r'>14</a></sup> mg", "a dose of 25 mg", "a dose of 25[14] mg"),
        ("in 2015<sup>12</sup> it fell", "in 2015 it fell", "in 2015[12] it fell"),
        ("p53<sup>1,2</sup>stops", "p53 stops", "p53[1,2]stops"),
        ("Doe<sup>1</sup><sup>,</sup><sup>2</sup> said", "Doe said", "Doe[1][2] said"),
        ("10<sup>&#8722;6</sup> M and 1.73m<sup>2</sup>", "10^−6 M and 1.73m2", "10^−6 M and 1.73m2"),
        ("take 2 <sup>1</sup>/<sub>2</sub> of it", "take 2 1/2 of it", "take 2 1/2 of it"),
    ],
)
def test_marks_leave_the_text_or_stand_in_brackets(said: str, dropped: str, bracketed: str) -> None:
    page = f"<p>Take {said} today.</p>"
    for settings, wanted in ((None, dropped), (Settings(citation_marks="bracket"), bracketed)):
        assert f"Take {wanted} today." in [one.text for one in blocks(page, "paragraph", settings)]


def test_a_finding_that_looks_like_boilerplate_stays() -> None:
    page = (
        "<h2>Facebook</h2><p>Heavy users of this network slept 40 minutes less in a survey of students.</p>"
        "<p>(c) 2000 IU of vitamin D a day</p><p>Captured on film in 1974, the cells crawl along the vessel.</p>"
    )
    said = [one.text for kind in ("heading", "paragraph") for one in blocks(page, kind)]
    assert {"Facebook", "(c) 2000 IU of vitamin D a day"} < set(said)
    assert any(one.startswith("Captured on film") for one in said)


HOSTILE = {
    "spans without end": "<table>" + "<tr><td rowspan=65534 colspan=65534>a<td>b</tr>" * 200 + "</table>",
    "lists a thousand deep": "<ul><li>a" * 1000 + "</ul>" * 1000,
    "code of five megabytes": f"<pre class=x>{'x = 1  # y' * 500_000}</pre>",
    "open formulas": "<p>" + "<math><mrow><mi>a" * 5_000,
    "open marks": "<p>" + "a<sup>1" * 20_000,
    "a table in a table": "<table><tr><td>a" * 300,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_impossible_markup_costs_bounded_time_and_keeps_its_text(name: str) -> None:
    began = time.process_time()
    document = clean(f"{PROSE}{HOSTILE[name]}")
    assert time.process_time() - began < 20
    assert "Amoxicillin inhibits" in document.text
    assert document.source() == f"{PROSE}{HOSTILE[name]}"


def test_captions_are_searched_for_mechanisms() -> None:
    caption = (
        "<figure><img src=a.png><figcaption>Figure 1. Cortisol inhibits nitric oxide synthase.</figcaption></figure>"
    )
    found = clean(f"<h1>What cortisol does</h1>{PROSE}{caption}{PROSE.replace('Amoxicillin', 'Penicillin')}").mechanisms
    assert ("Cortisol", "inhibits") in [(one.subject_text, one.relation) for one in found]


@pytest.mark.parametrize("reading", ["<rp>(</rp><rt>kan</rt><rp>)</rp>", "<rt>kan</rt>", "<rt>kan"])
def test_the_reading_of_a_word_stands_in_brackets(reading: str) -> None:
    page = f"<p>The word <ruby>漢{reading}</ruby> is old, and it is read as it is written here.</p>"
    assert "The word 漢(kan) is old" in blocks(page, "paragraph")[1].text
