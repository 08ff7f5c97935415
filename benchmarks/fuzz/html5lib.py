"""``python -m benchmarks.fuzz.html5lib FOLDER``: the inputs of html5lib-tests (MIT), against what is promised of any.

Those of tree construction and of the tokenizer, each as a page, as plain text and as Markdown.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.fuzz.targets import TARGETS, TYPES

_DATA = re.compile(r"#data\n(.*?)\n#errors", re.S)
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def inputs(folder: Path) -> Iterator[str]:
    """Every input, lone surrogates as the replacement character."""
    for path in sorted(folder.glob("tree-construction/**/*.dat")):
        yield from _DATA.findall(path.read_text("utf-8"))
    for path in sorted(folder.glob("tokenizer/*.test")):
        held = json.loads(path.read_text("utf-8"))
        for test in held.get("tests", held.get("xmlViolationTests", [])):
            text = test["input"]
            if test.get("doubleEscaped"):
                text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
            yield text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def main(folder: str) -> int:
    """Print the inputs of which a promise does not hold, and how many inputs there are."""
    given = list(inputs(Path(folder)))
    bad = 0
    for text in given:
        tries = [(name, bytes([kind])) for name in ("repair", "content") for kind in range(len(TYPES))]
        for name, kind in (*tries, ("normalize", b"")):
            try:
                TARGETS[name](kind + text.encode())
            except Exception as error:  # that is what is looked for
                bad += 1
                print(name, repr(text[:100]), repr(error)[:200])
    print(f"{bad} complaints of {len(given)} inputs")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
