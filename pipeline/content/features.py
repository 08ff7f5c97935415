"""Features for the main-content model: one row per block.

After Kohlschütter, Fankhauser and Nejdl (2010), "Boilerplate detection using shallow text features", and Vogels,
Ganea and Eickhoff (2018), "Web2Text": a block's words, its position, its ancestor elements, its neighbouring blocks,
and how the words of the page are distributed over those ancestors.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from pipeline.content.draft import Blocks, Part
from pipeline.content.trails import PROSE_WORDS, AncestorFeatures, Column, bits, table
from pipeline.lexicon.english import MINOR_WORDS, SENTENCE_STARTERS

Floats = npt.NDArray[np.float32]

_KINDS = ("heading", "paragraph", "list_item", "quote", "table", "code")
_AS_KIND = {"caption": "paragraph", "formula": "paragraph"}  # by which the model knows them
_REGIONS = (
    "navigation", "footer", "aside", "named", "form", "noscript", "hidden", "dialog", "header", "caption", "title",
)  # fmt: skip
_FUNCTION_WORDS = MINOR_WORDS | SENTENCE_STARTERS
_WORD = re.compile(r"\w+")
_BMP_SIZE = 0x10000  # code points in the Basic Multilingual Plane, which the table of character classes covers
_HEAD = 50  # words at the start of a block that are searched for phrases
# Unigrams and bigrams typical of boilerplate blocks, one feature per line.
_PHRASES = tuple(
    tuple(phrase.strip() for phrase in line.split(","))
    for line in """\
