"""Jobs over videos: begun, awaited, read in pages; what the video's header tells is true."""

from __future__ import annotations

from typing import Any

import pytest
from aiservices_mocks import Clock, Mock
from aiservices_mocks.rekognition import movies, video
from hypothesis import given
from hypothesis import strategies as st

from aiservices import AI
from aiservices.call import Call
from aiservices.errors import BadRequestError, ConflictError, NotFoundError, QuotaError
from tests.pictures import box, mp4, png

FILM = {"S3Object": {"Bucket": "films", "Name": "film.mp4"}}
KINDS = {
    "label_detection": "labels",
    "face_detection": "faces",
    "face_search": "persons",
    "celebrity_recognition": "celebrities",
    "content_moderation": "moderation_labels",
    "person_tracking": "persons",
    "text_detection": "text_detections",
    "segment_detection": "segments",
}
"""Each kind of job, and what its results are called."""


@pytest.fixture(autouse=True)
def _film(mock: Mock) -> None:
    mock.s3["films/film.mp4"] = mp4()


def start(ai: Any, kind: str, **members: Any) -> str:
    needed: dict[str, Any] = {"segment_detection": {"segment_types": ["SHOT"]}}.get(kind, {})
    if kind == "face_search":
        if "staff" not in ai.rekognition.list_collections().collection_ids:
            ai.rekognition.create_collection(collection_id="staff")
        needed = {"collection_id": "staff"}
    id: str = getattr(ai.rekognition, f"start_{kind}")(**{"video": FILM, **needed, **members}).job_id
    return id


def get(ai: Any, kind: str, job: str, **members: Any) -> Any:
    return getattr(ai.rekognition, f"get_{kind}")(job_id=job, **members)


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_is_begun_and_read(kind: str, ai: Any) -> None:
    job = start(ai, kind, job_tag="first")
    reply = get(ai, kind, job)
    assert (reply.job_status, reply.job_id, reply.job_tag) == ("SUCCEEDED", job, "first")
    assert reply.video.s3_object.name == "film.mp4"
    told = reply.video_metadata[0] if kind == "segment_detection" else reply.video_metadata
    assert (told.codec, told.duration_millis, told.frame_rate) == ("h264", 10_000, 25.0)
    assert (told.frame_width, told.frame_height, told.format) == (640, 360, "QuickTime / MOV")
    found = getattr(reply, KINDS[kind])
    times = [getattr(one, "timestamp", None) or getattr(one, "start_timestamp_millis", None) or 0 for one in found]
    assert found
    assert times == sorted(times)
    assert times[-1] < 10_000
    assert get(ai, kind, job).model_dump(exclude={"meta"}) == reply.model_dump(exclude={"meta"})


@pytest.mark.parametrize("kind", KINDS)
def test_results_come_in_pages(kind: str, ai: Any) -> None:
    job = start(ai, kind)
    every = getattr(get(ai, kind, job), KINDS[kind])
    pages, token = [], None
    while True:
        more = {"next_token": token} if token else {}
        reply = get(ai, kind, job, max_results=2, **more)
        pages += getattr(reply, KINDS[kind])
        token = reply.next_token
        if token is None:
            break
        assert len(getattr(reply, KINDS[kind])) == 2
    assert pages == every
    with pytest.raises(BadRequestError, match="InvalidPaginationToken"):
        get(ai, kind, job, next_token="foreign")


@pytest.mark.parametrize("kind", KINDS)
def test_a_video_must_be_there_and_a_job_known(kind: str, ai: Any) -> None:
    with pytest.raises(BadRequestError, match="InvalidS3Object"):
        start(ai, kind, video={"S3Object": {"Bucket": "films", "Name": "none.mp4"}})
    with pytest.raises(BadRequestError, match="InvalidParameter"):
        start(ai, kind, video={})
    with pytest.raises(NotFoundError):
        get(ai, kind, "0" * 32)
    other = start(ai, "person_tracking" if kind == "face_search" else "face_search")
    with pytest.raises(NotFoundError):
        get(ai, kind, other)


def test_a_job_is_begun_once_for_a_token(ai: Any, mock: Mock) -> None:
    job = start(ai, "label_detection", client_request_token="once")
    del mock.s3["films/film.mp4"]
    assert start(ai, "label_detection", client_request_token="once") == job
    with pytest.raises(ConflictError, match="IdempotentParameterMismatch"):
        start(ai, "label_detection", client_request_token="once", min_confidence=9.0)


