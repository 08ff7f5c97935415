"""The report: one self-contained HTML page over the tables of a run, without external requests."""

from __future__ import annotations

from pathlib import Path

from pipeline.export.tables import REPORT
from pipeline.report.collect import collect
from pipeline.report.pack import pack, pack_all

__all__ = ["write"]

_ASSETS = Path(__file__).with_name("assets")
_SCRIPTS = ("dom.js", "store.js", "overview.js", "documents.js", "document.js", "layout.js", "graph.js", "main.js")


def write(out: Path) -> Path:
    """Write ``report/index.html`` for the tables in ``out``, and return its path.

    Raises:
        UserError: the folder holds no tables.
    """
    summary, documents = collect(out)
    parts, places = pack_all(documents)
    scripts = "\n".join((_ASSETS / name).read_text("utf-8") for name in _SCRIPTS)
    blobs = [("summary", pack({**summary, "places": places})), *((f"part-{n}", part) for n, part in enumerate(parts))]
    data = "\n".join(f'<script type="text/plain" id="{name}">{blob}</script>' for name, blob in blobs)
    page = (_ASSETS / "page.html").read_text("utf-8")
    for mark, text in (
        ("<!-- style -->", f"<style>\n{(_ASSETS / 'style.css').read_text('utf-8')}</style>"),
        ("<!-- data -->", data),
        ("<!-- script -->", f"<script>\n{scripts}</script>"),
    ):
        page = page.replace(mark, text)
    path = out / REPORT
    path.parent.mkdir(exist_ok=True)
    aside = path.with_suffix(".tmp")
    aside.write_text(page, "utf-8")
    return aside.replace(path)
