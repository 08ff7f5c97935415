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
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.content.draft import Blocks, Part
from pipeline.content.trails import PROSE_WORDS, AncestorFeatures, Column, bits, mean_of_others, table
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
# Unigrams and bigrams typical of boilerplate blocks, in several languages; a paragraph is a feature.
_PHRASES = tuple(
    tuple(phrase.strip() for phrase in group.replace("\n", " ").split(","))
    for group in """\
cookie, cookies, consent, gdpr

subscribe, newsletter, sign up, inbox, mailing list, abonnieren, abonnez, suscríbete, iscriviti, 订阅

share, tweet, facebook, twitter, linkedin, pinterest, whatsapp, instagram, email this, mail this, print, teilen,
partager, compartir, condividi, delen, 分享, 分享到, 收藏

comment, comments, reply, replies, leave a, post a, kommentar, kommentare, commentaires, comentarios, commenti,
reacties, 评论, 回复, 发表评论

read more, continue reading, learn more, see all, view all, show more, load more, more from, click here, mehr lesen,
weiterlesen, lire la suite, leer más, lees meer, 查看更多, 阅读全文

related, may also, you might, recommended, popular, trending, see also, also like, up next, lesen sie, à lire, lire
aussi, relacionados, lees ook, leia também, 相关阅读, 推荐阅读, 相关推荐, 热门

login, log in, sign in, register, account, password, forgot, anmelden, connexion, iniciar sesión, accedi, inloggen,
登录, 注册

copyright, rights reserved, privacy policy, terms of, disclaimer, impressum, datenschutz, mentions légales,
confidentialité, 版权所有, 版权声明, 隐私政策

add to, checkout, wishlist, in stock, free shipping, buy now, quantity, warenkorb, panier, carrito, 购物车

by, author, posted, published, updated, reviewed by, min read, minute read, minutes read, edited, von, par, por,
veröffentlicht, publié, publicado, 作者, 来源, 编辑, 责任编辑, 发布时间

home, about us, contact, faq, faqs, careers, blog, menu, search, skip to, suche, kontakt, recherche, accueil, buscar,
inicio, cerca, zoeken, 首页, 搜索, 关于我们, 联系我们

tag, tags, category, categories, filed under, topic, topics, archive, archives, thema, themen, sujets, temas, 标签, 分类

advertisement, sponsored, affiliate, promoted, commission, anzeige, werbung, publicité, publicidad, pubblicità,
advertentie, 广告

previous, next, older, newer, page, back to, weiter, zurück, suivant, précédent, siguiente, anterior, 上一篇, 下一篇,
上一页, 下一页

ago, am, pm, january, february, march, april, june, july, august, september, october, november, december, uhr, vor,
hace, il y

like, likes, view, views, vote, votes, point, points, followers, member, members, joined, post, posts, 阅读, 点赞, 浏览

photo, image, credit, getty, shutterstock, caption, video, watch, foto, bild, imago, afp, dpa, reuters, 图片, 视频

download, pdf, app store, google play, herunterladen, télécharger, descargar, 下载

references, sources, bibliography, footnotes, doi, quellen, 参考文献
""".split("\n\n")
)
_BIT = {phrase: 1 << number for number, line in enumerate(_PHRASES) for phrase in line}
_FIRST = frozenset(phrase.split()[0] for phrase in _BIT if " " in phrase)
_PRICE, _ADDRESS = re.compile(r"[$€£]\s?\d"), re.compile(r"https?:|www\.|@")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DATE = re.compile(r"\b[A-Z][a-z]{2,8}\.? \d{1,2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b")
_IDEOGRAPHS = ((0x3041, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF))  # and kana
_DIVIDERS = "|•»›→·"
_PREFIX_LENGTH = 300  # characters at the start of a block that are searched for patterns
_ENDS = frozenset(".?!…")
_NEIGHBOUR_COLUMNS = 9  # text features of a block that its neighbours' rows repeat
_AFAR = 2  # blocks on either side whose text features a row repeats
_NEIGHBOURS, _WINDOWS = (1, 2, 3, 4), (3, 8, 20)  # blocks, for the second model


class Features(NamedTuple):
    """Of each part of a page, in order: a row of features, its word count, and where it stands among the elements.

    ``rows`` has the shape (parts, features), ``counts`` and ``sections`` (the index of the section's heading, or -1)
    have the shape (parts,).
    """

    rows: Floats
    counts: Floats
    ancestors: AncestorFeatures
    sections: npt.NDArray[np.int_]


def features(blocks: Blocks, title: str = "", description: str = "") -> Features:
    """Features of the parts of a page."""
    texts = [blocks.of(part) for part in blocks.parts]
    lowered = [text.lower() for text in texts]
    found = [_WORD.findall(text) for text in lowered]
    distinct = [set(words) for words in found]
    signs = _characters(blocks)
    # Chinese and Japanese are written without spaces: two characters count as a word.
    counts = np.array([len(words) for words in found], np.float32) + np.floor(signs.ideographs / 2)
    own = _text_features(blocks, texts, found, counts, np.array([len(words) for words in distinct]), signs)
    phrases = bits([_phrases(words[:_HEAD]) for words in found], len(_PHRASES))
    sections = _sections(blocks.parts)
    above = np.concatenate([[-1], sections[:-1]])
    trails = AncestorFeatures(blocks.parts, counts)
    rows = (
        own,
        phrases,
        np.where(above[:, None] >= 0, phrases[above], 0),
        trails.names(),
        _position_features(blocks.parts, counts),
        trails.ancestors(),
        trails.kin(),
        _repetition_features(lowered, distinct, title, description),
        *_neighbour_features(own[:, :_NEIGHBOUR_COLUMNS]),
    )
    return Features(np.concatenate(rows, axis=1), counts, trails, sections)


