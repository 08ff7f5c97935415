"""Clean health and science articles, and extract the sentences that say how something works.

The first document loads the parser, which takes a second; importing loads nothing of it. Nothing that is given is
executed or fetched, and no file is written but by ``run``. What is done here is what ``python -m pipeline`` does.

>>> import pipeline
>>> document = pipeline.clean("<p>Ketamine blocks NMDA receptors ,fast.</p>")
>>> document.text, [(m.subject_text, m.relation, m.object_text) for m in document.mechanisms]
('Ketamine blocks NMDA receptors, fast.', [('Ketamine', 'inhibits', 'NMDA receptors')])
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.edits import Edit, undo
from pipeline.errors import PipelineError
from pipeline.export.document import Document
from pipeline.records import MediaType, RawPage, Rejected
from pipeline.settings import Settings
from pipeline.version import VERSION

if TYPE_CHECKING:
    from pipeline.running.run import Summary

__all__ = [
    "Document", "Edit", "PipelineError", "RawPage", "Rejected", "Settings", "clean", "clean_many", "explain", "read",
    "run", "undo",
]  # fmt: skip
__version__ = VERSION


def clean(
    source: str | bytes | Path | RawPage, *, media_type: MediaType | None = None, settings: Settings | None = None
) -> Document:
    """Clean one document and find its mechanisms.

    Args:
        source: the text itself, a page or plain text; its bytes, in any common encoding; the ``Path`` of a file of a
            kind that is read, or of one document in a container (``Path("answers.jsonl#cortisol")``); or a page that
            ``read`` gave. A text is never taken for a file: one that is but a file name or an address is refused.
        media_type: "text/html", "text/plain" or "text/markdown". Without one the content decides: what begins with a
            tag is a page, and a text with headings or links of Markdown is read as such.
        settings: what the program can be told; ``max_seconds`` holds in the main thread, ``max_memory`` in the
            processes of runs and workers.

    Raises:
        PipelineError: there is no such file, it cannot be read or holds several documents, the bytes are no text, there
            is no text to keep, or the call is wrong.

    >>> from pathlib import Path
    >>> from pipeline import clean
    >>> clean(Path("raw/sleep-and-memory.txt")).document_id
    'sleep-and-memory.txt'
    >>> clean("1 < 2 & 3", media_type="text/plain").text
    '1 < 2 & 3'
    """
    from pipeline.running import single

    return single.clean(source, _checked(settings), media_type)


def clean_many(
    sources: Iterable[str | bytes | Path | RawPage | Rejected], *, workers: int = 1, settings: Settings | None = None
) -> Iterator[Document | Rejected]:
    """Clean any number of documents, in order; of each the ``Document``, or ``Rejected`` where one fails.

    No more than a window of documents is in memory, four a worker. A document that is given as text gets the id
    "text-N", where N counts the sources from 0.

    Args:
        sources: documents as ``clean`` takes them, or what ``read`` yields.
        workers: processes to work in. With several, a script needs ``if __name__ == "__main__":`` around the call, and
            what ends a process costs its document and no more.
        settings: as for ``clean``.

    Raises:
        PipelineError: the call, the rules or the model are wrong; never for a document.

    >>> from pipeline import clean_many
    >>> for outcome in clean_many(["Light suppresses melatonin.", " "]):
    ...     print(type(outcome).__name__, outcome.document_id)
    Document text-0
    Rejected text-1
    """
    from pipeline.running import many

    return many.clean_many(sources, _checked(settings), workers)


def read(source: str | Path, *, settings: Settings | None = None) -> Iterator[RawPage | Rejected]:
    """The raw pages of a file, of a container, of all files of a folder, or of an address that fsspec knows.

    Files are read one after another, sorted by name, as the pages are asked for. A file or record that cannot be read
    is a ``Rejected``.

    Args:
        source: the path of a file or a folder, or an address ("s3://...").
        settings: ``max_bytes`` and ``follow_links`` are read.

    Raises:
        PipelineError: there is no such file or folder, or it cannot be listed.

    >>> from pipeline import read
    >>> [page.document_id for page in read("raw/answers.jsonl")][:2]
    ['answers.jsonl#cortisol', 'answers.jsonl#dopamine']
    """
    from pipeline.running import single

    return single.read(source, _checked(settings))


def run(
    raw: str | Path,
    out: str | Path,
    *,
    to: str = "mechanisms",
    engine: str = "",
    settings: Settings | None = None,
    force: bool = False,
    allow_empty: bool = False,
    retry_rejected: bool = False,
) -> Summary:
    """Turn a folder of documents into tables, as ``python -m pipeline run RAW OUT`` does.

    Only what is new or has changed is done. A document that fails is a row of rejected.jsonl.

    Args:
        raw: folder, file or address of the inputs; nothing is written there.
        out: folder or address of the tables.
        to: the last stage: "repair", "content", "normalize" or "mechanisms".
        engine: "serial", "local" or "ray"; empty: local with several ``settings.workers``, else serial.
        settings: what the program can be told; pipeline.toml and the environment are not read.
        force: ``out`` may hold files of others, which are left as they are, and tables of another ``raw``, which go.
        allow_empty: where ``raw`` holds no inputs any more, the tables are emptied.
        retry_rejected: what was rejected is tried again, though nothing has changed.

    Returns:
        A summary with the counts ``documents``, ``rejected``, ``sentences`` (those that say how something works),
        ``mechanisms``, ``edits_by_rule`` and ``flagged``; if nothing had to be done, ``up_to_date`` is true.

    Raises:
        PipelineError: the call, the folders, the rules or the model cannot be used.

    >>> import tempfile
    >>> from pipeline import run
    >>> with tempfile.TemporaryDirectory() as out:
    ...     summary = run("raw/sleep-and-memory.txt", out)
    >>> summary.documents, summary.rejected, summary.mechanisms > 0
    (1, 0, True)
    """
    from pipeline.running import run as runs
    from pipeline.running.guards import Consent
    from pipeline.running.single import checked_path

    consent = Consent(force=force, allow_empty=allow_empty, retry_rejected=retry_rejected)
    return runs.run(checked_path(raw), checked_path(out), _checked(settings), to, engine, consent=consent)


def explain(name: str, *, tables: str | Path = "processed", settings: Settings | None = None) -> str:
    """What a rule does, or why an edit or a mechanism is there, in lines for people.

    Args:
        name: the id of a rule, or an ``edit_id`` or a ``mechanism_id`` of the tables.
        tables: folder that a run wrote; read for the ids of edits and mechanisms only.
        settings: ``rules`` is read.

    Raises:
        PipelineError: nothing has that name.

    >>> from pipeline import explain
    >>> print(explain("llm_fence").splitlines()[0])
    llm_fence (a fix)
    """
    from pipeline.show import explain as explanations

    return explanations.explained(name, Path(tables), _checked(settings))


def _checked(settings: Settings | None) -> Settings:
    if settings is None:
        return Settings()
    if not isinstance(settings, Settings):
        raise PipelineError(f"settings must be a pipeline.Settings, not {type(settings).__name__}.")
    return settings
