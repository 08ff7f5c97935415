"""Fingerprints: hashes of what determines a result besides the document: the program, its data, the settings.

A change to a file that only a later stage reads leaves the results of earlier stages valid. So each hash covers all
files except those listed here; a file that nobody has listed yet can cost time, but never give a stale result.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipeline.export.files import write_atomically
from pipeline.readers.inputs import Input, find
from pipeline.settings import Settings
from pipeline.version import CODE, VERSION

# Libraries whose version can change a result: all dependencies except those for I/O and the command line.
LIBRARIES = (
    "beautifulsoup4", "brotli", "charset-normalizer", "ftfy", "lxml", "numpy", "py3langid", "python-dateutil", "spacy",
    "warcio", "zstandard",
)  # fmt: skip
# Files and folders of the program that no stage reads.
READ_BY_NO_STAGE = (
    "__init__.py", "__main__.py", "cli.py", "export/", "report/", "show/", "rules/fixes.toml", "running/attempts.py",
    "running/engines.py", "running/guards.py", "running/isolation.py", "running/last_run.py",
    "running/many.py", "running/near_duplicates.py", "running/publish.py", "running/run.py",
    "running/single.py",
)  # fmt: skip
# Read only by normalize and mechanisms: a change keeps saved articles valid.
AFTER_CONTENT = (
    "normalize/", "mechanisms/", "lexicon/README.md", "lexicon/concepts.tsv", "lexicon/names.py", "lexicon/names.tsv",
    "models/spinner/", "models/en_mechanisms_web_sm/",
    "rules/confidence.toml", "rules/cues.toml", "rules/frames.toml", "rules/notations.toml", "rules/spinner.toml",
    "rules/swaps.toml", "rules/typos.toml", "rules/units.toml", "rules/words.toml",
)  # fmt: skip
# Read only by the stages up to the clean text: a change keeps saved findings valid where the text is the same.
BEFORE_MECHANISMS = (
    "readers/", "markup/", "repair/", "content/", "normalize/", "models/content/",
    "models/spinner/", "models/words/", "rules/boilerplate.toml", "rules/endings.toml", "rules/spinner.toml",
    "rules/swaps.toml", "rules/typos.toml",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Hashes of what determines the whole result, an article, and the mechanisms of a clean text."""

    whole: str
    article: str
    mechanisms: str


def fingerprints(settings: Settings, to: str, cache: Path) -> Fingerprints:
    """The fingerprints; those of files are cached in ``cache`` and computed anew only when a size or time changes.

    spaCy is not loaded for it.
    """
    files, installed = _of_files(cache), (sys.version_info[:2], *map(version, LIBRARIES))
    rules = _of_rules(settings.rules)
    reading = (settings.citation_marks, settings.spanned_cells, settings.keep)
    searching = (settings.model, _of_model(settings.model), settings.max_characters, settings.scope, rules)
    limits = (settings.max_seconds, settings.max_memory)
    return Fingerprints(
        whole=digest(files.whole, VERSION, to, settings.max_bytes, *installed, *searching, *limits, *reading),
        article=digest(files.article, settings.max_bytes, rules, *installed, *reading),
        mechanisms=digest(files.mechanisms, *installed, *searching),
    )


def _of_model(name: str) -> str:
    """The version of a model; the shipped one, whose name is empty, is covered by the files of the program."""
    if not name:
        return ""
    if Path(name).is_dir():
        return digest(*(f"{one.name}\t{one.state}" for one in find(name)))
    try:
        return version(name)
    except PackageNotFoundError:
        return ""  # loading it will say so


def _of_rules(folder: str | Path) -> str:
    """What the rules in a folder of one's own are, byte for byte."""
    files = sorted(Path(folder).glob("*.toml")) if folder else []
    return digest(*(f"{path.name}\t{path.read_text('utf-8', 'replace')}" for path in files))


def digest(*parts: object) -> str:
    """A hash of things that are told apart by how they are written."""
    return hashlib.sha256("\0".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()


def decides(name: str, left_out: Iterable[str]) -> bool:
    """Whether a file of the program is covered by a fingerprint that leaves these out."""
    return not name.startswith(tuple(left_out))


def _of_files(cache: Path) -> Fingerprints:
    files = [one for one in find(str(CODE)) if not one.name.endswith(".pyc")]
    state = digest(*(f"{one.path}\t{one.state}" for one in files))
    try:
        known = json.loads(cache.read_text("utf-8"))
        if known.pop("state") == state:
            return Fingerprints(**known)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass  # there is no cache, or one of another version
    found = _taken(files)
    if cache.parent.is_dir():
        write_atomically(cache, json.dumps({"state": state} | asdict(found)))
    return found


def _taken(files: list[Input]) -> Fingerprints:
    hashes = {one.name: hashlib.sha256(Path(one.path).read_bytes()).hexdigest() for one in files}

    def without(*unread: str) -> str:
        left_out = (*READ_BY_NO_STAGE, *unread) if unread else ()
        return digest(*(f"{name} {value}" for name, value in hashes.items() if decides(name, left_out)))

    return Fingerprints(without(), without(*AFTER_CONTENT), without(*BEFORE_MECHANISMS))
