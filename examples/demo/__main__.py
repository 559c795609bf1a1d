"""`python -m examples.demo [--out FOLDER]`: runs offline with AISERVICES_BACKEND=mock, as `make demo` does."""

from __future__ import annotations

import argparse
from pathlib import Path

from aiservices import AI
from aiservices.call import PRODUCTS

from . import documents, report, reviews, speech
from .section import Section

DATA = Path(__file__).parent.parent / "data"


def run(ai: AI, data: Path, out: Path) -> list[Section]:
    """Do the main job on the files of a folder; the audio and the report go to `out`."""
    out.mkdir(parents=True, exist_ok=True)
    opinions = reviews.study(ai, reviews.read_reviews(data / "reviews.csv"))
    sections = [reviews.section(opinions)]
    sections += documents.sections(ai, data)
    text, voice, audio = speech.speak(ai, speech.least_happy(opinions))
    path = out / "answer.mp3"
    audio.save(path)
    sections.append(speech.section(text, voice, audio, path))
    return sections


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m examples.demo", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("demo-out"), help="where the report goes")
    out = parser.parse_args().out
    with AI() as ai:
        sections = run(ai, DATA, out)
        for section in sections:
            print(section.to_text(), end="\n\n")
        print(ai.costs, end="\n\n")
        joined = {product: any(section.product == product for section in sections) for product in PRODUCTS}
        (out / "report.html").write_text(report.page(sections, ai.costs, joined), "utf-8")
    print("Joined:", ", ".join(name for name, yes in joined.items() if yes))
    print("To come:", ", ".join(name for name, yes in joined.items() if not yes) or "none")
    print(f"The report: {out / 'report.html'}")


if __name__ == "__main__":
    main()
