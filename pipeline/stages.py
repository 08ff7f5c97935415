"""THE ORDER: what happens to a document, from top to bottom.

The stages' own modules, with the libraries they stand on, are imported when a stage first runs, so
that an up-to-date run and ``--help`` cost nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.edits import TracedText, rebuilt
from pipeline.errors import DocumentError, UserError, plain
from pipeline.limits import LimitError
from pipeline.markup.tokens import tokenize
from pipeline.records import Article, CleanArticle, Findings, Page, RawPage, Rejected
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.mechanisms import Finder
    from pipeline.rules.kinds import Rules

State = Page | Article | CleanArticle | Findings


_REMEMBERED = 150_000  # words of a parser, some 100 MB; millions of words are read before there are so many


class TooLongError(DocumentError):
    """The clean text is longer than the settings allow."""


@dataclass(frozen=True)
class Tools:
    """What costs time to build; made once per process."""

    settings: Settings
    rules: Rules

    @cached_property
    def finder(self) -> Finder:
        """The parser with its compiled rules; loading spaCy waits until a document needs it."""
        from pipeline import mechanisms

        return mechanisms.build(self.rules, self.settings.model, anything=self.settings.scope == "any")

    def renewed(self) -> Tools:
        """These tools, or, where the parser remembers very many words, new ones: spaCy never forgets a word."""
        finder = self.__dict__.get("finder")
        grown = finder is not None and len(finder.nlp.vocab) > _REMEMBERED
        return Tools(self.settings, self.rules) if grown else self


def _repair(page: RawPage, _tools: Tools) -> Page:
    from pipeline.repair import repair

    return repair(page)


def _content(page: Page, tools: Tools) -> Article:
    from pipeline.content import content

    return content(page, tools.rules, tools.settings)


def _normalize(article: Article, tools: Tools) -> CleanArticle:
    from pipeline.normalize import normalize

    return normalize(article, tools.rules)


def _mechanisms(clean: CleanArticle, tools: Tools) -> Findings:
    from pipeline.mechanisms import find_mechanisms

    length = len(clean.text.text) - sum(one.end - one.start for one in clean.blocks if one.kind == "code")
    if length > (limit := tools.settings.max_characters):
        raise TooLongError(f"its clean text has {length:,} characters, more than max_characters = {limit:,}")
    return find_mechanisms(clean, tools.finder)


STAGES: tuple[tuple[str, str, Callable[..., State]], ...] = (
    ("repair", "undo damage to markup: fences, split tags, what hides text", _repair),
    ("content", "choose the main text, in blocks; find title, date and language", _content),
    ("normalize", "characters, spaces, typos, spun words, case", _normalize),
    ("mechanisms", "parse, and extract the sentences that say how something works", _mechanisms),
)
NAMES = tuple(name for name, _, _ in STAGES)


def tools(settings: Settings) -> Tools:
    """Build the tools for a process.

    Raises:
        RuleError: a rule file is wrong.
    """
    from pipeline.rules.load import load_rules

    return Tools(settings, load_rules(Path(settings.rules) if settings.rules else None))


_CACHED_TOOLS: dict[Settings, tuple[str, Tools]] = {}  # of this process, with the state of the rules that they hold


def cached_tools(settings: Settings) -> Tools:
    """The tools of this process for some settings, built on first use.

    Raises:
        RuleError: a rule file is wrong.
    """
    state = _rules_state(settings)
    known, cached = _CACHED_TOOLS.get(settings, ("", None))
    current = cached.renewed() if cached and known == state else tools(settings)
    _CACHED_TOOLS[settings] = state, current
    return current


def _rules_state(settings: Settings) -> str:
    """A text that changes when a file in the custom rules folder does; empty without such a folder."""
    files = sorted(Path(settings.rules).glob("*.toml")) if settings.rules else []
    return "\n".join(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files)


def check_stage(name: str) -> None:
    """Check that there is a stage of this name.

    Raises:
        UserError: there is no such stage.
    """
    if name not in NAMES:
        raise UserError(f"there is no stage {name!r}; the stages are {', '.join(NAMES)}.")


Recall = Callable[[str, RawPage | State], State | None]


def _nothing(_stage: str, _state: RawPage | State) -> None:
    """Recalls nothing."""


def process(page: RawPage, tools: Tools, to: str = NAMES[-1], recall: Recall = _nothing) -> State | Rejected:
    """Take one document through the stages up to ``to``; a document that fails is a ``Rejected``.

    ``recall`` may know what a stage makes of a state, by the name of the stage.

    Raises:
        UserError: there is no such stage, or the rules or the model cannot be used.
    """
    check_stage(to)
    state: RawPage | State = page
    with _collecting_later():
        for name, _, stage in STAGES:
            try:
                state = recall(name, state) or stage(state, tools)
            except UserError:
                raise
            except (Exception, LimitError) as error:  # whatever one document does, the run goes on
                reason = f"{page.document_id}: {_sentence(error)}"
                passing = isinstance(error, OSError)  # stages read nothing but their own tables
                return Rejected(page.document_id, page.source.path, name, reason, passing)
            if name == to:
                break
    assert not isinstance(state, RawPage)
    if rebuilt(text_of(state).text, text_of(state).edits()) != page.text:
        reason = f"{page.document_id}: its edit log does not lead back to the input; please report this file."
        return Rejected(page.document_id, page.source.path, to, reason)
    return state


def process_within(
    limits: AbstractContextManager[None], page: RawPage, tools: Tools, to: str = NAMES[-1], recall: Recall = _nothing
) -> State | Rejected:
    """As ``process``, within limits; one that is reached in between two stages rejects the document, too."""
    try:
        with limits:
            return process(page, tools, to, recall)
    except LimitError as error:
        return Rejected(page.document_id, page.source.path, to, f"{page.document_id}: {error}.")


@contextmanager
def _collecting_later() -> Iterator[None]:
    """No search for cycles of garbage: the many small records of a page hold none, and it takes a tenth of the time.

    The tokens of a page, most of them, go before it is on again: nobody reads them any more.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        tokenize.cache_clear()
        if collecting:
            gc.enable()


def text_of(state: State) -> TracedText:
    """The traced text of a document in any state."""
    return state.clean.text if isinstance(state, Findings) else state.text


def _sentence(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "it needs more memory than there is, or than max_memory allows."
    if isinstance(error, OSError):
        return f"{plain(error)}; the next run tries again."
    said = (str(error).strip() or type(error).__name__).rstrip(".")
    if isinstance(error, DocumentError | LimitError):
        return f"{said}."
    return f"{type(error).__name__}: {said}; please report this file."