def test_a_job_takes_its_time_and_does_not_begin_beside_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    mock = Mock(clock=Clock.manual())
    mock.s3["films/film.mp4"] = mp4()
    monkeypatch.setattr(video, "_JOBS", 2)
    with AI(backend=mock) as ai:
        job, _ = start(ai, "label_detection"), start(ai, "face_detection")
        running = get(ai, "label_detection", job)
        assert (running.job_status, running.labels, running.video_metadata) == ("IN_PROGRESS", [], None)
        with pytest.raises(QuotaError, match="LimitExceeded"):
            start(ai, "label_detection")
        mock.clock.advance(minutes=2)
        assert get(ai, "label_detection", job).job_status == "SUCCEEDED"
        start(ai, "label_detection")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (png(), "neither MP4 nor MOV"),
        (mp4(codec=b"hvc1"), "codec"),
        (box(b"ftyp", b"isom") + box(b"mdat", b"pictures"), "no track"),
        (mp4(seconds=0), "header"),
        (mp4(seconds=7 * 3600, rate=1), "longer"),
    ],
)
def test_what_is_no_video_fails_the_job(data: bytes, reason: str, ai: Any, mock: Mock) -> None:
    mock.s3["films/film.mp4"] = data
    reply = get(ai, "label_detection", start(ai, "label_detection"))
    assert reply.job_status == "FAILED"
    assert reason in reply.status_message
    assert (reply.labels, reply.video_metadata) == ([], None)


def test_a_video_may_be_too_large(ai: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "_MOST_BYTES", 99)
    with pytest.raises(BadRequestError, match="VideoTooLarge"):
        start(ai, "label_detection")


def test_what_a_caller_does_to_a_reply_does_not_reach_the_job(mock: Mock) -> None:
    def send(operation: str, **params: Any) -> Any:
        return mock.send(Call("rekognition", operation, params))

    job = send("StartCelebrityRecognition", Video=FILM)["JobId"]
    first = send("GetCelebrityRecognition", JobId=job)
    first["Video"]["S3Object"]["Name"] = first["VideoMetadata"]["Codec"] = "changed"
    one = first["Celebrities"][0]["Celebrity"]
    one["Urls"].append("changed")
    second = send("GetCelebrityRecognition", JobId=job)
    assert (second["Video"], second["VideoMetadata"]["Codec"]) == (FILM, "h264")
    assert send("GetCelebrityInfo", Id=one["Id"])["Urls"] == []


def test_a_video_that_is_gone_before_it_is_looked_at_fails_the_job(ai: Any, mock: Mock) -> None:
    job = start(ai, "text_detection")
    del mock.s3["films/film.mp4"]
    assert "S3" in get(ai, "text_detection", job).status_message


def test_labels_are_as_sure_as_asked_and_in_any_order(ai: Any) -> None:
    job = start(ai, "label_detection", min_confidence=80.0)
    every = get(ai, "label_detection", job)
    assert all(one.label.confidence >= 80 for one in every.labels)
    assert len(every.labels) < len(get(ai, "label_detection", start(ai, "label_detection", min_confidence=0.0)).labels)
    by_name = get(ai, "label_detection", job, sort_by="NAME", aggregate_by="SEGMENTS")
    names = [one.label.name for one in by_name.labels]
    assert names == sorted(names)
    assert {one.duration_millis for one in by_name.labels} == {500}
    asked = by_name.get_request_metadata
    assert (asked.sort_by, asked.aggregate_by) == ("NAME", "SEGMENTS")


def test_unsafe_content_is_as_sure_as_asked_and_sorted(ai: Any) -> None:
    job = start(ai, "content_moderation", min_confidence=60.0)
    found = get(ai, "content_moderation", job, sort_by="NAME").moderation_labels
    assert all(one.moderation_label.confidence >= 60 for one in found)
    names = [one.moderation_label.name for one in found]
    assert names == sorted(names)


def test_faces_show_all_only_when_asked(ai: Any) -> None:
    plain = get(ai, "face_detection", start(ai, "face_detection")).faces[0].face
    full = get(ai, "face_detection", start(ai, "face_detection", face_attributes="ALL")).faces[0].face
    assert (plain.age_range, full.age_range is not None) == (None, True)
    assert plain.bounding_box == full.bounding_box


