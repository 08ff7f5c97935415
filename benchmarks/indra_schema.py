"""``python -m benchmarks.indra_schema INDRA.json SCHEMA.json``: do the exported statements hold INDRA's own schema?

The schema is ``statements_schema.json`` in the resources of the unpacked ``indra`` wheel (``make lexicon`` leaves it).
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import jsonschema


def main(statements: str, schema: str) -> int:
    """Print how many statements of each type there are, and the first that breaks the schema."""
    if not Path(schema).is_file():
        print(f"{schema} is not there; make lexicon unpacks it, or name the file.")
        return 0
    found = json.loads(Path(statements).read_text("utf-8"))
    error = next(jsonschema.Draft6Validator(json.loads(Path(schema).read_text("utf-8"))).iter_errors(found), None)
    kinds = Counter(statement["type"] for statement in found)
    print(f"{len(found)} statements:", ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))
    print(f"not valid: {error.message}" if error else "all valid")
    return int(error is not None)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
