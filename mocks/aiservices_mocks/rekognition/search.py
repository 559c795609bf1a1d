"""Searches in collections.

Until an engine compares faces, two are the same person when they are the same face of the same bytes: a picture that
was indexed is found again by itself, and by nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from aiservices.call import Reply

from ..service import schema, stateful
from ..store import Record
from .faces import Collections, kept_face, looks
from .inventions import ALWAYS, FACE_MODEL, compared, shown

_MATCHES = 80
"""Faces or users that a search shows unless told."""
_SAME = 100.0


class Search(Collections):
    """Who is who."""

    @stateful
    def search_faces(
        self, collection_id: str, face_id: str, max_faces: int = _MATCHES, face_match_threshold: float | None = None
    ) -> Reply:
        """The other faces of a collection that are the same as one of them."""
        face = self._face(collection_id, face_id, "SearchFaces")
        others = (one for one in self._alike(collection_id, {face["looks"]}) if one["face"]["FaceId"] != face_id)
        matches = _matches(others, max_faces)
        return {"SearchedFaceId": face_id, "FaceMatches": matches, "FaceModelVersion": FACE_MODEL}

    @schema
    def search_faces_by_image(
        self,
        collection_id: str,
        image: Mapping[str, Any],
        max_faces: int = _MATCHES,
        face_match_threshold: float | None = None,
        quality_filter: str | None = None,
    ) -> Reply:
        """The faces of a collection that are the same as the largest of a picture."""
        self._record("Collection", "SearchFacesByImage", CollectionId=collection_id)
        picture = self._picture(image)
        largest = self._faces_in(picture)[0]
        return {
            "SearchedFaceBoundingBox": largest["BoundingBox"],
            "SearchedFaceConfidence": largest["Confidence"],
            "FaceMatches": _matches(self._alike(collection_id, {looks(picture)}), max_faces),
            "FaceModelVersion": FACE_MODEL,
        }

    @stateful
    def search_users(
        self,
        collection_id: str,
        user_id: str | None = None,
        face_id: str | None = None,
        user_match_threshold: float | None = None,
        max_users: int = _MATCHES,
    ) -> Reply:
        """The users who have a face that is the same as one, or as one of another user's."""
        if (user_id is None) == (face_id is None):
            raise self.error("InvalidParameterException", "Give one of UserId and FaceId, not both.")
        reply: Reply = {"FaceModelVersion": FACE_MODEL}
        if face_id is not None:
            wanted = {self._face(collection_id, face_id, "SearchUsers")["looks"]}
            reply["SearchedFace"] = {"FaceId": face_id}
        else:
            self._record("User", "SearchUsers", CollectionId=collection_id, UserId=str(user_id))
            wanted = {face["looks"] for face in self._faces_of(collection_id, str(user_id))}
            reply["SearchedUser"] = {"UserId": user_id}
        return reply | {"UserMatches": self._users(collection_id, wanted, max_users, but=user_id)}

    @schema
    def search_users_by_image(
        self,
        collection_id: str,
        image: Mapping[str, Any],
        user_match_threshold: float | None = None,
        max_users: int = _MATCHES,
        quality_filter: str | None = None,
    ) -> Reply:
        """The users who have a face that is the same as the largest of a picture."""
        self._record("Collection", "SearchUsersByImage", CollectionId=collection_id)
        picture = self._picture(image)
        largest, *others = self._faces_in(picture)
        return {
            "UserMatches": self._users(collection_id, {looks(picture)}, max_users),
            "FaceModelVersion": FACE_MODEL,
            "SearchedFace": {"FaceDetail": shown(largest, ALWAYS)},
            "UnsearchedFaces": [
                {"FaceDetails": shown(face, ALWAYS), "Reasons": ["FACE_NOT_LARGEST"]} for face in others
            ],
        }

    @schema
    def compare_faces(
        self,
        source_image: Mapping[str, Any],
        target_image: Mapping[str, Any],
        similarity_threshold: float | None = None,
        quality_filter: str | None = None,
    ) -> Reply:
        """The faces of a picture that are the same as the largest of another."""
        source, target = self._picture(source_image), self._picture(target_image)
        largest, faces = self._faces_in(source)[0], self._faces_in(target)
        same = [number for number in range(len(faces)) if looks(target, number) == looks(source)]
        return {
            "SourceImageFace": {name: largest[name] for name in ("BoundingBox", "Confidence")},
            "FaceMatches": [{"Similarity": _SAME, "Face": compared(faces[number])} for number in same],
            "UnmatchedFaces": [compared(face) for number, face in enumerate(faces) if number not in same],
        }

    def _face(self, collection: str, id: str, operation: str) -> Record:
        self._record("Collection", operation, CollectionId=collection)
        face = self._faces(collection).get(id)
        if face is None:
            raise self.error("InvalidParameterException", "faceId was not found in the collection")
        return face

    def _alike(self, collection: str, wanted: set[str]) -> Iterable[Record]:
        return (face for face in self._faces(collection).values() if face["looks"] in wanted)

    def _users(self, collection: str, wanted: set[str], most: int, but: str | None = None) -> list[dict[str, Any]]:
        """Those who have one of these faces, each with the state that they are in."""
        names = {face["user"]: None for face in self._alike(collection, wanted)}
        keeper = self.keepers["User"]
        users = [
            self._record("User", "SearchUsers", CollectionId=collection, UserId=name)
            for name in names
            if name not in (None, but)
        ]
        return [
            {
                "Similarity": _SAME,
                "User": {"UserId": user["members"]["UserId"], "UserStatus": keeper.look(user)},
            }
            for user in users[:most]
        ]


def _matches(faces: Iterable[Record], most: int) -> list[dict[str, Any]]:
    return [{"Similarity": _SAME, "Face": kept_face(face)} for face in faces][:most]
