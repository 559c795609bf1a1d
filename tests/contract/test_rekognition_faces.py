"""Faces of collections and users: indexed, listed, associated, found and deleted."""

from __future__ import annotations

from typing import Any

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.rekognition import faces as kept

from aiservices import AI
from aiservices.call import Call
from aiservices.errors import BadRequestError, ConflictError, NotFoundError, NotMockedError, QuotaError
from tests.pictures import png

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def rekognition(ai: Any) -> Any:
    """With a collection."""
    ai.rekognition.create_collection(collection_id="staff")
    return ai.rekognition


def index(rekognition: Any, seed: int = 0, **members: Any) -> list[str]:
    """The ids of the faces of a picture, the largest first."""
    reply = rekognition.index_faces(collection_id="staff", image={"Bytes": png(seed)}, **members)
    return [record.face.face_id for record in reply.face_records]


def user(rekognition: Any, name: str, *faces: str) -> Any:
    rekognition.create_user(collection_id="staff", user_id=name)
    return rekognition.associate_faces(collection_id="staff", user_id=name, face_ids=list(faces)) if faces else None


def crowd() -> int:
    """The seed of a picture with several faces."""
    with AI(backend="mock") as ai:
        detect = ai.rekognition.detect_faces
        return next(seed for seed in range(99) if len(detect(image={"Bytes": png(seed)}).face_details or ()) > 1)


def test_what_is_indexed_is_listed_with_its_picture(rekognition: Any) -> None:
    reply = rekognition.index_faces(
        collection_id="staff", image={"Bytes": png()}, external_image_id="badge-1", detection_attributes=["ALL"]
    )
    faces = [record.face for record in reply.face_records]
    assert len({face.face_id for face in faces}) == len(faces) > 0
    assert {face.external_image_id for face in faces} == {"badge-1"}
    assert len({face.image_id for face in faces}) == 1
    assert all(record.face_detail.emotions and record.face_detail.age_range for record in reply.face_records)
    listed = rekognition.list_faces(collection_id="staff")
    assert [face.face_id for face in listed.faces] == [face.face_id for face in faces]
    assert listed.faces[0].bounding_box == faces[0].bounding_box
    assert rekognition.describe_collection(collection_id="staff").face_count == len(faces)


def test_faces_beyond_the_most_are_told_and_not_kept(rekognition: Any) -> None:
    picture = png(crowd())
    reply = rekognition.index_faces(collection_id="staff", image={"Bytes": picture}, max_faces=1)
    assert len(reply.face_records) == 1
    assert {tuple(face.reasons) for face in reply.unindexed_faces} == {("EXCEEDS_MAX_FACES",)}
    assert len(rekognition.list_faces(collection_id="staff").faces) == 1
    largest, other = reply.face_records[0].face_detail.bounding_box, reply.unindexed_faces[0].face_detail.bounding_box
    assert largest.width * largest.height >= other.width * other.height


def test_faces_lie_inside_of_the_picture_with_their_landmarks_inside_of_them(rekognition: Any) -> None:
    for seed in range(30):
        for face in rekognition.detect_faces(image={"Bytes": png(seed)}).face_details:
            box = face.bounding_box
            assert 0 <= box.left <= box.left + box.width <= 1
            assert 0 <= box.top <= box.top + box.height <= 1
            assert all(box.left <= mark.x <= box.left + box.width for mark in face.landmarks)
            assert not face.emotions


def test_faces_are_listed_in_pages_by_user_and_by_id(rekognition: Any) -> None:
    ids = [id for seed in range(3) for id in index(rekognition, seed)]
    user(rekognition, "ann", *ids[:2])
    first = rekognition.list_faces(collection_id="staff", max_results=2)
    rest = rekognition.list_faces(collection_id="staff", max_results=2, next_token=first.next_token)
    assert [face.face_id for face in [*first.faces, *rest.faces]] == ids[:4]
    theirs = rekognition.list_faces(collection_id="staff", user_id="ann").faces
    assert [(face.face_id, face.user_id) for face in theirs] == [(id, "ann") for id in ids[:2]]
    some = rekognition.list_faces(collection_id="staff", face_ids=[ids[2], UNKNOWN]).faces
    assert [(face.face_id, face.user_id) for face in some] == [(ids[2], None)]
    with pytest.raises(BadRequestError, match="InvalidPaginationToken"):
        rekognition.list_faces(collection_id="staff", user_id="ann", max_results=1, next_token=first.next_token)
    with pytest.raises(NotFoundError):
        rekognition.list_faces(collection_id="staff", user_id="bob")
    with pytest.raises(NotFoundError):
        rekognition.list_faces(collection_id="others")


