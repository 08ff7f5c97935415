"""Documents to rows, rows to files, and the data package that describes them."""

from pipeline.export.rows import rejected, rows
from pipeline.export.tables import FILES, TABLES, Writer

__all__ = ["FILES", "TABLES", "Writer", "rejected", "rows"]
