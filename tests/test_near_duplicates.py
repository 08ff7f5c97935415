"""Re-posts, mirrors and excerpts are found; texts that only share phrases are not."""

from __future__ import annotations

import random
import time

import pytest

from pipeline.running.near_duplicates import Signature, find_originals, signature

WORDS = [f"word{number}" for number in range(3000)]


def text(seed: int, length: int = 400) -> list[str]:
    return random.Random(seed).choices(WORDS, k=length)


def found(**texts: list[str]) -> dict[str, str]:
    joined = {name: " ".join(words) for name, words in texts.items()}
    return find_originals([signature(name, text) for name, text in joined.items()], joined.__getitem__)


def edited(words: list[str], rate: float) -> list[str]:
    chance = random.Random(5)
    return ["other" if chance.random() < rate else word for word in words]


@pytest.mark.parametrize("seed", range(5))
def test_the_fullest_is_the_original(seed: int) -> None:
    article = text(seed)
    repost = ["Reposted", "from", "a", "journal", *article]
    assert found(b=article, c=article[:300], a=repost, z=text(seed + 100)) == {"b": "a", "c": "a"}


@pytest.mark.parametrize(("rate", "expected"), [(0.0, {"b": "a"}), (0.01, {"b": "a"}), (0.3, {})])
def test_few_changed_words_are_a_mirror_many_are_another_text(rate: float, expected: dict[str, str]) -> None:
    assert found(a=[*text(1), "more"], b=edited(text(1), rate)) == expected


def test_a_shared_disclaimer_is_no_duplicate() -> None:
    disclaimer = text(7, 60)
    assert found(**{f"d{number}": text(number, 300) + disclaimer for number in range(20, 40)}) == {}


def test_an_excerpt_is_one_of_its_text() -> None:
    assert found(whole=text(1, 800), part=text(1, 800)[200:620]) == {"part": "whole"}


def test_texts_made_from_one_form_are_not_copies() -> None:
    form = text(1, 300)
    filled = {
        f"d{number}": [*form[:150], *text(number, 40), *form[150:270], *text(number, 45)] for number in range(30, 40)
    }
    assert found(form=[*form, *text(9, 60)], **filled) == {}


def test_of_equal_texts_the_first_by_name_is_the_original() -> None:
    assert found(b=text(1), a=text(1), c=text(1)) == {"b": "a", "c": "a"}


def test_texts_of_few_words_or_none() -> None:
    assert found(a=["One."], b=["one"], c=[], d=[]) == {"b": "a"}
    assert find_originals([], str) == {}


def test_case_and_marks_do_not_matter() -> None:
    article = text(3)
    assert found(a=article, b=[word.upper() + "," for word in article]) == {"b": "a"}


def test_the_order_of_the_texts_does_not_matter() -> None:
    texts = {f"d{number}": " ".join(text(number // 3, 200 + number)) for number in range(30)}
    signatures = [signature(*item) for item in texts.items()]
    shuffled = random.Random(1).sample(signatures, 30)
    orders = (signatures, shuffled, signatures[::-1])
    found_in = [find_originals(order, texts.__getitem__) for order in orders]
    assert found_in[0] == found_in[1] == found_in[2]
    assert len(found_in[0]) == 20


def test_many_copies_of_one_text_cost_little() -> None:
    one = signature("", " ".join(text(1)))
    start = time.process_time()
    copies = [Signature(f"d{number:05}", one.size, one.minhashes) for number in range(5000)]
    assert len(find_originals(copies, str)) == 4999
    assert time.process_time() - start < 5


def test_a_signature_is_the_same_everywhere() -> None:
    assert signature("a", "Sleep clears waste from the brain.").minhashes[:24] == "57b15a4bdfc1f30cec0c6f4c"
