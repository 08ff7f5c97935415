"""``python -m benchmarks.language_model DATA WORK OUT``: from the treebanks and entity sets to the packaged pipeline.

Every step is a process of its own that leaves its result in WORK; a step whose result is there is not run again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOM = "benchmarks.language_model"


@dataclass(frozen=True, slots=True)
class Step:
    """A module to run, its arguments, and the result by which one knows that it has run."""

    module: str
    arguments: tuple[str | Path, ...]
    result: Path

    def run(self) -> None:
        if self.result.exists():
            print(f"{self.result} is there", flush=True)
            return
        print(f"{self.module} -> {self.result}", flush=True)
        self.result.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", f"{ROOM}.{self.module}", *map(str, self.arguments)]
        # The weights depend on the order of sums, and so on the number of threads.
        fixed = {"OMP_NUM_THREADS": "2", "HF_HUB_OFFLINE": "1", "PYTHONHASHSEED": "0"}
        subprocess.run(command, check=True, env=os.environ | fixed)


def steps(data: Path, work: Path, out: Path) -> tuple[Step, ...]:
    """The order: two teachers, the text they label, the two halves of the small pipeline, the package."""
    treebanks, ner, silver, teachers = data / "treebanks", data / "ner", work / "silver", work / "teachers"
    namer, reader = teachers / "entities.pt", teachers / "parser.pt"
    parse, entities = work / "parse" / "model-best", work / "entities" / "model-best"
    labelled = f"paths.silver={silver}"
    return (
        Step("teachers.entities", (ner, namer), namer),
        Step("teachers.parser", (treebanks, reader), reader),
        Step("silver", ("trees", data / "corpora", reader, silver), silver / "parsed.spacy"),
        Step("silver", ("entities", ner, namer, silver), silver / "marked.spacy"),
        Step("train", ("parse.cfg", parse.parent, f"paths.treebanks={treebanks}", labelled), parse),
        Step("train", ("entities.cfg", entities.parent, labelled), entities),
        Step("package", (parse, entities, out, treebanks), work / "packaged"),
    )


def main(data: str, work: str, out: str) -> int:
    if not (Path(data) / "treebanks").is_dir():
        print(f"{data} holds no treebanks; name the folder with treebanks/, ner/ and corpora/: make model DATA=...")
        return 2
    for step in steps(Path(data), Path(work), Path(out)):
        step.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
