"""Clean health and science articles, and extract the sentences that say how something works.

One document: ``process(page, tools(Settings()))``. A folder: ``python -m pipeline run RAW OUT``.
"""

from pipeline.edits import Edit, TracedText, undo
from pipeline.records import Article, CleanArticle, Findings, Page, RawPage, Rejected, Source
from pipeline.settings import Settings
from pipeline.stages import process, tools
from pipeline.version import VERSION as __version__

__all__ = [
    "Article", "CleanArticle", "Edit", "Findings", "Page", "RawPage", "Rejected", "Settings", "Source", "TracedText",
    "__version__", "process", "tools", "undo",
]  # fmt: skip
