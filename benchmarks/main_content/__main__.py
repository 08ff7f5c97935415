"""``python -m benchmarks.main_content FOLDER OUT``: train the models of content on all sets of a folder."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.main_content.train import train

if __name__ == "__main__":
    train(Path(sys.argv[1]), Path(sys.argv[2]))
