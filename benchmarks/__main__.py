"""``python -m benchmarks BENCH.py``: run the benchmarks whose data is at hand, and say what is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MEASURES = (
    ("relations", "data/mechanism-gold/challenge.jsonl", ()),
    ("relations", "data/mechanism-gold/seeds.jsonl", ()),
    ("sheets", "data/real-inputs/expect.jsonl", ("data/real-inputs",)),
)


def main(bench: str) -> int:
    """Run every measure; the data lies beside the folder of the scorer."""
    script = Path(bench)
    if not script.is_file():
        print(f"make bench measures on data outside the project; {script} is not there, name it: make bench BENCH=...")
        return 0
    shared = script.parents[1]
    for verb, data, more in MEASURES:
        print(f"\n{verb} {data}", flush=True)
        subprocess.run([sys.executable, script, verb, shared / data, *(shared / path for path in more)], check=True)
    print("\nlanguage model", flush=True)
    sets = (shared / "data/treebanks", shared / "data/ner")
    subprocess.run([sys.executable, "-m", "benchmarks.language_model.evaluate", *sets], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
