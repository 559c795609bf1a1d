"""What is asked of a picture is kept to, and what AWS cannot look at is refused with its errors."""

from __future__ import annotations

import io
import sys
from functools import cache
from typing import Any

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.rekognition import text
from aiservices_mocks.rekognition.images import size

from aiservices import AI
from aiservices.errors import BadRequestError, NotFoundError
from tests.documents import Leaf, pdf, scan
from tests.pictures import png

OPERATIONS = (
    "detect_labels",
    "detect_faces",
    "detect_moderation_labels",
    "detect_protective_equipment",
    "recognize_celebrities",
    "detect_text",
)


def jpeg(width: int = 96, height: int = 80, **how: Any) -> bytes:
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(made, "JPEG", **how)
    return made.getvalue()


def code(operation: Any, image: dict[str, Any]) -> str:
    with pytest.raises(BadRequestError) as caught:
        operation(image=image)
    return caught.value.code


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_is_no_picture_is_refused(name: str, ai: Any, mock: Mock) -> None:
    operation = getattr(ai.rekognition, name)
    assert code(operation, {"Bytes": b"GIF89a"}) == "InvalidImageFormatException"
    assert code(operation, {"Bytes": png()[:60]}) == "InvalidImageFormatException"
    assert code(operation, {"Bytes": jpeg()[:12]}) == "InvalidImageFormatException"
    assert code(operation, {"Bytes": png(0, 20, 20)}) == "InvalidParameterException"
    assert code(operation, {}) == "InvalidParameterException"
    assert code(operation, {"Bytes": png(), "S3Object": {"Bucket": "pictures", "Name": "a.png"}}) == (
        "InvalidParameterException"
    )
    assert code(operation, {"S3Object": {"Bucket": "pictures", "Name": "a.png"}}) == "InvalidS3ObjectException"
    mock.s3["pictures/large.png"] = png() + bytes(15 * 1024 * 1024)
    assert code(operation, {"S3Object": {"Bucket": "pictures", "Name": "large.png"}}) == "ImageTooLargeException"


@pytest.mark.parametrize("name", OPERATIONS[:5])
def test_the_same_picture_is_answered_the_same_from_wherever_it_comes(name: str, ai: Any, mock: Mock) -> None:
    mock.s3["pictures/a.png"] = png()
    operation = getattr(ai.rekognition, name)
    here, there = (
        operation(image={"Bytes": png()}),
        operation(image={"S3Object": {"Bucket": "pictures", "Name": "a.png"}}),
    )
    assert here.model_dump(exclude={"meta"}) == there.model_dump(exclude={"meta"})
    assert here.meta.fidelity == "schema"


def test_pictures_have_a_largest_side(ai: Any) -> None:
    wide = {"Bytes": png(0, 4100, 90)}
    assert code(ai.rekognition.detect_protective_equipment, wide) == "ImageTooLargeException"
    assert ai.rekognition.detect_labels(image=wide).label_model_version == "3.0"
    assert code(ai.rekognition.detect_moderation_labels, {"Bytes": png(0, 10_001, 80)}) == "ImageTooLargeException"
    small = {"Bytes": png(0, 70, 70)}
    assert ai.rekognition.detect_protective_equipment(image=small).persons
    assert code(ai.rekognition.detect_labels, small) == "InvalidParameterException"


@pytest.mark.parametrize("how", [{}, {"progressive": True}, {"exif": b"Exif\0\0MM\0*" + bytes(40)}])
def test_the_size_of_a_jpeg_is_read_from_its_header(how: dict[str, Any]) -> None:
    assert size(jpeg(321, 123, **how)) == ("JPEG", 321, 123)
    assert size(png(0, 321, 123)) == ("PNG", 321, 123)
    assert size(jpeg()[:30]) is None


def test_without_pillow_the_header_must_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with AI(backend="mock") as ai:
        assert ai.rekognition.detect_faces(image={"Bytes": png()[:60]}).face_details
        with pytest.raises(BadRequestError, match="InvalidImageFormat"):
            ai.rekognition.detect_faces(image={"Bytes": b"GIF89a"})


