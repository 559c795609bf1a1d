"""What is made up about pictures and videos until an engine looks at them: valid, and the same for the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from random import Random
from typing import Any

FACE_MODEL = "7.0"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_EMOTIONS = ("HAPPY", "SAD", "ANGRY", "CONFUSED", "DISGUSTED", "SURPRISED", "CALM", "FEAR")
_LANDMARKS = {
    "eyeLeft": (0.3, 0.4), "eyeRight": (0.7, 0.4), "mouthLeft": (0.35, 0.75), "mouthRight": (0.65, 0.75),
    "nose": (0.5, 0.58),
}  # fmt: skip
"""Where in a face's box they are."""
ALWAYS = frozenset(("BoundingBox", "Confidence", "Pose", "Quality", "Landmarks"))
"""What a face shows whatever attributes are asked for."""
_ATTRIBUTES = {
    "AGE_RANGE": "AgeRange", "BEARD": "Beard", "EMOTIONS": "Emotions", "EYE_DIRECTION": "EyeDirection",
    "EYEGLASSES": "Eyeglasses", "EYES_OPEN": "EyesOpen", "FACE_OCCLUDED": "FaceOccluded", "GENDER": "Gender",
    "MOUTH_OPEN": "MouthOpen", "MUSTACHE": "Mustache", "SMILE": "Smile", "SUNGLASSES": "Sunglasses",
}  # fmt: skip
_COMPARED = (*sorted(ALWAYS), "Emotions", "Smile")
"""What CompareFaces and RecognizeCelebrities show of a face."""


def face_members(asked: Sequence[str]) -> frozenset[str]:
    """The members of a face that `Attributes` or `DetectionAttributes` ask for."""
    if "ALL" in asked:
        return ALWAYS | {*_ATTRIBUTES.values()}
    return ALWAYS | {_ATTRIBUTES[name] for name in asked if name in _ATTRIBUTES}


def shown(face: dict[str, Any], members: frozenset[str]) -> dict[str, Any]:
    """A face with these members only."""
    return {name: value for name, value in face.items() if name in members}


def compared(face: dict[str, Any]) -> dict[str, Any]:
    """A face as CompareFaces and RecognizeCelebrities show it."""
    return {name: face[name] for name in _COMPARED}


class Inventor:
    """Makes things up that follow from a seed and parts, such as the digest of a picture."""

    def __init__(self, seed: int, *parts: object) -> None:
        digest = blake2b(repr((seed, *parts)).encode("utf-8", "surrogatepass"), digest_size=8).digest()
        self._random = Random(int.from_bytes(digest, "big"))

    def count(self, least: int, most: int) -> int:
        """How many."""
        return self._random.randint(least, most)

    def word(self) -> str:
        """A name of nothing."""
        return "".join(self._random.choices(_LETTERS, k=self._random.randint(4, 9))).capitalize()

    def id(self) -> str:
        """As celebrities have it."""
        return "".join(self._random.choices(_LETTERS + "0123456789", k=7))

    def one_of(self, names: Sequence[str]) -> str:
        """One of them."""
        return self._random.choice(names)

    def confidence(self, least: float = 50.0) -> float:
        """Per cent, at least so many."""
        return round(self._random.uniform(least, 100.0), 4)

    def box(self, most: float = 0.6) -> dict[str, float]:
        """A box inside of the picture whose sides are at most this share of it."""
        width, height = (round(self._random.uniform(most / 4, most), 6) for _ in range(2))
        left, top = (round(self._random.uniform(0, 1 - side - 1e-6), 6) for side in (width, height))
        return {"Width": width, "Height": height, "Left": left, "Top": top}

    def geometry(self, most: float = 0.4) -> dict[str, Any]:
        """A box and its corners."""
        box = self.box(most)
        left, top = box["Left"], box["Top"]
        right, bottom = round(left + box["Width"], 6), round(top + box["Height"], 6)
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        return {"BoundingBox": box, "Polygon": [{"X": x, "Y": y} for x, y in corners]}

    def faces(self) -> list[dict[str, Any]]:
        """One to three faces with all that FaceDetail has, the largest first."""
        found = [self.face() for _ in range(self.count(1, 3))]
        return sorted(found, key=lambda face: -face["BoundingBox"]["Width"] * face["BoundingBox"]["Height"])

    def face(self) -> dict[str, Any]:
        """A face with all that FaceDetail has."""
        box, low = self.box(), self.count(18, 60)
        marks = [
            {"Type": name, "X": round(box["Left"] + x * box["Width"], 6), "Y": round(box["Top"] + y * box["Height"], 6)}
            for name, (x, y) in _LANDMARKS.items()
        ]
        emotions = [{"Type": name, "Confidence": self.confidence(0)} for name in self._random.sample(_EMOTIONS, 3)]
        kinds = ("Smile", "Eyeglasses", "Sunglasses", "Beard", "Mustache", "EyesOpen", "MouthOpen", "FaceOccluded")
        return {
            "BoundingBox": box,
            "Confidence": self.confidence(99),
            "AgeRange": {"Low": low, "High": low + 8},
            "Gender": {"Value": self.one_of(("Male", "Female")), "Confidence": self.confidence()},
            **{kind: {"Value": self._random.random() < 0.5, "Confidence": self.confidence()} for kind in kinds},
            "Emotions": sorted(emotions, key=lambda emotion: -emotion["Confidence"]),
            "EyeDirection": {"Yaw": self._angle(), "Pitch": self._angle(), "Confidence": self.confidence()},
            "Landmarks": marks,
            "Pose": {"Roll": self._angle(), "Yaw": self._angle(), "Pitch": self._angle()},
            "Quality": {"Brightness": self.confidence(), "Sharpness": self.confidence()},
        }

    def celebrity(self) -> dict[str, Any]:
        """Somebody who is nobody."""
        name = f"{self.word()} {self.word()}"
        return {"Urls": [], "Name": name, "Id": self.id(), "KnownGender": {"Type": self.one_of(("Male", "Female"))}}

    def label(self) -> dict[str, Any]:
        """A label as DetectLabels and GetLabelDetection show it."""
        count = self.count(0, 2)
        instances = [{"BoundingBox": self.box(), "Confidence": self.confidence(), "DominantColors": []}] * min(count, 1)
        return {
            "Name": self.word(),
            "Confidence": self.confidence(40),
            "Instances": instances,
            "Parents": [{"Name": self.word()} for _ in range(count)],
            "Aliases": [],
            "Categories": [{"Name": self.word()}],
        }

    def moderation(self) -> list[dict[str, Any]]:
        """A label of the first level and one of the second below it, or none."""
        if self.count(0, 3) == 0:
            return []
        first = {"Name": self.word(), "ParentName": "", "Confidence": self.confidence(40), "TaxonomyLevel": 1}
        second = {"Name": self.word(), "ParentName": first["Name"], "TaxonomyLevel": 2}
        return [first, {**second, "Confidence": first["Confidence"]}]

    def _angle(self) -> float:
        return round(self._random.uniform(-30, 30), 4)
