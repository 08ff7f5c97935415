"""``python -m benchmarks.language_model DATA WORK OUT [START]``: from the treebanks and entity sets to the pipeline.

With START, a packaged pipeline, the small model goes on from its weights; without, it begins anew. Every step is a
process of its own that leaves its result in WORK, and a mark when it has ended well; a marked step is not run again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOM = "benchmarks.language_model"
# The training asks for large blocks at every step; keeping them in the process saves a quarter of its time.
KEPT_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(2**25), "MALLOC_TRIM_THRESHOLD_": str(2 * 10**9)}
# Weights that are good already take fewer and smaller steps.
GOING_ON = ("training.max_steps=7500", "training.optimizer.learn_rate.initial_rate=0.0008")


@dataclass(frozen=True, slots=True)
class Step:
    """A module to run with its arguments; ``mark`` is written when it has ended well."""

    module: str
    arguments: tuple[str | Path, ...]
    mark: Path

    def run(self) -> None:
        if self.mark.exists():
            print(f"{self.mark.stem}: done before", flush=True)
            return
        print(f"{self.mark.stem}: {self.module}", flush=True)
        command = [sys.executable, "-m", f"{ROOM}.{self.module}", *map(str, self.arguments)]
        # The weights depend on the order of sums, and so on the number of threads.
        fixed = {"OMP_NUM_THREADS": "2", "HF_HUB_OFFLINE": "1", "PYTHONHASHSEED": "0"} | KEPT_MEMORY
        subprocess.run(command, check=True, env=os.environ | fixed)
        self.mark.touch()


def steps(data: Path, work: Path, out: Path, start: str) -> tuple[Step, ...]:
    """The order: two teachers, the text they label, the two halves of the small pipeline, the package."""
    treebanks, ner, silver, teachers = data / "treebanks", data / "ner", work / "silver", work / "teachers"
    namer, reader = teachers / "entities.pt", teachers / "parser.pt"
    parse, entities = work / "parse" / "model-best", work / "entities" / "model-best"
    labelled: tuple[str, ...] = (f"paths.silver={silver}",)
    if start:
        labelled += (f"paths.start={start}", *GOING_ON)
    order: tuple[tuple[str, str, tuple[str | Path, ...]], ...] = (
        ("teach-entities", "teachers.entities", (ner, namer)),
        ("teach-trees", "teachers.parser", (treebanks, reader)),
        ("label-trees", "silver", ("trees", data / "corpora", reader, silver)),
        ("label-entities", "silver", ("entities", ner, namer, silver)),
        ("train-parse", "train", ("parse.cfg", parse.parent, f"paths.treebanks={treebanks}", *labelled)),
        ("train-entities", "train", ("entities.cfg", entities.parent, *labelled)),
        ("package", "package", (parse, entities, out, treebanks)),
    )
    return tuple(Step(module, arguments, work / f"{name}.done") for name, module, arguments in order)


def main(data: str, work: str, out: str, start: str = "") -> int:
    if not (Path(data) / "treebanks").is_dir():
        print(f"{data} holds no treebanks; name the folder with treebanks/, ner/ and corpora/: make model DATA=...")
        return 2
    (Path(work) / "teachers").mkdir(parents=True, exist_ok=True)
    for step in steps(Path(data), Path(work), Path(out), start):
        step.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