def test_labels_are_as_sure_and_as_many_as_asked(ai: Any) -> None:
    image = {"Bytes": png(3)}
    every = ai.rekognition.detect_labels(image=image, min_confidence=0).labels
    sure = [label.confidence for label in every]
    assert sure == sorted(sure, reverse=True)
    assert len(every) >= 3
    assert ai.rekognition.detect_labels(image=image, min_confidence=0, max_labels=2).labels == every[:2]
    least = sure[1]
    assert ai.rekognition.detect_labels(image=image, min_confidence=least).labels == every[:2]
    assert all(label.confidence >= 55 for label in ai.rekognition.detect_labels(image=image).labels)


def test_labels_pass_the_filters(ai: Any) -> None:
    image = {"Bytes": png(3)}

    def names(**filters: list[str]) -> list[str]:
        asked = {"GeneralLabels": filters}
        reply = ai.rekognition.detect_labels(image=image, min_confidence=0, settings=asked)
        return [label.name for label in reply.labels]

    every = ai.rekognition.detect_labels(image=image, min_confidence=0).labels
    first, rest = every[0], [label.name for label in every[1:]]
    assert names(LabelInclusionFilters=[first.name]) == [first.name]
    assert names(LabelExclusionFilters=[first.name]) == rest
    assert names(LabelCategoryInclusionFilters=[first.categories[0].name]) == [first.name]
    assert names(LabelCategoryExclusionFilters=[first.categories[0].name]) == rest


def test_colours_are_told_only_where_asked(ai: Any) -> None:
    image = {"Bytes": png()}
    plain = ai.rekognition.detect_labels(image=image)
    assert plain.image_properties is None
    asked = {"ImageProperties": {"MaxDominantColors": 2}}
    coloured = ai.rekognition.detect_labels(image=image, features=["IMAGE_PROPERTIES"], settings=asked)
    assert (coloured.labels, len(coloured.image_properties.dominant_colors)) == ([], 2)


def test_faces_show_the_attributes_that_are_asked_for(ai: Any) -> None:
    def members(*attributes: str) -> set[str]:
        asked = {"attributes": list(attributes)} if attributes else {}
        face = ai.rekognition.detect_faces(image={"Bytes": png()}, **asked).face_details[0]
        return {name for name, value in face.model_dump().items() if value not in (None, [])}

    default = {"bounding_box", "confidence", "landmarks", "pose", "quality"}
    assert members() == members("DEFAULT") == default
    assert members("DEFAULT", "AGE_RANGE", "SMILE") == default | {"age_range", "smile"}
    assert members("ALL") >= default | {"emotions", "eye_direction", "face_occluded", "sunglasses", "gender"}


def test_unsafe_content_stands_below_its_parent(ai: Any) -> None:
    found = 0
    for seed in range(12):
        labels = ai.rekognition.detect_moderation_labels(image={"Bytes": png(seed)}, min_confidence=0).moderation_labels
        for parent, child in zip(labels[::2], labels[1::2], strict=True):
            assert (parent.parent_name, parent.taxonomy_level) == ("", 1)
            assert (child.parent_name, child.taxonomy_level) == (parent.name, 2)
            found += 1
        sure = ai.rekognition.detect_moderation_labels(image={"Bytes": png(seed)}, min_confidence=100)
        assert sure.moderation_labels == []
    assert found


def test_an_adapter_must_be_there(ai: Any) -> None:
    arn = "arn:aws:rekognition:us-east-1:123456789012:project/safe/version/one/1"
    with pytest.raises(NotFoundError):
        ai.rekognition.detect_moderation_labels(image={"Bytes": png()}, project_version=arn)