def test_a_face_search_finds_faces_of_the_collection_only(ai: Any) -> None:
    with pytest.raises(NotFoundError):
        ai.rekognition.start_face_search(video=FILM, collection_id="others")
    empty = get(ai, "face_search", start(ai, "face_search")).persons
    assert all(not person.face_matches for person in empty)
    indexed = ai.rekognition.index_faces(collection_id="staff", image={"Bytes": png()}).face_records
    found = get(ai, "face_search", start(ai, "face_search", face_match_threshold=90.0), sort_by="INDEX").persons
    matches = [match for person in found for match in person.face_matches or ()]
    assert {match.face.face_id for match in matches} <= {record.face.face_id for record in indexed}
    assert matches
    assert all(match.similarity >= 90 for match in matches)
    indexes = [person.person.index for person in found]
    assert indexes == sorted(indexes)
    ai.rekognition.delete_collection(collection_id="staff")


def test_a_celebrity_of_a_video_is_known_by_id(ai: Any) -> None:
    found = get(ai, "celebrity_recognition", start(ai, "celebrity_recognition"), sort_by="ID").celebrities
    one = found[0].celebrity
    assert ai.rekognition.get_celebrity_info(id=one.id).name == one.name


def test_words_pass_the_filter(ai: Any) -> None:
    job = start(ai, "text_detection", filters={"WordFilter": {"MinConfidence": 80.0, "MinBoundingBoxWidth": 0.15}})
    found = get(ai, "text_detection", job).text_detections
    assert found
    assert all(one.text_detection.confidence >= 80 for one in found)
    assert all(one.text_detection.geometry.bounding_box.width >= 0.15 for one in found)


def test_words_lie_in_their_corners_and_in_the_regions_that_are_asked_for(ai: Any) -> None:
    left = {"BoundingBox": {"Left": 0.0, "Top": 0.0, "Width": 0.5, "Height": 1.0}}
    every = get(ai, "text_detection", start(ai, "text_detection")).text_detections
    job = start(ai, "text_detection", filters={"RegionsOfInterest": [left]})
    found = get(ai, "text_detection", job).text_detections
    assert 0 < len(found) < len(every)
    for one in found:
        box, corners = one.text_detection.geometry.bounding_box, one.text_detection.geometry.polygon
        assert box.left + box.width / 2 <= 0.5
        assert (corners[0].x, corners[0].y) == (box.left, box.top)
        assert (corners[2].x, corners[2].y) == pytest.approx((box.left + box.width, box.top + box.height), abs=1e-6)


def test_segments_cover_the_video_in_the_types_that_are_asked_for(ai: Any) -> None:
    filters = {"ShotFilter": {"MinSegmentConfidence": 90.0}, "TechnicalCueFilter": {"MinSegmentConfidence": 95.0}}
    both = ["TECHNICAL_CUE", "SHOT"]
    reply = get(ai, "segment_detection", start(ai, "segment_detection", segment_types=both, filters=filters))
    assert [one.type for one in reply.selected_segment_types] == both
    sound = reply.audio_metadata[0]
    assert (sound.codec, sound.sample_rate, sound.number_of_channels, sound.duration_millis) == (
        "aac",
        48000,
        2,
        10_000,
    )
    shots = [one for one in reply.segments if one.type == "SHOT"]
    assert [shot.start_timestamp_millis for shot in shots[1:]] == [shot.end_timestamp_millis for shot in shots[:-1]]
    assert (shots[0].start_timestamp_millis, shots[-1].end_timestamp_millis) == (0, 10_000)
    assert sum(shot.duration_frames for shot in shots) == 250
    assert shots[1].start_timecode_smpte == "00:00:02:00"
    assert all(shot.shot_segment.confidence >= 90 for shot in shots)
    cues = [one for one in reply.segments if one.type == "TECHNICAL_CUE"]
    assert [cue.technical_cue_segment.confidence >= 95 for cue in cues] == [True]
    mock_only_shots = get(ai, "segment_detection", start(ai, "segment_detection")).segments
    assert {one.type for one in mock_only_shots} == {"SHOT"}


# The header


@given(seconds=st.integers(1, 9000), rate=st.integers(1, 120), side=st.integers(1, 5000), long=st.booleans())
def test_a_header_tells_what_was_written(seconds: int, rate: int, side: int, long: bool) -> None:
    movie = movies.read(mp4(seconds, rate, (side, 7), sound=False, long=long))
    told = movie.video
    assert (told["DurationMillis"], told["FrameRate"]) == (1000 * seconds, float(rate))
    assert (told["FrameWidth"], told["FrameHeight"], movie.audio) == (side, 7, None)


@given(st.data())
def test_no_bytes_break_the_reader(data: st.DataObject) -> None:
    whole = bytearray(mp4())
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    try:
        told = movies.read(cut).video
    except movies.NotAMovie:
        return
    assert told["DurationMillis"] > 0
    assert told["FrameWidth"] > 0
