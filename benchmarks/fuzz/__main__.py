"""``python -m benchmarks.fuzz TARGET SECONDS``: a target of ``targets`` under atheris (``pip install atheris``).

Counted are CPU seconds. What breaks a promise, raises or takes long is kept in build/fuzz/TARGET, the first of each
place in the code, and the search goes on; seeds are the project's own cases and samples, and any folders named after.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

KEPT = Path("build/fuzz")
SLOW = 5.0  # CPU seconds
_LONGEST = 8_000  # bytes of an input
_OF_ARRAYS = ["pipeline.content.boosting", "pipeline.content.features"]  # atheris never frees what it saw compared


class Search:
    """Runs a target, keeps what fails, and stops when its time is over."""

    def __init__(self, name: str, seconds: float) -> None:
        from benchmarks.fuzz.targets import TARGETS

        self.name, self.target, self.seconds = name, TARGETS[name], seconds
        self.tries = 0
        self.found: dict[str, int] = {}
        self.start = time.process_time()

    def __call__(self, data: bytes) -> None:
        """One try."""
        self.tries += 1
        begun = time.process_time()
        try:
            self.target(data)
        except Exception as error:  # that is what is looked for
            self._keep(data, _place(error), repr(error))
        now = time.process_time()
        if now - begun > SLOW:
            self._keep(data, "slow", f"took {now - begun:.1f} s")
        if now - self.start > self.seconds:
            print(f"{self.name}: {sum(self.found.values())} complaints in {self.tries} tries", flush=True)
            os._exit(int(bool(self.found)))

    def _keep(self, data: bytes, place: str, said: str) -> None:
        self.found[place] = self.found.get(place, 0) + 1
        if self.found[place] == 1:
            path = KEPT / self.name / hashlib.sha256(data).hexdigest()[:16]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            print(f"{self.name} try {self.tries}: {place}: {said[:300]}; {path}", flush=True)


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno} {str(error)[:40]}"


def seeds() -> Iterator[bytes]:
    """The inputs of the project's cases and samples, behind the byte that tells a target their type."""
    for path in sorted(Path("tests/cases").rglob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            case = json.loads(line)
            if "data" in case:  # what was found before
                yield bytes.fromhex(case["data"])
                continue
            text = case.get("original") or case.get("text") or ""
            yield bytes([0 if "<" in text else 1]) + str(text).encode("utf-8", "replace")[: _LONGEST - 1]
    for path in sorted(path for path in Path("raw").iterdir() if path.is_file()):
        yield b"\0" + path.read_bytes()[: _LONGEST - 1]


def containers() -> Iterator[bytes]:
    """A page in every container, behind the byte that tells the readers which."""
    from benchmarks.fuzz.targets import NAMES
    from tests.containers import MAKERS, PAGE

    for name, make in MAKERS.items():
        suffix = name[name.index(".") :]
        if (number := next((i for i, one in enumerate(NAMES) if one.endswith(suffix)), -1)) >= 0:
            packed = suffix.endswith((".gz", ".zst"))
            yield bytes([number + 198 * packed]) + make(PAGE)  # 198 is a multiple of the number of names


def main(name: str, seconds: str, *folders: str) -> None:
    """Look for inputs that break the promises of a target."""
    import atheris

    with atheris.instrument_imports(include=["pipeline"], exclude=_OF_ARRAYS):
        from benchmarks.fuzz import targets  # noqa: F401 (imported here to be watched)
    corpus = KEPT / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for data in (*seeds(), *(containers() if name == "readers" else ())):
        (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    given = [sys.argv[0], str(corpus), *folders, f"-max_len={_LONGEST}", "-timeout=3600", "-rss_limit_mb=4000"]
    atheris.Setup([*given, f"-artifact_prefix={KEPT}/", "-verbosity=0"], Search(name, float(seconds)))
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
