"""Collections, their users and the faces in them.

Which faces a picture shows is made up from its bytes until an engine looks at it; from then on a face is kept, listed,
associated, found and deleted as AWS does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any, ClassVar

from aiservices.call import Reply

from ..resources import Life, Resource
from ..service import schema, stateful
from ..store import Record
from .images import Images, Picture
from .inventions import FACE_MODEL, face_members, shown

_FACES = 20_000_000
"""Faces of one collection."""
_FACES_OF_USER = 100
_PAGE = 4096
"""Faces that are listed at a time, at most."""


def _created_arn(view: Mapping[str, Any]) -> Mapping[str, Any]:
    """CreateCollection tells it without `arn:`."""
    return {"CollectionArn": view["CollectionARN"].removeprefix("arn:")}


class Collections(Images):
    """Collections, users, and the faces that are indexed."""

    rows: ClassVar[tuple[Resource, ...]] = (
        Resource(
            "Collection",
            "CollectionId",
            arn="collection/{CollectionId}",
            arn_member="CollectionARN",
            defaults={"FaceModelVersion": FACE_MODEL, "StatusCode": 200},
            derived=_created_arn,
        ),
        Resource(
            "User",
            "UserId",
            parents={"CollectionId": "Collection"},
            life=Life("UserStatus", (("CREATED", 0),)),
        ),
    )

    # Collections.

    @stateful
    def describe_collection(self, collection_id: str) -> Reply:
        """A collection and how many faces and users it has."""
        reply = self.keep("DescribeCollection", {"collection_id": collection_id})
        users = self.keepers["User"].all({"CollectionId": collection_id})
        return {**reply, "FaceCount": len(self._faces(collection_id)), "UserCount": len(users)}

    @stateful
    def list_collections(self, **members: Any) -> Reply:
        """The collections, and beside each the version of its face model."""
        reply = self.keep("ListCollections", members)
        return {**reply, "FaceModelVersions": [FACE_MODEL] * len(reply["CollectionIds"])}

    @stateful
    def delete_collection(self, collection_id: str) -> Reply:
        """Forget a collection with its users and faces."""
        with self.world.lock:
            reply = self.keep("DeleteCollection", {"collection_id": collection_id})
            faces = self._faces(collection_id)
            for id in list(faces):
                del faces[id]
        return reply

    @stateful
    def delete_user(self, collection_id: str, user_id: str, client_request_token: str | None = None) -> Reply:
        """Forget a user; their faces stay in the collection and are nobody's."""

        def delete() -> Reply:
            self.keep("DeleteUser", {"collection_id": collection_id, "user_id": user_id})
            self._give(collection_id, self._faces_of(collection_id, user_id), None)
            return {}

        return self._once("DeleteUser", client_request_token, [collection_id, user_id], delete)

    # Faces.

    @schema
    def index_faces(
        self,
        collection_id: str,
        image: Mapping[str, Any],
        external_image_id: str | None = None,
        detection_attributes: Sequence[str] = (),
        max_faces: int | None = None,
        quality_filter: str | None = None,
    ) -> Reply:
        """Keep the faces of a picture. The faces are made up; that they are kept is not."""
        self._record("Collection", "IndexFaces", CollectionId=collection_id)
        picture = self._picture(image)
        found, members = self._faces_in(picture), face_members(detection_attributes)
        most = len(found) if max_faces is None else max_faces
        with self.world.lock:
            kept = self._faces(collection_id)
            if len(kept) + len(found[:most]) > _FACES:
                raise self.error("ServiceQuotaExceededException", f"A collection has at most {_FACES} faces.")
            about = {"ImageId": self.world.new_id(), "IndexFacesModelVersion": FACE_MODEL}
            if external_image_id is not None:
                about["ExternalImageId"] = external_image_id
            records = []
            for number, face in enumerate(found[:most]):
                id, box = self.world.new_id(), dict(face["BoundingBox"])
                told = {"FaceId": id, "BoundingBox": box, "Confidence": face["Confidence"], **about}
                kept[id] = {"face": told, "looks": looks(picture, number), "user": None}
                records.append({"Face": kept_face(kept[id]), "FaceDetail": shown(face, members)})
        left = [{"Reasons": ["EXCEEDS_MAX_FACES"], "FaceDetail": shown(face, members)} for face in found[most:]]
        return {"FaceRecords": records, "FaceModelVersion": FACE_MODEL, "UnindexedFaces": left}

    @stateful
    def list_faces(
        self,
        collection_id: str,
        next_token: str | None = None,
        max_results: int | None = None,
        user_id: str | None = None,
        face_ids: Sequence[str] | None = None,
    ) -> Reply:
        """The faces of a collection, or those of a user, or those of these ids that are in it."""
        self._record("Collection", "ListFaces", CollectionId=collection_id)
        if user_id is not None:
            self._record("User", "ListFaces", CollectionId=collection_id, UserId=user_id)
        faces = [
            face
            for id, face in self._faces(collection_id).items()
            if (user_id is None or face["user"] == user_id) and (face_ids is None or id in face_ids)
        ]
        params: dict[str, Any] = {"NextToken": next_token, "MaxResults": max_results, "CollectionId": collection_id}
        params |= {"UserId": user_id, "FaceIds": face_ids}
        page = self.listed("ListFaces", params, faces, "Faces", min(max_results or _PAGE, _PAGE))
        return {**page, "Faces": [kept_face(face) for face in page["Faces"]], "FaceModelVersion": FACE_MODEL}

    @stateful
    def delete_faces(self, collection_id: str, face_ids: Sequence[str]) -> Reply:
        """Forget faces that are no user's."""
        self._record("Collection", "DeleteFaces", CollectionId=collection_id)
        deleted, failed = [], []
        with self.world.lock:
            faces = self._faces(collection_id)
            for id in dict.fromkeys(face_ids):
                face = faces.get(id)
                if face is None:
                    failed.append({"FaceId": id, "Reasons": ["FACE_NOT_FOUND"]})
                elif face["user"] is not None:
                    failed.append({"FaceId": id, "UserId": face["user"], "Reasons": ["ASSOCIATED_TO_AN_EXISTING_USER"]})
                else:
                    del faces[id]
                    deleted.append(id)
        return {"UnsuccessfulFaceDeletions": failed} | ({"DeletedFaces": deleted} if deleted else {})

    # Faces of users.

    @stateful
    def associate_faces(
        self,
        collection_id: str,
        user_id: str,
        face_ids: Sequence[str],
        user_match_threshold: float | None = None,
        client_request_token: str | None = None,
    ) -> Reply:
        """Say that faces are a user's. Whether they look alike is not computed: none is refused for that."""

        def associate() -> Reply:
            given, failed, status = self._hand("AssociateFaces", collection_id, user_id, face_ids, to=user_id)
            return {"AssociatedFaces": given, "UnsuccessfulFaceAssociations": failed, "UserStatus": status}

        asked = [collection_id, user_id, [*face_ids], user_match_threshold]
        return self._once("AssociateFaces", client_request_token, asked, associate)

    @stateful
    def disassociate_faces(
        self,
        collection_id: str,
        user_id: str,
        face_ids: Sequence[str],
        client_request_token: str | None = None,
    ) -> Reply:
        """Say that faces are not a user's any more; they stay in the collection."""

        def disassociate() -> Reply:
            taken, failed, status = self._hand("DisassociateFaces", collection_id, user_id, face_ids, to=None)
            return {"DisassociatedFaces": taken, "UnsuccessfulFaceDisassociations": failed, "UserStatus": status}

        asked = [collection_id, user_id, [*face_ids]]
        return self._once("DisassociateFaces", client_request_token, asked, disassociate)

    def _once(self, operation: str, token: str | None, asked: list[Any], act: Callable[[], Reply]) -> Reply:
        """What an act on a user answers: with the same token the same again."""
        tokens = self.world.store.table(self.name, f"{operation} tokens")
        with self.world.lock:
            known = tokens.get(token) if token is not None else None
            if known is None:
                reply = act()
                if token is not None:
                    tokens[token] = {"asked": asked, "reply": reply}
                return reply
        if known["asked"] != asked:
            raise self.error("IdempotentParameterMismatchException", "The token was used for another request.")
        first: Reply = known["reply"]
        return first

    def _hand(
        self, operation: str, collection: str, user: str, ids: Sequence[str], *, to: str | None
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]], str]:
        """Make faces a user's, or nobody's, unless they are another's; what is so already is passed over.

        Returns the faces that were handed, those that were not with the reasons, and the user's state.
        """
        record = self._record("User", operation, CollectionId=collection, UserId=user)
        faces, theirs = self._faces(collection), self._faces_of(collection, user)
        handed: list[Record] = []
        failed: list[dict[str, Any]] = []
        for id in dict.fromkeys(ids):
            face = faces.get(id)
            if face is None:
                failed.append({"FaceId": id, "Reasons": ["FACE_NOT_FOUND"]})
            elif face["user"] not in (None, user):
                failed.append({"FaceId": id, "UserId": face["user"], "Reasons": ["ASSOCIATED_TO_A_DIFFERENT_USER"]})
            elif face["user"] != to:
                handed.append(face)
        if to is not None and len(theirs) + len(handed) > _FACES_OF_USER:
            raise self.error("ServiceQuotaExceededException", f"A user has at most {_FACES_OF_USER} faces.")
        self._give(collection, handed, to)
        keeper = self.keepers["User"]
        if handed:
            last = "ACTIVE" if self._faces_of(collection, user) else "CREATED"
            keeper.enter(record, ("UPDATING", 2), (last, 0))
        return [{"FaceId": face["face"]["FaceId"]} for face in handed], failed, keeper.status(record)

    def _give(self, collection: str, faces: Sequence[Record], user: str | None) -> None:
        for face in faces:
            self._faces(collection)[face["face"]["FaceId"]] = {**face, "user": user}

    # What they share.

    def _faces(self, collection: str) -> MutableMapping[str, Record]:
        """The faces of a collection by their ids."""
        return self.world.store.table(self.name, f"faces of {collection}")

    def _faces_of(self, collection: str, user: str) -> list[Record]:
        return [face for face in self._faces(collection).values() if face["user"] == user]


def looks(picture: Picture, number: int = 0) -> str:
    """What two faces have in common that are found to be the same: they are the same face of the same bytes."""
    return f"{picture.digest}/{number}"


def kept_face(record: Record) -> dict[str, Any]:
    """A kept face as AWS shows it."""
    face: dict[str, Any] = record["face"]
    return {
        **face,
        "BoundingBox": dict(face["BoundingBox"]),
        **({"UserId": record["user"]} if record["user"] is not None else {}),
    }