def test_faces_are_deleted_unless_they_are_a_users_or_not_there(rekognition: Any) -> None:
    mine, other = index(rekognition, 1)[0], index(rekognition, 2)[0]
    user(rekognition, "ann", mine)
    reply = rekognition.delete_faces(collection_id="staff", face_ids=[mine, other, UNKNOWN])
    assert reply.deleted_faces == [other]
    failed = [(face.face_id, face.user_id, face.reasons) for face in reply.unsuccessful_face_deletions]
    assert failed == [(mine, "ann", ["ASSOCIATED_TO_AN_EXISTING_USER"]), (UNKNOWN, None, ["FACE_NOT_FOUND"])]
    rekognition.delete_user(collection_id="staff", user_id="ann")
    assert rekognition.delete_faces(collection_id="staff", face_ids=[mine]).deleted_faces == [mine]
    with pytest.raises(NotFoundError):
        rekognition.delete_faces(collection_id="others", face_ids=[mine])


def test_faces_are_associated_with_one_user_at_a_time(rekognition: Any) -> None:
    first, second = index(rekognition, 1)[0], index(rekognition, 2)[0]
    made = user(rekognition, "ann", first)
    assert ([face.face_id for face in made.associated_faces], made.user_status) == ([first], "UPDATING")
    assert [one.user_status for one in rekognition.list_users(collection_id="staff").users] == ["ACTIVE"]
    other = user(rekognition, "bob", first, second, UNKNOWN)
    assert [face.face_id for face in other.associated_faces] == [second]
    failed = [(face.face_id, face.user_id, face.reasons) for face in other.unsuccessful_face_associations]
    assert failed == [(first, "ann", ["ASSOCIATED_TO_A_DIFFERENT_USER"]), (UNKNOWN, None, ["FACE_NOT_FOUND"])]
    left = rekognition.disassociate_faces(collection_id="staff", user_id="ann", face_ids=[first, second, UNKNOWN])
    assert [face.face_id for face in left.disassociated_faces] == [first]
    failed = [(face.face_id, face.reasons) for face in left.unsuccessful_face_disassociations]
    assert failed == [(second, ["ASSOCIATED_TO_A_DIFFERENT_USER"]), (UNKNOWN, ["FACE_NOT_FOUND"])]
    states = {one.user_id: one.user_status for one in rekognition.list_users(collection_id="staff").users}
    assert states == {"ann": "CREATED", "bob": "ACTIVE"}
    with pytest.raises(NotFoundError):
        rekognition.associate_faces(collection_id="staff", user_id="eve", face_ids=[first])


def test_what_is_so_already_is_passed_over(rekognition: Any) -> None:
    mine, nobodys = index(rekognition, 1)[0], index(rekognition, 2)[0]
    user(rekognition, "ann", mine)
    assert rekognition.list_users(collection_id="staff").users[0].user_status == "ACTIVE"
    again = rekognition.associate_faces(collection_id="staff", user_id="ann", face_ids=[mine])
    assert (again.associated_faces, again.unsuccessful_face_associations, again.user_status) == ([], [], "ACTIVE")
    left = rekognition.disassociate_faces(collection_id="staff", user_id="ann", face_ids=[nobodys])
    assert (left.disassociated_faces, left.unsuccessful_face_disassociations) == ([], [])


def test_an_association_is_made_once_for_a_token(rekognition: Any) -> None:
    first, second = index(rekognition, 1)[0], index(rekognition, 2)[0]
    user(rekognition, "ann")
    asked = {"collection_id": "staff", "user_id": "ann", "client_request_token": "once"}
    for _ in range(2):
        made = rekognition.associate_faces(face_ids=[first], **asked)
        assert [face.face_id for face in made.associated_faces] == [first]
    with pytest.raises(ConflictError, match="IdempotentParameterMismatch"):
        rekognition.associate_faces(face_ids=[second], **asked)
    for _ in range(2):
        rekognition.delete_user(collection_id="staff", user_id="ann", client_request_token="gone")
    with pytest.raises(NotFoundError):
        rekognition.delete_user(collection_id="staff", user_id="ann", client_request_token="other")
    assert rekognition.list_faces(collection_id="staff", face_ids=[first]).faces[0].user_id is None


