"""How files are written: under a temporary name, then renamed, and never through a link that somebody has planted."""

from __future__ import annotations

from pathlib import Path


def temporary(path: Path) -> Path:
    """The temporary name of a file, with nothing there: what is opened for writing under it is a new file."""
    aside = path.with_name(f"{path.name}.tmp")
    aside.unlink(missing_ok=True)
    return aside


def write_atomically(path: Path, text: str) -> Path:
    """Write a text file whole or not at all."""
    aside = temporary(path)
    aside.write_text(text, "utf-8", newline="")
    return aside.replace(path)
