"""What is found in a picture: made up from its bytes until an engine looks at it; what is asked for is kept to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from aiservices.call import Reply

from ..service import schema, stateful
from .images import Images
from .inventions import Inventor, compared, face_members, shown

LABEL_MODEL = "3.0"
MODERATION_MODEL = "7.0"
_EQUIPMENT_MODEL = "1.0"
_LEAST_EQUIPMENT, _MOST_EQUIPMENT = 64, 4096
"""Pixels a side of a picture that is looked at for protective equipment."""
_MOST_LABELS = 10_000
"""Pixels a side of a picture that is looked at for labels."""
_COVERS = {"FACE": "FACE_COVER", "HEAD": "HEAD_COVER", "LEFT_HAND": "HAND_COVER", "RIGHT_HAND": "HAND_COVER"}
_NOT_READY = ("TRAINING_IN_PROGRESS", "TRAINING_FAILED", "COPYING_IN_PROGRESS", "COPYING_FAILED")


class Detection(Images):
    """Labels, faces, unsafe content, protective equipment and celebrities."""

    @schema
    def detect_labels(
        self,
        image: Mapping[str, Any],
        max_labels: int | None = None,
        min_confidence: float = 55.0,
        features: Sequence[str] = ("GENERAL_LABELS",),
        settings: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Labels, the surest first; and colours, where they are asked for."""
        picture = self._picture(image, most=_MOST_LABELS)
        reply: Reply = {"LabelModelVersion": LABEL_MODEL}
        told = settings or {}
        if "GENERAL_LABELS" in features or not features:
            inventor = Inventor(self.world.seed, "labels", picture.digest)
            labels = [inventor.label() for _ in range(inventor.count(3, 8))]
            found = chosen_labels(labels, told.get("GeneralLabels", {}), min_confidence)
            reply["Labels"] = sorted(found, key=lambda label: -label["Confidence"])[:max_labels]
        if "IMAGE_PROPERTIES" in features:
            most = told.get("ImageProperties", {}).get("MaxDominantColors", 10)
            reply["ImageProperties"] = self._properties(picture.digest, most)
        return reply

    def _properties(self, digest: str, most: int) -> dict[str, Any]:
        inventor = Inventor(self.world.seed, "colours", digest)
        quality = {name: inventor.confidence() for name in ("Brightness", "Sharpness", "Contrast")}
        colours = []
        for _ in range(min(most, 3)):
            red, green, blue = (inventor.count(0, 255) for _ in range(3))
            code = {"Red": red, "Green": green, "Blue": blue, "HexCode": f"#{red:02x}{green:02x}{blue:02x}"}
            colours.append({**code, "PixelPercent": round(inventor.confidence(0) / 3, 4)})
        return {"Quality": quality, "DominantColors": sorted(colours, key=lambda colour: -colour["PixelPercent"])}

    @schema
    def detect_faces(self, image: Mapping[str, Any], attributes: Sequence[str] = ()) -> Reply:
        """Faces with the attributes that are asked for, the largest first."""
        faces, members = self._faces_in(self._picture(image)), face_members(attributes)
        return {"FaceDetails": [shown(face, members) for face in faces]}

    @schema
    def detect_moderation_labels(
        self,
        image: Mapping[str, Any],
        min_confidence: float = 50.0,
        human_loop_config: Mapping[str, Any] | None = None,
        project_version: str | None = None,
    ) -> Reply:
        """Labels of unsafe content, each below its parent."""
        adapter = {} if project_version is None else {"ProjectVersion": project_version}
        if project_version is not None:
            self._check_adapter(project_version, "DetectModerationLabels")
        picture = self._picture(image, most=_MOST_LABELS)
        return {**self._moderation(picture.digest, min_confidence), **adapter}

    def _check_adapter(self, arn: str, operation: str) -> None:
        """An adapter is a trained model of a project for content moderation; it need not be started."""
        adapter = self._record("ProjectVersion", operation, ProjectVersionArn=arn)
        self._check_feature(adapter, "CONTENT_MODERATION")
        status = self.keepers["ProjectVersion"].status(adapter)
        if status in _NOT_READY:
            raise self.error("ResourceNotReadyException", f"The adapter is {status}.")

    def _moderation(self, digest: str, least: float) -> dict[str, Any]:
        """What DetectModerationLabels and bulk analysis say of a picture."""
        labels = Inventor(self.world.seed, "moderation", digest).moderation()
        kept = [label for label in labels if label["Confidence"] >= least]
        return {"ModerationLabels": kept, "ModerationModelVersion": MODERATION_MODEL, "ContentTypes": []}

    @schema
    def detect_protective_equipment(
        self, image: Mapping[str, Any], summarization_attributes: Mapping[str, Any] | None = None
    ) -> Reply:
        """Persons with what they wear, and which of them wear all that is required."""
        picture = self._picture(image, least=_LEAST_EQUIPMENT, most=_MOST_EQUIPMENT)
        inventor = Inventor(self.world.seed, "equipment", picture.digest)
        persons = [_person(inventor, id) for id in range(inventor.count(1, 3))]
        reply: Reply = {"ProtectiveEquipmentModelVersion": _EQUIPMENT_MODEL, "Persons": persons}
        if summarization_attributes is not None:
            reply["Summary"] = _summary(persons, summarization_attributes)
        return reply

    # Celebrities.

    @schema
    def recognize_celebrities(self, image: Mapping[str, Any]) -> Reply:
        """The largest face is somebody's who is made up and then known by id; the others are nobody's."""
        picture = self._picture(image)
        largest, *others = self._faces_in(picture)
        found = {"Face": compared(largest), "MatchConfidence": largest["Confidence"]}
        return {
            "CelebrityFaces": [{**self._recognized(picture.digest), **found}],
            "UnrecognizedFaces": [compared(face) for face in others],
        }

    def _celebrity(self, digest: str) -> dict[str, Any]:
        """Who a picture or video is said to show."""
        return Inventor(self.world.seed, "celebrity", digest).celebrity()

    def _recognized(self, digest: str) -> dict[str, Any]:
        """Who is shown; GetCelebrityInfo knows them from then on."""
        one = self._celebrity(digest)
        self.world.store.table(self.name, "celebrities").setdefault(one["Id"], deepcopy(one))
        return one

    @stateful
    def get_celebrity_info(self, id: str) -> Reply:
        """What is known of somebody who was recognized before."""
        one = self.world.store.table(self.name, "celebrities").get(id)
        if one is None:
            raise self.error("ResourceNotFoundException", "No celebrity with this id was recognized here.")
        return {name: one[name] for name in ("Urls", "Name", "KnownGender")}


