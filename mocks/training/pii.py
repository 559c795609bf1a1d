"""Measure personal data detection on Presidio's synthetic documents.

python mocks/training/pii.py --data DIR [--show N]

DIR holds presidio-research (microsoft/presidio-research @ 7622dec1e5f7, MIT): data/synth_dataset_v2.json. Its types
are mapped to Comprehend's; types that Comprehend does not call personal data are left out. A piece counts as found
when one of the same type overlaps it; the names and addresses of this set also train the model of names, so their
figures here are no measure of it.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from aiservices_mocks.engines import pii

_TYPES = {
    "PERSON": "NAME",
    "STREET_ADDRESS": "ADDRESS",
    "GPE": "ADDRESS",
    "ZIP_CODE": "ADDRESS",
    "CREDIT_CARD": "CREDIT_DEBIT_NUMBER",
    "DATE_TIME": "DATE_TIME",
    "PHONE_NUMBER": "PHONE",
    "AGE": "AGE",
    "EMAIL_ADDRESS": "EMAIL",
    "DOMAIN_NAME": "URL",
    "IBAN_CODE": "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
    "US_SSN": "SSN",
    "IP_ADDRESS": "IP_ADDRESS",
    "US_DRIVER_LICENSE": "DRIVER_ID",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    documents = json.loads((options.data / "presidio-research" / "data" / "synth_dataset_v2.json").read_text("utf-8"))
    hit: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    false: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    for document in documents:
        text = document["full_text"]
        truth = [
            (s["start_position"], s["end_position"], _TYPES[s["entity_type"]])
            for s in document["spans"]
            if s["entity_type"] in _TYPES
        ]
        found = pii.find(text, "en")
        for begin, end, kind in truth:
            if any(f.type == kind and f.begin < end and begin < f.end for f in found):
                hit[kind] += 1
            else:
                missed[kind] += 1
                if shown[f"-{kind}"] < options.show:
                    shown[f"-{kind}"] += 1
                    print(
                        "missed",
                        kind,
                        repr(text[max(0, begin - 40) : begin]),
                        repr(text[begin:end]),
                        [f[3:] for f in found if f.begin < end and begin < f.end],
                    )
        for f in found:
            if not any(f.type == kind and f.begin < end and begin < f.end for begin, end, kind in truth):
                false[f.type] += 1
                if shown[f"+{f.type}"] < options.show:
                    shown[f"+{f.type}"] += 1
                    print("false", f.type, repr(text[max(0, f.begin - 40) : f.begin]), repr(f.text))
    for kinds, name in (
        (set(_TYPES.values()) - {"NAME", "ADDRESS"}, "without names and addresses"),
        (set(hit) | set(missed) | set(false), "all"),
    ):
        h, m, f = (sum(counter[kind] for kind in kinds) for counter in (hit, missed, false))
        print(f"micro F1 {2 * h / (2 * h + m + f):.3f} {name}")
    for kind in sorted(set(hit) | set(missed) | set(false)):
        h, m, f = hit[kind], missed[kind], false[kind]
        print(f"  {kind}: precision {h / max(1, h + f):.3f}, recall {h / max(1, h + m):.3f} of {h + m}")


if __name__ == "__main__":
    main()
