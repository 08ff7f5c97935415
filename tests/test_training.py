"""How models are trained and measured: one configuration from two files, two processes that step as one, labels."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import numpy as np
import pytest
import spacy

from benchmarks.damage.document import GoldPage
from benchmarks.language_model import pair
from benchmarks.language_model.train import restore_labels, settings
from benchmarks.main_content import data, measure
from pipeline.mechanisms.language import SHIPPED

KEY = (1, "W")


def step(starts: list[float], gradients: list[float]) -> list[Any]:
    """Both processes' weights (or errors) after one step, with threads in the place of processes."""
    memory = bytearray(4 * 2 * pair.PROCESSES * pair.LARGEST)
    barrier = Barrier(pair.PROCESSES)
    found: list[Any] = [None] * pair.PROCESSES

    def run(rank: int) -> None:
        build = pair.adam(pair.Exchange(rank, memory, barrier))
        optimizer = build(learn_rate=0.1, L2=0.0, grad_clip=0.0, use_averages=False)
        weights, gradient = (np.full((2, 3), value, dtype="f") for value in (starts[rank], gradients[rank]))
        try:
            optimizer(KEY, weights, gradient)
            found[rank] = (weights.tolist(), gradient.tolist())
        except RuntimeError as error:
            found[rank] = error

    threads = [Thread(target=run, args=(rank,)) for rank in range(pair.PROCESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_both_processes_take_the_same_step_by_the_mean_gradient() -> None:
    first, second = step([1.0, 1.0], [3.0, -1.0])
    assert first == second
    weights, gradient = first
    assert weights[0][0] < 1.0  # the mean gradient is positive, so both go down, also the one whose own was negative
    assert gradient == np.zeros((2, 3)).tolist()
    assert step([1.0, 1.0], [1.0, 1.0])[0] == first


def test_processes_that_start_from_other_weights_are_refused() -> None:
    assert all("same weights" in str(error) for error in step([1.0, 2.0], [1.0, 1.0]))


@pytest.mark.parametrize("name", ["parse.cfg", "entities.cfg"])
def test_each_half_stands_on_the_shared_settings(name: str) -> None:
    config = settings(name, "training.max_steps=7")
    assert config["training"]["optimizer"]["learn_rate"]["total_steps"] == 7
    assert set(config["nlp"]["pipeline"]) == set(config["components"])


def test_a_training_can_go_on_from_a_packaged_pipeline() -> None:
    config = settings("parse.cfg", f"paths.start={SHIPPED}", "training.optimizer.learn_rate.initial_rate=0.001")
    assert config["components"]["parser"] == {"source": str(SHIPPED)}
    assert config["training"]["optimizer"]["learn_rate"]["initial_rate"] == 0.001
    assert "source" not in settings("parse.cfg")["components"]["parser"]


def test_a_lemmatizer_that_goes_on_knows_its_labels() -> None:
    nlp = spacy.load(SHIPPED)
    restore_labels(nlp)
    lemmatizer: Any = nlp.get_pipe("trainable_lemmatizer")
    tree = lemmatizer.trees.add("receptors", "receptor")
    assert lemmatizer.cfg["labels"][lemmatizer.tree2label[tree]] == tree


def test_blocks_are_labelled_by_the_marked_text() -> None:
    gold = "Sleep clears waste from the brain.\nWhy"
    texts = ["Sleep clears waste from the brain.", "Read more about the heart and lungs", "Why", "brain waste"]
    assert data.shares(texts, gold).tolist() == [1.0, 0.0, 1.0, -1.0]
    assert data.shares(
        ["大脑在睡眠中清除废物，很重要。", "相关阅读：心脏与肺"], "大脑在睡眠中清除废物，很重要。"
    ).tolist() == [1.0, 0.0]


def test_segments_tell_of_the_blocks_they_are_in() -> None:
    page = GoldPage(
        "a", "a.org", b"", "", "article", ("waste from the brain",), ("Newsletter", "Sign up for more of it now")
    )
    texts = [
        "Sleep clears  waste from the brain.",
        "Newsletter",
        "Newsletters came up in " + "long " * 20,
        "Sleep helps.",
    ]
    assert data.by_segments(texts, page).tolist() == [1.0, 0.0, -1.0, -1.0]


def test_scores_are_of_words_or_of_segments() -> None:
    marked = GoldPage("a", "a.org", b"", "Sleep clears waste.", "article")
    assert measure.overall([marked, marked], ["Sleep clears waste.", "Sleep and food"]) == pytest.approx(
        (2 / 3, 2 / 3, 2 / 3)
    )
    told = GoldPage("b", "b.org", b"", "", "article", ("Sleep helps.", "Why"), ("Menu",))
    assert measure.overall([told], ["Menu Sleep  helps."]) == pytest.approx((0.5, 0.5, 0.5))
