"""Very many documents, and very large ones: how long they take, and how much memory."""

from __future__ import annotations

import json
import random
import time

from benchmarks.attacks.place import GOOD, Attack, Place

MODEL = 300  # megabytes of a process with the model loaded and one document done
WORDS = (
    "zinc copper iron light sleep blood liver brain cells mice rises falls blocks binds raises lowers and or but"
).split()


def prose(seed: int, sentences: int) -> str:
    """Sentences that differ."""
    draw = random.Random(seed)
    return " ".join(f"{' '.join(draw.choices(WORDS, k=9)).capitalize()}." for _ in range(sentences))


def ten_thousand(place: Place) -> str:
    place.write("one.txt", GOOD)
    alone = place.run(to="mechanisms").peak
    (place.raw / "one.txt").unlink()
    for part in range(20):
        texts = (f"{GOOD} {prose(part * 500 + number, 12)}" for number in range(500))
        place.lines(f"{part}.jsonl", *({"id": f"{number}", "text": text} for number, text in enumerate(texts)))
    done = place.run("--force", to="mechanisms", timeout=3000)
    grown = done.peak - alone
    seen = "at most 300 MB more" if grown <= MODEL else f"{grown:.0f} MB more"
    print(f"    {alone:.0f} MB with one document, {done.peak:.0f} MB with 10,000, {done.seconds:.0f} s", flush=True)
    return f"{place.counted(done)}, {seen}"


def many_files(place: Place) -> str:
    for number in range(6_000):
        place.write(f"{number % 60}/{number}.txt", f"{GOOD} {prose(number, 6)}")
    first = place.run(timeout=3000)
    seconds = []
    for _ in range(5):
        begun = time.monotonic()
        again = place.run()
        seconds.append(time.monotonic() - begun)
    size = sum(map(len, place.files().values())) / 1e6
    took = f"{first.seconds:.0f} s, then up to date in {min(seconds):.2f} to {max(seconds):.2f} s"
    print(f"    {took}, tables of {size:.0f} MB", flush=True)
    seen = "up to date in .5 s" if "up to date" in again.err and min(seconds) <= 0.5 else f"{min(seconds):.2f} s"
    return f"{place.counted(first)}, {seen}"


def large_text(place: Place) -> str:
    paragraphs = "\n\n".join(f"{GOOD} {prose(n, 8)}" for n in range(15_000_000 // 560))
    place.write("a.txt", paragraphs)
    limits = {"max_bytes": 50_000_000, "max_characters": 50_000_000, "max_seconds": 100_000, "max_memory": 16_000}
    (place.folder / "pipeline.toml").write_text("\n".join(f"{name} = {value}" for name, value in limits.items()))
    done = place.run(to="normalize", timeout=3000)
    print(f"    {len(paragraphs):,} characters, {done.seconds:.0f} s, {done.peak:.0f} MB", flush=True)
    return place.counted(done)


def long_lines(place: Place) -> str:
    record = json.dumps({"id": "x", "text": GOOD})
    place.write("a.jsonl", "\n".join(record.replace('"x"', f'"{n}"') for n in range(30_000)))
    done = place.run(to="repair", timeout=3000)
    return place.counted(done)


ATTACKS = (
    Attack("memory over 10,000 documents", ten_thousand, "exit 0, 10000 documents, 0 rejected, at most 300 MB more"),
    Attack("6,000 small files, and again", many_files, "exit 0, 6000 documents, 0 rejected, up to date in .5 s"),
    Attack("30,000 lines of one file", long_lines, "exit 0, 30000 documents, 0 rejected", new=True),
    Attack("15 MB of plain text under raised limits", large_text, "exit 0, 1 documents, 0 rejected"),
)
