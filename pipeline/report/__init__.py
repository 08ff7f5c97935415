"""The report: one self-contained HTML page over the tables of a run, without external requests."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import UserError
from pipeline.export.files import write_atomically
from pipeline.export.names import REPORT
from pipeline.export.tables import is_our_report
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
    if path.parent.is_symlink() or (path.exists() and not is_our_report(path)):
        raise UserError(f"{path} was not written by this program, and is not written over; move it away.")
    path.parent.mkdir(exist_ok=True)
    return write_atomically(path, page)
