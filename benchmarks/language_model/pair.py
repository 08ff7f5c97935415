"""Two processes that train one pipeline: each learns from batches of its own, and both step by their mean gradient.

spaCy trains on one core. Here both processes hold the same weights and the same optimizer; whenever a parameter is
about to change, they exchange its gradients through shared memory. Since the sum of two numbers does not depend on
their order, a training run gives the same bytes as the last one.
"""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

import numpy as np
from thinc.api import Optimizer

PROCESSES = 2
LARGEST = 2_000_000  # numbers in one parameter
PATIENCE = 900  # seconds to wait for the other process, which may be evaluating


class Exchange:
    """One process's view of the shared memory: two sides, used by turns, with a row for each process."""

    def __init__(self, rank: int, memory: Any, barrier: Any) -> None:
        self.rank = rank
        self._rows = np.frombuffer(memory, dtype="f").reshape(2, PROCESSES, LARGEST)
        self._barrier = barrier
        self._side = 0

    def mean(self, values: Any) -> Any:
        """The mean of both processes' arrays; both must ask for the same one."""
        self._side = 1 - self._side
        rows = self._rows[self._side, :, : values.size]
        rows[self.rank] = values.ravel()
        self._barrier.wait(PATIENCE)
        return ((rows[0] + rows[1]) * np.float32(0.5)).reshape(values.shape)


class PairedOptimizer(Optimizer):
    """Adam whose gradients are the mean over both processes."""

    __slots__ = ("exchange",)
    exchange: Exchange

    def __call__(self, key: tuple[int, str], weights: Any, gradient: Any, *, lr_scale: float = 1.0) -> Any:
        """As in thinc, after the exchange."""
        first = self.nr_update[key] == 0
        if first and not np.array_equal(self.exchange.mean(weights), weights):
            raise RuntimeError("the two processes did not start from the same weights")
        gradient[...] = self.exchange.mean(gradient)  # in place: the step sets it to zero for the next batch
        return super().__call__(key, weights, gradient, lr_scale=lr_scale)


def adam(exchange: Exchange) -> Callable[..., PairedOptimizer]:
    """The optimizer's factory for a training configuration."""

    def build(learn_rate: Any, L2: float, grad_clip: float, use_averages: bool) -> PairedOptimizer:  # noqa: N803
        optimizer = PairedOptimizer(learn_rate, L2=L2, grad_clip=grad_clip, use_averages=use_averages)
        optimizer.exchange = exchange
        return optimizer

    return build


def shared() -> tuple[Any, Any, Any]:
    """The context to start the other process from, the memory and the barrier."""
    context = get_context("spawn")
    return context, context.RawArray("f", 2 * PROCESSES * LARGEST), context.Barrier(PROCESSES)