def test_a_user_has_so_many_faces_and_a_collection_too(rekognition: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = index(rekognition, 1)[0], index(rekognition, 2)[0]
    monkeypatch.setattr(kept, "_FACES_OF_USER", 1)
    user(rekognition, "ann", first)
    with pytest.raises(QuotaError):
        rekognition.associate_faces(collection_id="staff", user_id="ann", face_ids=[second])
    monkeypatch.setattr(kept, "_FACES", 2)
    with pytest.raises(QuotaError):
        index(rekognition, 3)


def test_a_picture_finds_its_own_faces_and_users_again(rekognition: Any) -> None:
    first, again, other = (index(rekognition, seed)[0] for seed in (1, 1, 2))
    found = rekognition.search_faces(collection_id="staff", face_id=first)
    assert found.searched_face_id == first
    assert [(match.face.face_id, match.similarity) for match in found.face_matches] == [(again, 100.0)]
    by_image = rekognition.search_faces_by_image(collection_id="staff", image={"Bytes": png(1)})
    assert [match.face.face_id for match in by_image.face_matches] == [first, again]
    limited = rekognition.search_faces_by_image(collection_id="staff", image={"Bytes": png(1)}, max_faces=1)
    assert len(limited.face_matches) == 1
    user(rekognition, "ann", first)
    user(rekognition, "bob", again)
    user(rekognition, "eve", other)
    search = rekognition.search_users
    assert [one.user.user_id for one in search(collection_id="staff", user_id="ann").user_matches] == ["bob"]
    matches = search(collection_id="staff", face_id=first).user_matches
    assert [(one.user.user_id, one.user.user_status) for one in matches] == [("ann", "ACTIVE"), ("bob", "ACTIVE")]
    seen = rekognition.search_users_by_image(collection_id="staff", image={"Bytes": png(2)})
    assert [one.user.user_id for one in seen.user_matches] == ["eve"]
    assert all(face.reasons == ["FACE_NOT_LARGEST"] for face in seen.unsearched_faces)


def test_searches_name_what_is_there(rekognition: Any) -> None:
    with pytest.raises(BadRequestError, match="faceId was not found"):
        rekognition.search_faces(collection_id="staff", face_id=UNKNOWN)
    with pytest.raises(NotFoundError):
        rekognition.search_faces(collection_id="others", face_id=UNKNOWN)
    with pytest.raises(NotFoundError):
        rekognition.search_users(collection_id="staff", user_id="eve")
    for both in ({}, {"user_id": "ann", "face_id": UNKNOWN}):
        with pytest.raises(BadRequestError, match="not both"):
            rekognition.search_users(collection_id="staff", **both)
    for search in (rekognition.search_faces_by_image, rekognition.search_users_by_image):
        with pytest.raises(NotFoundError):
            search(collection_id="others", image={"Bytes": png()})


def test_a_deleted_collection_takes_its_faces_with_it(rekognition: Any) -> None:
    index(rekognition)
    rekognition.delete_collection(collection_id="staff")
    rekognition.create_collection(collection_id="staff")
    assert rekognition.list_faces(collection_id="staff").faces == []
    assert rekognition.describe_collection(collection_id="staff").face_count == 0


def test_a_picture_is_compared_with_itself_and_another(rekognition: Any) -> None:
    same = rekognition.compare_faces(source_image={"Bytes": png(1)}, target_image={"Bytes": png(1)})
    assert [match.similarity for match in same.face_matches] == [100.0]
    assert same.face_matches[0].face.bounding_box == same.source_image_face.bounding_box
    other = rekognition.compare_faces(source_image={"Bytes": png(1)}, target_image={"Bytes": png(2)})
    assert (other.face_matches, bool(other.unmatched_faces)) == ([], True)


def test_what_a_caller_does_to_a_match_does_not_reach_the_face(mock: Mock) -> None:
    def send(operation: str, **params: Any) -> Any:
        return mock.send(Call("rekognition", operation, {"CollectionId": "staff", **params}))

    send("CreateCollection")
    record = send("IndexFaces", Image={"Bytes": png()})["FaceRecords"][0]["Face"]
    place = dict(record["BoundingBox"])
    record["BoundingBox"]["Left"] = 7
    match = send("SearchFacesByImage", Image={"Bytes": png()})["FaceMatches"][0]["Face"]
    match["BoundingBox"]["Left"] = 8
    assert send("ListFaces")["Faces"][0]["BoundingBox"] == place


def test_strict_mode_refuses_made_up_faces() -> None:
    with AI(backend=Mock(strict=True)) as ai:
        ai.rekognition.create_collection(collection_id="staff")
        with pytest.raises(NotMockedError, match="made up"):
            ai.rekognition.index_faces(collection_id="staff", image={"Bytes": png()})
        assert ai.rekognition.list_faces(collection_id="staff").faces == []


def test_a_copy_of_a_world_has_faces_of_its_own(mock: Mock) -> None:
    with AI(backend=mock) as ai:
        ai.rekognition.create_collection(collection_id="staff")
        face, *_ = index(ai.rekognition)
        user(ai.rekognition, "ann", face)
        with AI(backend=mock.copy()) as other:
            asked = {"collection_id": "staff", "face_ids": [face]}
            other.rekognition.disassociate_faces(user_id="ann", **asked)
            other.rekognition.delete_faces(**asked)
            index(other.rekognition, 5)
        theirs = ai.rekognition.list_faces(collection_id="staff", user_id="ann").faces
        assert [one.face_id for one in theirs] == [face]
