"""``python -m benchmarks BENCH.py``: run the benchmarks whose data is at hand, and say what is not."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measure:
    """One call of the scorer; ``more`` are its further arguments, those that begin with data/ beside the scorer."""

    verb: str
    data: str
    more: tuple[str, ...] = ()
    scope: str = "body"


MEASURES = (
    Measure("relations", "data/mechanism-gold/challenge.jsonl"),
    Measure("relations", "data/mechanism-gold/seeds.jsonl"),
    Measure("relations", "data/mechanism/BioNLP13-CG/train.jsonl.xz", ("--anchored",)),
    Measure("relations", "data/mechanism/BioNLP13-PC/train.jsonl.xz", ("--anchored",)),
    # These sentences are about causes of any kind.
    Measure("relations", "data/mechanism/SemEval2010-T8/train.jsonl.xz", ("--anchored",), scope="any"),
    Measure("sheets", "data/real-inputs/expect.jsonl", ("data/real-inputs",)),
)


def main(bench: str) -> int:
    """Run every measure; the data lies beside the folder of the scorer."""
    script = Path(bench)
    if not script.is_file():
        print(f"make bench measures on data outside the project; {script} is not there, name it: make bench BENCH=...")
        return 0
    shared = script.parents[1]
    for measure in MEASURES:
        print(f"\n{measure.verb} {measure.data}", flush=True)
        more = (str(shared / word) if word.startswith("data/") else word for word in measure.more)
        command = f"{shlex.quote(sys.executable)} -m pipeline run --scope {measure.scope}"
        call = [sys.executable, str(script), measure.verb, str(shared / measure.data), *more]
        subprocess.run(call, check=True, env=os.environ | {"PIPELINE": command})
    print("\nlanguage model", flush=True)
    sets = (shared / "data/treebanks", shared / "data/ner")
    subprocess.run([sys.executable, "-m", "benchmarks.language_model.evaluate", *sets], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
