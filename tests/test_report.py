"""The report: what is in it, and what it does in a real browser, which is Chromium without a window."""

from __future__ import annotations

import base64
import json
import re
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from pipeline import report
from pipeline.errors import UserError
from pipeline.report.pack import pack_all
from tests.conftest import ROOT
from tests.helpers import pipeline, rows

pytestmark = pytest.mark.end_to_end
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
needs_browser = pytest.mark.skipif(
    not CHROMIUM, reason="there is no Chromium here; install it, as with apt install chromium"
)
HOSTILE = """<html><head><title>&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;</title></head><body>
<h1>&lt;/script&gt;&lt;script&gt;document.title = "taken"&lt;/script&gt;</h1>
<p>Ketamine blocks &lt;b onmouseover=alert(1)&gt; NMDA receptors ,and 𝛼-secretase cleaves APP in people.</p>
</body></html>"""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    shutil.copytree(ROOT / "raw", folder / "raw")
    (folder / "raw/z-hostile.html").write_text(HOSTILE)
    assert pipeline("run", folder / "raw", folder / "out").returncode == 0
    done = pipeline("report", folder / "out")
    assert done.stdout.strip().endswith("index.html"), done.stderr
    return folder / "out"


@pytest.fixture(scope="module")
def html(out: Path) -> str:
    return (out / "report/index.html").read_text("utf-8")


def unpacked(html: str, name: str) -> Any:
    found = re.search(rf'id="{name}">([^<]*)<', html)
    assert found
    return json.loads(zlib.decompress(base64.b64decode(found[1]), -15))


def test_all_documents_edits_and_mechanisms_are_in_it(out: Path, html: str) -> None:
    summary = unpacked(html, "summary")
    documents = rows(out / "documents.jsonl")
    assert [one[0] for one in summary["documents"]] == [row["document_id"] for row in documents]
    parts: dict[int, Any] = {}
    held = [parts.setdefault(part, unpacked(html, f"part-{part}"))[index] for part, index in summary["places"]]
    assert [one[0] for one in held] == [row["text"] for row in documents]
    assert sum(len(one[2][0]) for one in held) == len(rows(out / "edits.jsonl"))
    assert sum(len(one[3]) for one in held) == len(rows(out / "mechanisms.jsonl"))
    assert [one[0] for one in summary["rejected"]] == [row["document_id"] for row in rows(out / "rejected.jsonl")]
    assert sum(summary["edits"]) == sum(len(row["rule"].split("+")) for row in rows(out / "edits.jsonl"))


def test_it_refers_to_nothing_outside(html: str) -> None:
    assert "default-src 'none'" in html
    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?!#|data:,)""", html)
    assert not re.findall(r"url\((?!#)|@import|fetch\(", html)
    assert html.count("</script>") == html.count("<script")


def test_the_same_tables_give_the_same_page(out: Path, html: str) -> None:
    assert report.write(out).read_text("utf-8") == html