def _sections(parts: Sequence[Part]) -> npt.NDArray[np.int_]:
    """The index of the heading of each part's section, or -1; a heading is of its own."""
    headings = [index if part.kind == "heading" else -1 for index, part in enumerate(parts)]
    return np.maximum.accumulate(np.array(headings))


def _text_features(
    blocks: Blocks,
    texts: Sequence[str],
    found: Sequence[list[str]],
    counts: Floats,
    distinct: npt.NDArray[np.int_],
    signs: _Characters,
) -> Floats:
    parts = blocks.parts
    size, length = np.maximum(counts, 1), np.array([max(len(text), 1) for text in texts], np.float32)
    links = np.array([part.link_share for part in parts], np.float32)
    with_digits = np.flatnonzero(signs.digits).tolist()
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
        signs.capitals / size,
        np.array([part.bold_share for part in parts]),
        signs.letters / size,
        signs.digits / length,
        1 - (signs.letters + signs.blanks) / length,
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
        signs.dividers > 0,
        signs.copyrights > 0,
        _with_sign(_YEAR, texts, with_digits),
        _with_sign(_DATE, texts, with_digits),
    ]
    return table(columns)


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


class _Characters(NamedTuple):
    """Counts of characters for each part; dividers and copyright signs are looked for near its start."""

    letters: Floats
    blanks: Floats
    digits: Floats
    capitals: Floats  # at the start of a word
    ideographs: Floats
    dividers: Floats
    copyrights: Floats


def _characters(blocks: Blocks) -> _Characters:
    codes = np.frombuffer(blocks.text.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _kinds()[np.minimum(codes, _BMP_SIZE - 1)]
    letters = kinds & 1 > 0
    begins = np.concatenate([[True], ~letters[:-1]])[: len(letters)]
    starts, ends = (np.array([getattr(part, rim) for part in blocks.parts]) for rim in ("start", "end"))
    faces = np.minimum(ends, starts + _PREFIX_LENGTH)

    def counted(which: npt.NDArray[np.bool_], ends: npt.NDArray[np.int_] = ends) -> Floats:
        sums = np.concatenate([[0], np.cumsum(which)])
        return np.asarray(sums[ends] - sums[starts], np.float32)

    own = (letters, kinds & 2 > 0, kinds & 4 > 0, begins & (kinds & 8 > 0), kinds & 64 > 0)
    return _Characters(*map(counted, own), *(counted(kinds & bit > 0, faces) for bit in (16, 32)))


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """Classes of the characters in the Basic Multilingual Plane, as bits.

    Letter or digit, white space, digit, ASCII capital, divider, copyright sign, ideograph, from the lowest bit.
    """
    signs = [chr(code) for code in range(_BMP_SIZE)]
    kinds = np.array(
        [c.isalnum() | c.isspace() << 1 | c.isdigit() << 2 | ("A" <= c <= "Z") << 3 for c in signs], np.uint8
    )
    kinds[[ord(sign) for sign in _DIVIDERS]] |= 16
    kinds[ord("©")] |= 32
    for first, last in _IDEOGRAPHS:
        kinds[first : last + 1] |= 64
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


def with_neighbours(page: Features, probs: Floats, kinds: Floats) -> Floats:
    """Rows with what the first model says of other blocks, and with the probable kinds of the page.

    Of each neighbour, averaged over windows, of the section, of the ancestors, and of the page.
    """
    counts = page.counts
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
    reached = np.cumsum(hoped) / max(float(whole), 1e-9)
    columns += [place - first, last - place, reached, *_section(page, probs, hoped), _apart(counts - hoped, reached)]
    columns += [np.full_like(probs, kind) for kind in kinds]
    return np.concatenate([page.rows, table(columns), page.ancestors.expected(probs)], axis=1)


def _section(page: Features, probs: Floats, hoped: Floats) -> list[Column]:
    """The probability of the heading of each block's section, and the mean one of the other blocks of the section."""
    section = page.sections + 1  # 0 is what stands above all headings
    words, wanted = (np.bincount(section, values)[section] for values in (page.counts, hoped))
    headed = np.where(page.sections >= 0, probs[page.sections], -1.0)
    return [headed, mean_of_others(words, wanted, page.counts, hoped)]


def _apart(junk: Floats, reached: Column) -> Column:
    """How many words that are no main text stand between each block and the middle of the main text."""
    before = np.cumsum(junk)
    middle = min(int(np.searchsorted(reached, 0.5)), len(junk) - 1)
    return np.asarray(np.log1p(np.abs(before - before[middle])), np.float32)
