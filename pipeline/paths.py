"""Which files a run reads."""

from __future__ import annotations

from pathlib import Path

CODE = Path(__file__).parent


def inputs(root: Path) -> list[Path]:
    """Input files below a folder, sorted by name; hidden files and folders are left out."""
    found = (path for path in root.rglob("*") if not any(part.startswith(".") for part in path.relative_to(root).parts))
    return sorted((path for path in found if not path.is_dir()), key=lambda path: path.relative_to(root).as_posix())
