"""`aiservices costs`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aiservices_mocks import Clock, Mock

from aiservices import AI
from aiservices.__main__ import main

from .test_ledger import NOON


@pytest.fixture
def place(tmp_path: Path) -> str:
    place = str(tmp_path / "costs.db")
    with AI(backend=Mock(clock=Clock.manual(NOON)), ledger=place) as ai:
        with ai.scope(tags={"tenant": "acme, inc"}):
            ai.comprehend.detect_sentiment(text="hi", language_code="en")
        ai.polly.synthesize_speech(text="hello", output_format="mp3", voice_id="Joanna")
    return place


def test_a_table(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["costs", place]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "operation                   calls  unpriced    billed     saved",
        "comprehend.DetectSentiment      1         0  0.000000  0.000300",
        "polly.SynthesizeSpeech          1         0  0.000000  0.000020",
        "total                           2         0  0.000000  0.000320",
    ]


def test_csv(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["costs", place, "--by", "tag:tenant", "--csv"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "tag:tenant,calls,unpriced,billed,saved", ",1,0,0,0.000020", '"acme, inc",1,0,0,0.0003',
    ]  # fmt: skip


def test_json(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["costs", place, "--by", "day", "--json", "--since", "2026-03-31", "--until", "2026-03-31"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"day": "2026-03-31", "calls": 2, "unpriced": 0, "billed": "0", "saved": "0.000320"}
    ]
    assert main(["costs", place, "--json", "--since", "2026-04-01"]) == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["none.db"], "there is no ledger 'none.db'"),
        ([__file__], "it is no ledger"),
        (["", "--by", "colour"], "give one of"),
    ],
)
def test_what_goes_wrong(place: str, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["costs", *(argument or place for argument in arguments)]) == 2
    assert says in capsys.readouterr().err