def test_a_report_goes_with_its_tables(out: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(out, copy)
    assert pipeline("run", out.parent / "raw", copy, "--to", "content").returncode == 0
    assert not (copy / "report/index.html").exists()


def test_a_folder_without_tables_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no such table"):
        report.write(tmp_path)


def test_parts_hold_what_was_packed() -> None:
    values = [[number, "é" * 90_000] for number in range(9)]
    parts, places = pack_all(values)
    assert len(parts) == 2
    whole = [json.loads(zlib.decompress(base64.b64decode(part), -15)) for part in parts]
    assert [whole[part][index] for part, index in places] == values
    assert pack_all([]) == ([], [])


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


@pytest.fixture
def page(browser: Any, out: Path) -> Iterator[Page]:
    """The report, open; at the end it has asked for nothing but itself and complained of nothing."""
    opened = browser.new_page(viewport={"width": 1300, "height": 900})
    said: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("dialog", lambda dialog: said.append(f"a dialog: {dialog.message}"))
    opened.on("request", lambda request: asked.append(request.url))
    address = (out / "report/index.html").as_uri()
    opened.goto(address)
    opened.wait_for_selector("main[data-view=overview]")
    yield opened
    assert said == []
    assert asked == [address]
    opened.close()


def go(page: Page, view: str, place: str) -> None:
    page.evaluate(f"location.hash = {place!r}")
    page.wait_for_selector(f"main[data-view={view}]")


@needs_browser
def test_the_overview_leads_to_documents(page: Page) -> None:
    assert page.locator(".facts li").first.inner_text().split() == ["12", "documents"]
    page.click("text=llm_fence")
    page.wait_for_selector("main[data-view=documents]")
    assert page.inner_text("#count") == "1 of 12 documents"
    assert page.locator("#documents tbody tr").count() == 1
    page.click("#documents tbody a")
    page.wait_for_selector("main[data-view=document]")
    assert "often within hours of administration" in page.inner_text("main")


@needs_browser
def test_documents_are_filtered_and_ordered(page: Page) -> None:
    go(page, "documents", "#/documents")
    page.fill("#search", "cortisol")
    assert page.inner_text("#count") == "2 of 12 documents"
    assert "text=cortisol" in page.url
    page.fill("#search", "")
    page.select_option("select >> nth=0", label="truncated")
    assert page.inner_text("#count").startswith("1 of")
    page.select_option("select >> nth=0", label="all documents")
    page.select_option("select >> nth=3", label="most mechanisms")
    counts = page.locator("#documents tbody tr td:nth-child(4)").all_inner_texts()
    assert counts == sorted(counts, key=int, reverse=True)


@needs_browser
def test_every_edit_is_in_its_place_and_says_why(page: Page) -> None:
    index = 5
    go(page, "document", f"#/document/{index}")
    often = page.locator("mark.after", has_text="often")
    often.hover()
    assert "spun_frequently_enough" in page.inner_text("#about")
    assert "spun from often" in str(often.get_attribute("title"))
    assert page.locator("mark.before", has_text="frequently enough").count() == 1
    page.select_option("select >> nth=1", label="flagged")
    assert page.locator("mark.after:not(.off)").all_inner_texts() == ["even though"]
    page.select_option("select >> nth=1", label="all")
    page.select_option("select >> nth=0", value="space_after_comma")
    assert page.locator("mark.after:not(.off)").count() == 2
    clean = page.locator(".pair > div:nth-child(even)").all_inner_texts()
    assert any("neurotrophic factor (BDNF), often within hours" in text for text in clean)


@needs_browser
def test_an_edge_shows_its_sentences_by_mouse_and_by_key(page: Page) -> None:
    go(page, "graph", "#/graph")
    edge = page.locator(".edge[aria-label^='caffeine inhibits']")
    edge.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#told li")
    assert "antagonist" in page.inner_text("#told")
    middle = """path => {
        const place = path.getPointAtLength(path.getTotalLength() / 2), screen = path.getScreenCTM();
        return [screen.a * place.x + screen.e, screen.d * place.y + screen.f];
    }"""
    page.mouse.click(*page.locator(".edge[aria-label^='cortisol'] .hit").first.evaluate(middle))
    page.locator("#told", has_text="ortisol").wait_for()
    page.click("#told a")
    page.wait_for_selector("main[data-view=document] li.panel")
    page.evaluate("location.hash = '#/graph'")
    page.wait_for_selector("main[data-view=graph]")
    page.fill("#entity", "melatonin")
    page.keyboard.press("Enter")
    page.get_by_text("Back to the whole graph").wait_for()
    labels = page.locator(".edge").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert labels
    assert all("melatonin" in label for label in labels)


@needs_browser
def test_it_can_be_used_with_keys_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    seen = set()
    for _ in range(12):
        seen.add(page.evaluate("document.activeElement.textContent.trim().slice(0, 20)"))
        page.keyboard.press("Tab")
    assert {"Overview", "Documents", "Mechanisms", "Light or dark"} <= seen
    unnamed = """() => [...document.querySelectorAll('button, a, input, select')].filter((one) =>
        !one.textContent.trim() && !one.closest('label') && !one.getAttribute('aria-label'))"""
    for view, place in (("documents", "#/documents"), ("document", "#/document/5"), ("graph", "#/graph")):
        go(page, view, place)
        assert page.evaluate(f"({unnamed})().map((one) => one.outerHTML)") == []


@needs_browser
def test_light_and_dark(page: Page) -> None:
    def back() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    light = back()
    page.click("#theme")
    assert back() != light
    page.click("#theme")
    assert back() == light
    page.emulate_media(color_scheme="dark")


@needs_browser
def test_nothing_of_a_document_is_run(page: Page) -> None:
    go(page, "document", "#/document/11")
    assert page.title() == "Clean text and mechanisms"
    assert page.locator("main img, main script").count() == 0
    assert "𝛼-secretase" in page.inner_text("main")
    assert page.locator("mark.after").first.inner_text() in (",", "", " ")


@needs_browser
def test_five_thousand_documents_open_and_filter_at_once(browser: Any, out: Path, tmp_path: Path) -> None:
    documents, edits, mechanisms, sentences = (
        rows(out / f"{name}.jsonl") for name in ("documents", "edits", "mechanisms", "sentences")
    )
    big = tmp_path / "big"
    big.mkdir()
    tables = {"documents": documents, "edits": edits, "mechanisms": mechanisms, "sentences": sentences, "rejected": []}
    copies = 5000 // len(documents) + 1
    for name, table in tables.items():
        with (big / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            for copy in range(copies):
                for row in table:
                    file.write(json.dumps({**row, "document_id": f"{copy}/{row['document_id']}"}) + "\n")
    path = report.write(big)
    page = browser.new_page()
    measuring = page.context.new_cdp_session(page)
    measuring.send("Performance.enable", {"timeDomain": "threadTicks"})  # computing time, whatever else runs
    page.goto(path.as_uri())
    page.wait_for_selector("main[data-view=overview]")
    page.evaluate("location.hash = '#/documents'")
    page.wait_for_selector("#search")
    page.fill("#search", "100/")
    assert page.inner_text("#count").startswith(f"{len(documents)} of 5,")
    metrics = {one["name"]: one["value"] for one in measuring.send("Performance.getMetrics")["metrics"]}
    assert 0 < metrics["TaskDuration"] < 1.5
    page.close()
