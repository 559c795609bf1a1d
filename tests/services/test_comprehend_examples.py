"""Examples for custom models: whatever form they come in, checked before a training that costs money begins."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from aiservices_mocks import Mock
from hypothesis import given
from hypothesis import strategies as st

from aiservices import AI
from aiservices.errors import InvalidCallError
from aiservices.services.comprehend import examples
from aiservices.services.comprehend.found import Span

PAIRS = [(f"text {n}", "a" if n % 2 else "b") for n in range(20)]


def read(given: Any, several_labels: bool | None = None) -> examples.Labelled:
    return examples.labelled(given, "text", "label", several_labels)


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


# Forms.


def test_pairs_frames_and_files_say_the_same(tmp_path: Path) -> None:
    wanted = read(PAIRS)
    assert read(iter(PAIRS)) == wanted
    frame = pd.DataFrame(PAIRS, columns=["text", "label"])
    assert read(frame) == wanted
    assert examples.labelled(frame.rename(columns={"text": "t", "label": "l"}), "t", "l") == wanted
    path = tmp_path / "examples.csv"
    path.write_bytes(wanted.to_csv("|"))
    assert read(path) == read(str(path)) == wanted
    for head in ("label,text", "Class,Document"):
        path.write_bytes(b"\xef\xbb\xbf" + head.encode() + b"\n\n" + wanted.to_csv("|"))
        assert read(path) == wanted
    frame.to_csv(path, index=False)
    assert read(path) == wanted


def test_labels_that_are_numbers_are_their_digits() -> None:
    frame = pd.DataFrame({"text": ["one", "two"], "label": np.array([1, 2], dtype=np.int32)})
    assert read(frame).counts == {"1": 1, "2": 1}
    assert read([("one", True)]).counts == {"True": 1}


def test_lists_of_labels_make_it_several() -> None:
    assert not read(PAIRS).several
    found = read([("one", ["a", "b", "a"]), ("two", {"c"}), ("three", "a")])
    assert found.several
    assert found.counts == {"a": 2, "b": 1, "c": 1}
    assert read(PAIRS, several_labels=True).several


def test_several_labels_in_a_file_stand_between_bars(tmp_path: Path) -> None:
    path = tmp_path / "examples.csv"
    path.write_text("a|b,one\na,two\n")
    assert read(path, several_labels=True).rows == ((("a", "b"), "one"), (("a",), "two"))
    assert read(path).rows == ((("a|b",), "one"), (("a",), "two"))
    assert not read(path).several


LABELS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=6)
SAID = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(str.strip)


@given(st.lists(st.tuples(SAID, st.lists(LABELS, min_size=1, max_size=3)), min_size=1, max_size=8))
def test_what_is_written_is_what_was_given(rows: list[tuple[str, list[str]]]) -> None:
    found = read(rows)
    sign = examples.delimiter(found)
    written = table(found.to_csv(sign))
    assert [cell.split(sign) for cell, _ in written] == [list(dict.fromkeys(labels)) for _, labels in rows]
    assert [len(text) for _, text in written] == [len(text) for text, _ in rows]
    assert all(len(text.splitlines()) == 1 for _, text in written)


def test_labels_of_all_signs_leave_none_between() -> None:
    with pytest.raises(InvalidCallError, match="signs that could stand between"):
        examples.delimiter(read([("one", "|~^;:#$%&*+=!?@/\\->_ x")]))


# What is wrong is said before anything is sent.


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "no examples"),
        (5, "not a int"),
        ({"a": "b"}, "not a dict"),
        (b"a,b", "not a bytes"),
        (["one", "two"], "example 1 is no pair"),
        ([("one", "a"), ("two", "a", "b")], "example 2 is no pair"),
        ([("one", "a"), ("", "a")], "text of example 2 is blank"),
        ([(None, "a")], "text of example 1 is a NoneType"),
        ([("one", None)], "label of example 1 is missing"),
        ([("one", float("nan"))], "label of example 1 is missing"),
        ([("one", pd.NA)], "label of example 1 is missing"),
        ([("one", " ")], "label of example 1 is missing"),
        ([("one", "a\nb")], "cannot be printed"),
        ([("one", [])], "example 1 has no label"),
        (pd.DataFrame({"txt": ["one"], "label": ["a"]}), 'no columns "text"'),
        (pd.DataFrame({"text": ["one"], "stars": ["a"]}), 'no columns "label"'),
        ("nowhere.csv", "there is no file"),
    ],
)
def test_wrong_examples(given: Any, message: str) -> None:
    with pytest.raises(InvalidCallError, match=message):
        read(given)


def test_a_list_where_one_label_is_said() -> None:
    with pytest.raises(InvalidCallError, match="several_labels=False"):
        read([("one", ["a", "b"])], several_labels=False)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no examples"),
        (b"a,one\nb\n", "row 2 of the CSV file has 1 columns"),
        (b"a,one,more\n", "row 1 of the CSV file has 3 columns"),
        ("a,Schön\n".encode("latin-1"), "not in UTF-8: byte 5"),
        ("a,one\n".encode("utf-16"), "not in UTF-8"),
        (b'a,"never ends\n', "CSV file cannot be read"),
        (b"a," + b"x" * 200_000 + b"\n", "CSV file cannot be read"),
    ],
)
def test_wrong_files(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "examples.csv"
    path.write_bytes(data)
    with pytest.raises(InvalidCallError, match=message):
        read(path)


def test_too_few_of_a_label() -> None:
    assert read(PAIRS).checked().counts == {"a": 10, "b": 10}
    with pytest.raises(InvalidCallError, match="1 of 2 labels have too few examples, one has 9"):
        read(PAIRS[:-1]).checked()
    with pytest.raises(InvalidCallError, match="have 1 label"):
        read([("one", "a")] * 20).checked()


def test_half_a_character_is_not_written() -> None:
    with pytest.raises(InvalidCallError, match="surrogate"):
        read([("\ud83d", "a")]).to_csv("|")


def test_nothing_is_sent_when_examples_are_wrong() -> None:
    mock = Mock()
    with AI(backend=mock) as ai:
        for wrong in ([("one", "a")], [], pd.DataFrame({"text": []})):
            with pytest.raises(InvalidCallError):
                ai.comprehend.train_classifier(wrong, "x")
        with pytest.raises(InvalidCallError, match="tests have 1 labels that no example has"):
            ai.comprehend.train_classifier(PAIRS, "x", tests=[("one", "a"), ("two", "c")])
        with pytest.raises(InvalidCallError, match="language_code"):
            ai.comprehend.train_classifier(PAIRS, "x", language_code=None)  # type: ignore[arg-type]  # wrong on purpose
        with pytest.raises(InvalidCallError, match="one of them"):
            ai.comprehend.train_entities(["one"] * 3, "x")
    mock.calls().times(0)


# Recognizers.

TEXTS = ["Ann met Bob.", "Bob left\nat once.", "👋 Ann"]
MARKS = [[(0, 3, "WHO"), Span("Bob", 8, 11, 1.0, "WHO")], [(0, 3, "WHO")], [(2, 5, "WHO")]]


def test_marks_are_written_as_aws_reads_them() -> None:
    found = examples.marked(TEXTS, None, None, [*MARKS[:2], [(np.int64(2), np.int64(5), "WHO")]])
    assert found.types == ["WHO"]
    lines = found.documents().decode().split("\n")
    assert lines == ["Ann met Bob.", "Bob left at once.", "👋 Ann", ""]
    head, *rows = table(found.annotations("docs.txt"))
    assert head == ["File", "Line", "Begin Offset", "End Offset", "Type"]
    assert [lines[int(line)][int(begin) : int(end)] for _, line, begin, end, _ in rows] == ["Ann", "Bob", "Bob", "Ann"]
    assert {row[0] for row in rows} == {"docs.txt"}


def test_names_come_in_many_forms(tmp_path: Path) -> None:
    wanted = (("Ann", "WHO"), ("Rome, Italy", "WHERE"))
    path = tmp_path / "names.csv"
    path.write_text('Text,Type\nAnn,WHO\n"Rome, Italy",WHERE\n')
    for given_names in (dict(wanted), list(wanted), pd.DataFrame(wanted, columns=["Text", "Type"]), path):
        found = examples.marked(TEXTS, None, given_names, None)
        assert found.names == wanted
        assert table(found.entity_list()) == [["Text", "Type"], *map(list, wanted)]
    assert examples.marked(pd.DataFrame({"t": TEXTS}), "t", dict(wanted), None).texts == tuple(TEXTS)


@pytest.mark.parametrize(
    ("documents", "names", "marks", "message"),
    [
        (TEXTS, None, None, "one of them"),
        (TEXTS, {"Ann": "WHO"}, MARKS, "one of them"),
        (TEXTS, None, MARKS[:2], r"long as the documents \(3\)"),
        (TEXTS, None, "marks", "long as the documents"),
        (TEXTS, None, [[(0, 99, "WHO")], [], []], "document 1 goes from 0 to 99, and the document has 12"),
        (TEXTS, None, [[], [], [(3, 3, "WHO")]], "document 3 goes from 3 to 3"),
        (TEXTS, None, [[(0, 3, "A,B")], [], []], "name without commas"),
        (TEXTS, {"Ann": ""}, None, "entry 1 of the entity list"),
        (TEXTS, [("Ann", "WHO"), "Bob"], None, "entry 2 of the entity list"),
        (TEXTS, {"Ann": "WHO\tX"}, None, "name without commas"),
        ([*TEXTS, ""], {"Ann": "WHO"}, None, "document 4: the text is empty"),
        ([None], {"Ann": "WHO"}, None, "document 1: there is no text"),
        (["\ud83d"], {"Ann": "WHO"}, None, "document 1: the text has half of a surrogate"),
        ("Ann", {"Ann": "WHO"}, None, "list or Series"),
        (TEXTS, 5, None, "not a int"),
        (TEXTS, [5], None, "entry 1 of the entity list"),
        (TEXTS, [("Ann",)], None, "entry 1 of the entity list"),
        (TEXTS, None, 5, "long as the documents"),
        (TEXTS, None, [None, [], []], "annotation of document 1 is no"),
        (TEXTS, None, [[], [(0, 3)], []], "annotation of document 2 is no"),
        (TEXTS, None, [[(0, "3", "WHO")], [], []], "annotation of document 1 is no"),
        (TEXTS, None, [[(0.5, 3.0, "WHO")], [], []], "annotation of document 1 is no"),
    ],
)
def test_wrong_documents_names_and_marks(documents: Any, names: Any, marks: Any, message: str) -> None:
    with pytest.raises(InvalidCallError, match=message):
        examples.marked(documents, None, names, marks)


def test_too_few_documents_marks_and_types() -> None:
    with pytest.raises(InvalidCallError, match="1 of 1 types have too few annotations, one has 4"):
        examples.marked(TEXTS, None, None, MARKS).checked()
    with pytest.raises(InvalidCallError, match="2 documents"):
        examples.marked(TEXTS[:2], None, {"Ann": "WHO"}, None).checked()
    with pytest.raises(InvalidCallError, match="26 types"):
        examples.marked(TEXTS, None, {f"name {n}": f"T{n}" for n in range(26)}, None).checked()
    assert examples.marked(TEXTS * 9, None, None, MARKS * 9).checked().types == ["WHO"]