def test_the_summary_says_who_wears_what_is_required(ai: Any) -> None:
    required = ["HEAD_COVER", "HAND_COVER"]
    for seed in range(8):
        asked = {"MinConfidence": 60.0, "RequiredEquipmentTypes": required}
        reply = ai.rekognition.detect_protective_equipment(image={"Bytes": png(seed)}, summarization_attributes=asked)
        summary = reply.summary
        told = [
            *summary.persons_with_required_equipment,
            *summary.persons_without_required_equipment,
            *summary.persons_indeterminate,
        ]
        assert sorted(told) == [person.id for person in reply.persons]
        for person in reply.persons:
            parts = [part for part in person.body_parts if part.name != "FACE"]
            worn = [[one for one in part.equipment_detections if one.confidence >= 60] for part in parts]
            if person.id in summary.persons_with_required_equipment:
                assert all(worn)
            elif person.id in summary.persons_without_required_equipment:
                assert not all(worn)
    assert ai.rekognition.detect_protective_equipment(image={"Bytes": png()}).summary is None


def test_who_was_recognized_is_known_by_id(ai: Any) -> None:
    with pytest.raises(NotFoundError):
        ai.rekognition.get_celebrity_info(id="nobody1")
    one = ai.rekognition.recognize_celebrities(image={"Bytes": png()}).celebrity_faces[0]
    known = ai.rekognition.get_celebrity_info(id=one.id)
    assert (known.name, known.urls, known.known_gender) == (one.name, one.urls, one.known_gender)


@cache
def poster() -> bytes:
    """Two lines of two words."""
    leaf = Leaf()
    leaf.text(60, 80, "Dear Ada", size=24)
    leaf.text(60, 400, "Total 42", size=24)
    return scan(pdf(leaf), dpi=80)


def test_text_is_read_with_lines_words_and_places(ai: Any) -> None:
    reply = ai.rekognition.detect_text(image={"Bytes": poster()})
    assert (reply.meta.fidelity, reply.meta.engine) == ("computed", "rapidocr")
    lines = [one for one in reply.text_detections if one.type == "LINE"]
    words = [one for one in reply.text_detections if one.type == "WORD"]
    assert [line.detected_text for line in lines] == ["Dear Ada", "Total 42"]
    assert [(word.detected_text, word.parent_id) for word in words] == [
        ("Dear", 0),
        ("Ada", 0),
        ("Total", 1),
        ("42", 1),
    ]
    assert [one.id for one in reply.text_detections] == list(range(6))
    assert lines[0].geometry.bounding_box.top < 0.2 < lines[1].geometry.bounding_box.top
    assert all(one.parent_id is None for one in lines)


def test_text_outside_of_what_is_asked_for_is_left_out(ai: Any) -> None:
    def words(**filters: Any) -> list[str]:
        found = ai.rekognition.detect_text(image={"Bytes": poster()}, filters=filters).text_detections
        return [one.detected_text for one in found if one.type == "WORD"]

    below = {"BoundingBox": {"Left": 0.0, "Top": 0.3, "Width": 1.0, "Height": 0.7}}
    corners = [{"X": 0.0, "Y": 0.0}, {"X": 1.0, "Y": 0.0}, {"X": 0.0, "Y": 0.3}]
    assert words(RegionsOfInterest=[below, {"Polygon": corners}]) == ["Dear", "Ada", "Total", "42"]
    assert words(RegionsOfInterest=[{"Polygon": corners}]) == ["Dear", "Ada"]
    assert words(RegionsOfInterest=[below], WordFilter={"MinBoundingBoxWidth": 0.08}) == ["Total"]


def test_the_least_confidence_and_height_of_words_are_kept_to() -> None:
    geometry = {"BoundingBox": {"Left": 0.1, "Top": 0.1, "Width": 0.2, "Height": 0.05}}
    word = {"Id": "w", "BlockType": "WORD", "Text": "Ada", "Confidence": 70.0, "Geometry": geometry}
    line = {**word, "Id": "l", "BlockType": "LINE", "Relationships": [{"Type": "CHILD", "Ids": ["w"]}]}

    def count(**least: float) -> int:
        return len(text._detections([line, word], {"WordFilter": least}))

    assert (count(), count(MinConfidence=70.0), count(MinConfidence=71.0)) == (2, 2, 0)
    assert (count(MinBoundingBoxHeight=0.05), count(MinBoundingBoxHeight=0.06)) == (2, 0)