def chosen_labels(labels: Sequence[dict[str, Any]], filters: Mapping[str, Any], least: float) -> list[dict[str, Any]]:
    """The labels that are sure enough and that the filters of `GeneralLabels` leave in."""

    def passes(label: Mapping[str, Any]) -> bool:
        categories = {category["Name"] for category in label["Categories"]}
        return bool(
            label["Confidence"] >= least
            and ("LabelInclusionFilters" not in filters or label["Name"] in filters["LabelInclusionFilters"])
            and label["Name"] not in filters.get("LabelExclusionFilters", ())
            and (
                "LabelCategoryInclusionFilters" not in filters
                or categories & {*filters["LabelCategoryInclusionFilters"]}
            )
            and not categories & {*filters.get("LabelCategoryExclusionFilters", ())}
        )

    return [label for label in labels if passes(label)]


def _person(inventor: Inventor, id: int) -> dict[str, Any]:
    parts = []
    for part, cover in _COVERS.items():
        found: list[dict[str, Any]] = []
        if inventor.count(0, 1):
            covers = {"Confidence": inventor.confidence(), "Value": True}
            worn = {"BoundingBox": inventor.box(0.2), "Confidence": inventor.confidence(), "Type": cover}
            found.append({**worn, "CoversBodyPart": covers})
        parts.append({"Name": part, "Confidence": inventor.confidence(), "EquipmentDetections": found})
    return {"BodyParts": parts, "BoundingBox": inventor.box(), "Confidence": inventor.confidence(), "Id": id}


def _summary(persons: Sequence[Mapping[str, Any]], asked: Mapping[str, Any]) -> dict[str, list[int]]:
    """Who wears all that is required, surely enough; who does not; and whose body parts cannot be told."""
    summary: dict[str, list[int]] = {
        "PersonsWithRequiredEquipment": [],
        "PersonsWithoutRequiredEquipment": [],
        "PersonsIndeterminate": [],
    }
    least = asked["MinConfidence"]
    for person in persons:
        parts = [part for part in person["BodyParts"] if _COVERS[part["Name"]] in asked["RequiredEquipmentTypes"]]
        worn = [any(found["Confidence"] >= least for found in part["EquipmentDetections"]) for part in parts]
        if person["Confidence"] < least or any(part["Confidence"] < least for part in parts):
            name = "PersonsIndeterminate"
        else:
            name = "PersonsWithRequiredEquipment" if all(worn) else "PersonsWithoutRequiredEquipment"
        summary[name].append(person["Id"])
    return summary