cookie, cookies, consent, gdpr
subscribe, newsletter, sign up, inbox, mailing list
share, tweet, facebook, twitter, linkedin, pinterest, whatsapp, instagram, email this, mail this, print
comment, comments, reply, replies, leave a, post a
read more, continue reading, learn more, see all, view all, show more, load more, more from, click here
related, may also, you might, recommended, popular, trending, see also, also like, up next
login, log in, sign in, register, account, password, forgot
copyright, rights reserved, privacy policy, terms of, disclaimer
add to, checkout, wishlist, in stock, free shipping, buy now, quantity
by, author, posted, published, updated, reviewed by, min read, minute read, minutes read, edited
home, about us, contact, faq, faqs, careers, blog, menu, search, skip to
tag, tags, category, categories, filed under, topic, topics, archive, archives
advertisement, sponsored, affiliate, promoted, commission
previous, next, older, newer, page, back to
ago, am, pm, january, february, march, april, june, july, august, september, october, november, december
like, likes, view, views, vote, votes, point, points, followers, member, members, joined, post, posts
photo, image, credit, getty, shutterstock, caption, video, watch
download, pdf, app store, google play
references, sources, bibliography, footnotes, doi
""".splitlines()
)
_BIT = {phrase: 1 << number for number, line in enumerate(_PHRASES) for phrase in line}
_FIRST = frozenset(phrase.split()[0] for phrase in _BIT if " " in phrase)
_PRICE, _ADDRESS = re.compile(r"[$€£]\s?\d"), re.compile(r"https?:|www\.|@")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DATE = re.compile(r"\b[A-Z][a-z]{2,8}\.? \d{1,2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b")
_DIVIDERS = "|•»›→·"
_PREFIX_LENGTH = 300  # characters at the start of a block that are searched for patterns
_ENDS = frozenset(".?!…")
_NEIGHBOUR_COLUMNS = 9  # text features of a block that its neighbours' rows repeat
_AFAR = 2  # blocks on either side whose text features a row repeats
_NEIGHBOURS, _WINDOWS = (1, 2, 3, 4), (3, 8, 20)  # blocks, for the second model


def features(blocks: Blocks, title: str = "", description: str = "") -> tuple[Floats, Floats]:
    """Feature rows, one per part, in order, and the word count of each; shapes (parts, features) and (parts,)."""
    texts = [blocks.of(part) for part in blocks.parts]
    lowered = [text.lower() for text in texts]
    found = [_WORD.findall(text) for text in lowered]
    distinct = [set(words) for words in found]
    counts = np.array([len(words) for words in found], np.float32)
    own = _text_features(blocks, texts, found, counts, np.array([len(words) for words in distinct]))
    trails = AncestorFeatures(blocks.parts, counts)
    rows = (
        own,
        trails.names(),
        _position_features(blocks.parts, counts),
        trails.ancestors(),
        trails.kin(),
        _repetition_features(lowered, distinct, title, description),
        *_neighbour_features(own[:, :_NEIGHBOUR_COLUMNS]),
    )
    return np.concatenate(rows, axis=1), counts


def _text_features(
    blocks: Blocks, texts: Sequence[str], found: Sequence[list[str]], counts: Floats, distinct: npt.NDArray[np.int_]
) -> Floats:
    parts = blocks.parts
    size, length = np.maximum(counts, 1), np.array([max(len(text), 1) for text in texts], np.float32)
    links = np.array([part.link_share for part in parts], np.float32)
    letters, blanks, digits, capitals, dividers, copyrights = _characters(blocks)
    with_digits = np.flatnonzero(digits).tolist()
    last = [text[-1:] for text in texts]
    columns = [
        np.log1p(counts),
        links,
        np.array([one in _ENDS for one in last]),
        np.array([sum(map(_FUNCTION_WORDS.__contains__, words)) for words in found]) / size,
        np.array([text.count(",") + text.count(";") for text in texts]) / size,
        np.array([part.kind == "heading" for part in parts]),
        np.array([part.kind == "list_item" for part in parts]),
        (counts >= PROSE_WORDS) & (links < 0.5),
        capitals / size,
        np.array([part.bold_share for part in parts]),
        letters / size,
        digits / length,
        1 - (letters + blanks) / length,
        np.array([text.isupper() for text in texts]),
        np.array([text[:1].islower() for text in texts]),
        np.array([one == ":" for one in last]),
        np.array([one == "?" for one in last]),
        np.log1p([text.count(". ") + text.count("? ") + text.count("! ") for text in texts]),
        distinct / size,
        np.array([part.level if part.kind == "heading" else 0 for part in parts]),
        *_one_hot(_KINDS, [_AS_KIND.get(part.kind, part.kind) for part in parts]),
        *_one_hot(_REGIONS, [part.region for part in parts]),
        _with_sign(_PRICE, texts, with_digits),
        _with_sign(_ADDRESS, texts, range(len(texts))),
        dividers,
        copyrights,
        _with_sign(_YEAR, texts, with_digits),
        _with_sign(_DATE, texts, with_digits),
    ]
    phrases = bits([_phrases(words[:_HEAD]) for words in found], len(_PHRASES))
    return np.concatenate([table(columns), phrases], axis=1)


def _with_sign(pattern: re.Pattern[str], texts: Sequence[str], among: Iterable[int]) -> npt.NDArray[np.bool_]:
    """Which texts match a pattern near their start; only those with indices in ``among`` are searched."""
    found = np.zeros(len(texts), np.bool_)
    found[[index for index in among if pattern.search(texts[index], 0, _PREFIX_LENGTH)]] = True
    return found


def _one_hot(names: Sequence[str], given: Sequence[str]) -> Iterator[npt.NDArray[np.bool_]]:
    """One-hot columns, one per name."""
    number = {name: index for index, name in enumerate(names)}
    found = np.array([number.get(one, -1) for one in given])
    return (found == index for index in range(len(names)))


def _phrases(words: Sequence[str]) -> int:
    said, before = 0, ""
    for word in words:
        said |= _BIT.get(word, 0)
        if before:
            said |= _BIT.get(f"{before} {word}", 0)
        before = word if word in _FIRST else ""
    return said


def _characters(blocks: Blocks) -> tuple[Floats | npt.NDArray[np.bool_], ...]:
    """Counts of letters and digits, white space, digits, and word-initial capitals, for each part.

    Then whether it has a divider, or a copyright sign, near its start.
    """
    codes = np.frombuffer(blocks.text.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _kinds()[np.minimum(codes, _BMP_SIZE - 1)]
    letters = kinds & 1 > 0
    begins = np.concatenate([[True], ~letters[:-1]])[: len(letters)]
    starts, ends = (np.array([getattr(part, rim) for part in blocks.parts]) for rim in ("start", "end"))
    faces = np.minimum(ends, starts + _PREFIX_LENGTH)

    def counted(which: npt.NDArray[np.bool_], ends: npt.NDArray[np.int_] = ends) -> Floats:
        sums = np.concatenate([[0], np.cumsum(which)])
        return np.asarray(sums[ends] - sums[starts], np.float32)

    own = (letters, kinds & 2 > 0, kinds & 4 > 0, begins & (kinds & 8 > 0))
    return *map(counted, own), *(counted(kinds & bit > 0, faces) > 0 for bit in (16, 32))


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """Classes of the characters in the Basic Multilingual Plane, as bits.

    Letter or digit, white space, digit, ASCII capital, divider, copyright sign, from the lowest bit.
    """
    signs = [chr(code) for code in range(_BMP_SIZE)]
    kinds = np.array(
        [c.isalnum() | c.isspace() << 1 | c.isdigit() << 2 | ("A" <= c <= "Z") << 3 for c in signs], np.uint8
    )
    kinds[[ord(sign) for sign in _DIVIDERS]] |= 16
    kinds[ord("©")] |= 32
    return kinds


def _position_features(parts: Sequence[Part], counts: Floats) -> Floats:
    """The position of each block, and statistics of its page."""
    total, number = max(float(counts.sum()), 1.0), len(parts)
    links = np.array([part.link_share for part in parts], np.float32)
    before = np.cumsum(counts) - counts
    headings = [index for index, part in enumerate(parts) if part.kind == "heading"]
    first = next((index for index in headings if parts[index].level == 1), -1)
    since, last = [], -1
    for index, part in enumerate(parts):
        since.append(index - last if last >= 0 else -1)
        last = index if part.kind == "heading" else last
    prose = counts * (counts >= PROSE_WORDS) * (links < 0.5)
    place = np.arange(number, dtype=np.float32)
    whole = [np.log1p(total), np.log1p(number), float((counts * links).sum() / total), float(prose.sum() / total)]
    columns: list[Column] = [
        place / number, before / total, place, number - place, place - first, np.full(number, float(first >= 0)),
        np.array(since, np.float32), *(np.full(number, value) for value in whole),
        _window_sums(prose / total, 5), _window_sums(counts * links / total, 5), _window_sums(counts / total, 15),
    ]  # fmt: skip
    return table(columns)


def _window_sums(values: Floats, reach: int) -> Floats:
    """Sums over windows of ``reach`` blocks on either side."""
    padded = np.concatenate([np.zeros(reach), values, np.zeros(reach)])
    sums = np.cumsum(np.concatenate([[0.0], padded]))
    return np.asarray(sums[2 * reach + 1 :] - sums[: -2 * reach - 1], np.float32)


def _repetition_features(lowered: Sequence[str], distinct: Sequence[set[str]], title: str, description: str) -> Floats:
    """How often a block's text occurs on the page, and its word overlap with the page's title and description."""
    times = Counter(lowered)
    sizes = np.maximum([len(words) for words in distinct], 1)
    wanted = [set(_WORD.findall(said.lower())) for said in (title, description)]
    common = [np.array([len(words & other) for words in distinct]) for other in wanted]
    shared = [held / sizes for held in common]
    covered = [held / max(len(other), 1) for held, other in zip(common, wanted, strict=True)]
    columns = [np.log1p(np.array([times[text] for text in lowered], np.float32)), *shared, *covered]
    return table(columns)


def _neighbour_features(shown: Floats) -> list[Floats]:
    """The first features of the preceding and following blocks, -1 beyond the page."""
    sides = []
    for shift in (*range(-_AFAR, 0), *range(1, _AFAR + 1)):
        moved = np.full_like(shown, -1.0)
        if shift < 0:
            moved[-shift:] = shown[:shift]
        else:
            moved[:-shift] = shown[shift:]
        sides.append(moved)
    return sides


def with_neighbours(rows: Floats, counts: Floats, probs: Floats) -> Floats:
    """Rows with the first model's probabilities added: of each neighbour, averaged over windows, and for the page."""
    columns: list[Column] = [probs]
    for shift in _NEIGHBOURS:
        before, behind = np.full_like(probs, -1.0), np.full_like(probs, -1.0)
        before[shift:], behind[:-shift] = probs[:-shift], probs[shift:]
        columns += [before, behind]
    hoped = counts * probs
    columns += [_window_sums(hoped, reach) / np.maximum(_window_sums(counts, reach), 1) for reach in _WINDOWS]
    sure = np.flatnonzero(probs > 0.5)
    first, last = (sure[0], sure[-1]) if len(sure) else (0, len(probs))
    place = np.arange(len(probs), dtype=np.float32)
    whole = hoped.sum()
    columns += [np.full_like(probs, whole / max(counts.sum(), 1)), np.full_like(probs, np.log1p(whole))]
    columns += [place - first, last - place, np.cumsum(hoped) / max(float(whole), 1e-9)]
    return np.concatenate([rows, table(columns)], axis=1)
