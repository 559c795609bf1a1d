from __future__ import annotations

from datetime import timedelta
from hashlib import md5

import pytest
from aiservices_mocks import Mock
from aiservices_mocks.memory_s3 import LEAST_PART
from hypothesis import given
from hypothesis import strategies as st

from aiservices.call import Call
from aiservices.errors import InvalidCallError, ServiceError

BUCKET = "bucket"
KEYS = st.text(alphabet="ab/é", min_size=1, max_size=6)


def world(**objects: bytes) -> Mock:
    mock = Mock()
    mock.s3.make_bucket(BUCKET)
    for key, data in objects.items():
        mock.s3.put(BUCKET, key, data)
    return mock


def s3(mock: Mock, operation: str, **params):
    return mock.send(Call("s3", operation, params))


def refused(mock: Mock, operation: str, **params) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        s3(mock, operation, **params)
    return caught.value


# In Python's words


def test_objects_are_a_dict_of_paths():
    objects = Mock().s3
    objects["one/a"] = b"1"
    objects["s3://two/b/c"] = "två"
    assert objects["one/a"] == b"1"
    assert objects["s3://two/b/c"] == "två".encode()
    assert list(objects) == ["one/a", "two/b/c"]
    assert len(objects) == 2
    assert "one/a" in objects
    assert "one/b" not in objects
    assert "none/b" not in objects
    assert "nothing" not in objects
    assert 3 not in objects
    del objects["one/a"]
    assert "one/a" not in objects
    for path in ("one/a", "three/a"):
        with pytest.raises(KeyError):
            objects[path]
        with pytest.raises(KeyError):
            del objects[path]
    with pytest.raises(InvalidCallError, match="bucket/key"):
        objects["bucket"]
    assert objects.buckets() == ["one", "two"]


def test_put_and_get_raise_s3s_errors():
    objects = Mock().s3
    with pytest.raises(ServiceError) as caught:
        objects.put(BUCKET, "key", b"x")
    assert caught.value.code == "NoSuchBucket"
    objects.make_bucket(BUCKET)
    objects.make_bucket(BUCKET)
    with pytest.raises(LookupError) as missing:
        objects.get(BUCKET, "key")
    assert missing.value.code == "NoSuchKey"
    objects.put(BUCKET, "key", b"x", content_type="text/plain")
    assert objects.get(BUCKET, "key") == b"x"
    assert objects.head(BUCKET, "key")["ContentType"] == "text/plain"
    objects.delete(BUCKET, "key")
    assert objects.keys(BUCKET) == []


def test_keys_go_beyond_one_page():
    mock = world()
    names = [f"folder/{n:04}" for n in range(1005)]
    for name in names:
        mock.s3.put(BUCKET, name, b"")
    mock.s3.put(BUCKET, "other", b"")
    assert mock.s3.keys(BUCKET, "folder/") == names


# Objects


def test_what_was_put_is_got_with_its_headers():
    mock = world()
    put = s3(mock, "PutObject", Bucket=BUCKET, Key="key", Body=b"data", ContentType="text/plain", Metadata={"A-b": "c"})
    etag = f'"{md5(b"data").hexdigest()}"'
    assert put["ETag"] == etag
    got = s3(mock, "GetObject", Bucket=BUCKET, Key="key")
    assert got.pop("Body").read() == b"data"
    head = s3(mock, "HeadObject", Bucket=BUCKET, Key="key")
    for reply in (got, head):
        metadata = reply.pop("ResponseMetadata")
        assert metadata["HTTPStatusCode"] == 200
    assert got == head
    assert head == {
        "AcceptRanges": "bytes", "ContentLength": 4, "ContentType": "text/plain", "ETag": etag,
        "LastModified": mock.clock.now().replace(microsecond=0), "Metadata": {"a-b": "c"},
    }  # fmt: skip


@given(st.binary(max_size=40), st.integers(0, 50), st.integers(0, 50))
def test_ranges_are_slices(data, first, last):
    mock = world(key=data)

    def part(text):
        return s3(mock, "GetObject", Bucket=BUCKET, Key="key", Range=text)

    for text, expected in [
        (f"bytes={first}-{last}", data[first : last + 1] if first <= last else None),
        (f"bytes={first}-", data[first:]),
        (f"bytes=-{last}", data[max(0, len(data) - last) :] if last else b""),
    ]:
        if expected is None:
            assert part(text)["Body"].read() == data
        elif not expected:
            error = refused(mock, "GetObject", Bucket=BUCKET, Key="key", Range=text)
            assert (error.code, error.status) == ("InvalidRange", 416)
            assert error.details["ActualObjectSize"] == str(len(data))
        else:
            reply = part(text)
            assert reply["Body"].read() == expected
            assert reply["ContentLength"] == len(expected)
            begin = data.find(expected) if text.startswith("bytes=-") else first
            assert reply["ContentRange"].endswith(f"/{len(data)}")
            assert begin >= 0
            assert reply["ResponseMetadata"]["HTTPStatusCode"] == 206


def test_a_range_names_its_bytes_and_nonsense_is_ignored():
    mock = world(key=b"0123456789")
    assert s3(mock, "GetObject", Bucket=BUCKET, Key="key", Range="bytes=2-4")["ContentRange"] == "bytes 2-4/10"
    assert s3(mock, "HeadObject", Bucket=BUCKET, Key="key", Range="bytes=-3")["ContentRange"] == "bytes 7-9/10"
    for text in ("bytes=-", "lines=1-2", "bytes=1-2,4-5", ""):
        assert s3(mock, "GetObject", Bucket=BUCKET, Key="key", Range=text)["Body"].read() == b"0123456789"


def test_conditions_of_reads():
    mock = world(key=b"x")
    etag = s3(mock, "HeadObject", Bucket=BUCKET, Key="key")["ETag"]
    now = mock.clock.now()
    for good in (
        {"IfMatch": etag}, {"IfMatch": "*"}, {"IfNoneMatch": '"other"'}, {"IfMatch": f'"other", {etag}'},
        {"IfModifiedSince": now - timedelta(days=1)}, {"IfUnmodifiedSince": now + timedelta(days=1)},
        {"IfMatch": etag, "IfUnmodifiedSince": now - timedelta(days=1)},
    ):  # fmt: skip
        assert s3(mock, "GetObject", Bucket=BUCKET, Key="key", **good)["Body"].read() == b"x"
    for bad in ({"IfMatch": '"other"'}, {"IfUnmodifiedSince": now - timedelta(days=1)}):
        error = refused(mock, "GetObject", Bucket=BUCKET, Key="key", **bad)
        assert (error.code, error.status) == ("PreconditionFailed", 412)
    for same in ({"IfNoneMatch": etag}, {"IfModifiedSince": now + timedelta(days=1)}):
        assert refused(mock, "HeadObject", Bucket=BUCKET, Key="key", **same).status == 304


def test_conditions_of_writes():
    mock = world(key=b"x")
    assert refused(mock, "PutObject", Bucket=BUCKET, Key="key", Body=b"y", IfNoneMatch="*").status == 412
    assert refused(mock, "PutObject", Bucket=BUCKET, Key="key", Body=b"y", IfMatch='"other"').status == 412
    assert refused(mock, "PutObject", Bucket=BUCKET, Key="none", Body=b"y", IfMatch='"other"').code == "NoSuchKey"
    assert mock.s3["bucket/key"] == b"x"
    etag = s3(mock, "HeadObject", Bucket=BUCKET, Key="key")["ETag"]
    s3(mock, "PutObject", Bucket=BUCKET, Key="key", Body=b"y", IfMatch=etag)
    s3(mock, "PutObject", Bucket=BUCKET, Key="new", Body=b"z", IfNoneMatch="*")
    assert (mock.s3["bucket/key"], mock.s3["bucket/new"]) == (b"y", b"z")


def test_a_copy_takes_data_and_metadata_along():
    mock = world()
    s3(mock, "PutObject", Bucket=BUCKET, Key="a b+ü", Body=b"data", ContentType="text/plain")
    sources = [{"Bucket": BUCKET, "Key": "a b+ü"}, "bucket/a%20b%2B%C3%BC", "/bucket/a%20b%2B%C3%BC?versionId=null"]
    for source in sources:
        s3(mock, "CopyObject", Bucket=BUCKET, Key="copy", CopySource=source)
        assert mock.s3["bucket/copy"] == b"data"
        assert mock.s3.head(BUCKET, "copy")["ContentType"] == "text/plain"
        mock.s3.delete(BUCKET, "copy")
    s3(
        mock, "CopyObject", Bucket=BUCKET, Key="copy", CopySource=sources[0], MetadataDirective="REPLACE",
        ContentType="text/html",
    )  # fmt: skip
    assert mock.s3.head(BUCKET, "copy")["ContentType"] == "text/html"
    assert refused(mock, "CopyObject", Bucket=BUCKET, Key="copy", CopySource="bucket/none").code == "NoSuchKey"


def test_deleting_one_and_many():
    mock = world(a=b"", b=b"", c=b"")
    s3(mock, "DeleteObject", Bucket=BUCKET, Key="a")
    s3(mock, "DeleteObject", Bucket=BUCKET, Key="a")
    reply = s3(mock, "DeleteObjects", Bucket=BUCKET, Delete={"Objects": [{"Key": "b"}, {"Key": "none"}]})
    assert reply["Deleted"] == [{"Key": "b"}, {"Key": "none"}]
    assert mock.s3.keys(BUCKET) == ["c"]
    quiet = s3(mock, "DeleteObjects", Bucket=BUCKET, Delete={"Objects": [{"Key": "c"}], "Quiet": True})
    assert "Deleted" not in quiet
    assert refused(mock, "DeleteObjects", Bucket=BUCKET, Delete={"Objects": []}).code == "MalformedXML"


# Listing


def listed(mock: Mock, **params) -> tuple[list[str], list[str]]:
    keys, folders, more = [], [], {}
    for _ in range(200):
        page = s3(mock, "ListObjectsV2", Bucket=BUCKET, **params, **more)
        assert page["KeyCount"] == len(page.get("Contents", ())) + len(page.get("CommonPrefixes", ()))
        assert page["KeyCount"] <= params.get("MaxKeys", 1000)
        keys += [entry["Key"] for entry in page.get("Contents", ())]
        folders += [entry["Prefix"] for entry in page.get("CommonPrefixes", ())]
        if not page["IsTruncated"]:
            return keys, folders
        more = {"ContinuationToken": page["NextContinuationToken"]}
    raise AssertionError("the listing never ends")


def listed_by_marker(mock: Mock, **params) -> tuple[list[str], list[str]]:
    keys, folders, marker = [], [], ""
    for _ in range(200):
        page = s3(mock, "ListObjects", Bucket=BUCKET, Marker=marker, **params)
        keys += [entry["Key"] for entry in page.get("Contents", ())]
        folders += [entry["Prefix"] for entry in page.get("CommonPrefixes", ())]
        if not page["IsTruncated"]:
            return keys, folders
        assert ("NextMarker" in page) == bool(params["Delimiter"])
        marker = page.get("NextMarker") or keys[-1]
    raise AssertionError("the listing never ends")


@given(
    st.sets(KEYS, max_size=12), st.text("ab/", max_size=2), st.sampled_from(["", "/", "a", "//"]), st.integers(1, 5), st.one_of(st.just(""), KEYS)
)  # fmt: skip
def test_a_listing_rolls_up_folders_and_loses_nothing(names, prefix, delimiter, size, after):
    mock = world()
    for name in names:
        mock.s3.put(BUCKET, name, b"")
    keys, folders = set(), set()
    for name in names:
        if name.startswith(prefix) and name > after:
            end = name.find(delimiter, len(prefix)) if delimiter else -1
            (keys if end < 0 else folders).add(name if end < 0 else name[: end + len(delimiter)])
    found = listed(mock, Prefix=prefix, Delimiter=delimiter, MaxKeys=size, StartAfter=after)
    assert found == (sorted(keys), sorted(folders))
    assert listed_by_marker(mock, Prefix=prefix, Delimiter=delimiter, MaxKeys=size) == listed(
        mock, Prefix=prefix, Delimiter=delimiter
    )


def test_a_listing_describes_its_objects():
    mock = world(a=b"xyz")
    page = s3(mock, "ListObjectsV2", Bucket=BUCKET)
    assert page["Contents"] == [
        {
            "Key": "a", "LastModified": mock.s3.head(BUCKET, "a")["LastModified"],
            "ETag": f'"{md5(b"xyz").hexdigest()}"', "Size": 3, "StorageClass": "STANDARD",
        }
    ]  # fmt: skip
    assert not s3(mock, "ListObjectsV2", Bucket=BUCKET, MaxKeys=0)["IsTruncated"]


def test_a_foreign_token_is_refused():
    mock = world(a=b"", b=b"")
    token = s3(mock, "ListObjectsV2", Bucket=BUCKET, MaxKeys=1)["NextContinuationToken"]
    for params in ({"ContinuationToken": "zz"}, {"ContinuationToken": token, "Prefix": "a"}, {"ContinuationToken": ""}):
        assert refused(mock, "ListObjectsV2", Bucket=BUCKET, **params).code == "InvalidArgument"


# Buckets


def test_buckets():
    mock = Mock()
    for name in ("one", "two"):
        assert s3(mock, "CreateBucket", Bucket=name)["Location"] == f"/{name}"
    assert [bucket["Name"] for bucket in s3(mock, "ListBuckets")["Buckets"]] == ["one", "two"]
    assert s3(mock, "HeadBucket", Bucket="one")["BucketRegion"] == "us-east-1"
    assert s3(mock, "GetBucketLocation", Bucket="one")["LocationConstraint"] is None
    mock.s3.put("one", "key", b"")
    assert refused(mock, "DeleteBucket", Bucket="one").code == "BucketNotEmpty"
    mock.s3.delete("one", "key")
    s3(mock, "DeleteBucket", Bucket="one")
    assert mock.s3.buckets() == ["two"]
    assert refused(mock, "HeadBucket", Bucket="one").status == 404
    for name in ("a", "A-bucket", "-ab", "a..b", "x" * 64):
        assert refused(mock, "CreateBucket", Bucket=name).code == "InvalidBucketName"


def test_making_a_bucket_twice():
    mock = Mock()
    s3(mock, "CreateBucket", Bucket=BUCKET)
    mock.s3.put(BUCKET, "key", b"x")
    s3(mock, "CreateBucket", Bucket=BUCKET)
    assert mock.s3["bucket/key"] == b"x"
    elsewhere = Mock(region="eu-west-1")
    s3(elsewhere, "CreateBucket", Bucket=BUCKET)
    error = refused(elsewhere, "CreateBucket", Bucket=BUCKET)
    assert (error.code, error.status) == ("BucketAlreadyOwnedByYou", 409)


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("PutObject", {"Key": "k"}), ("GetObject", {"Key": "k"}), ("DeleteObject", {"Key": "k"}),
        ("ListObjectsV2", {}), ("DeleteBucket", {}), ("CreateMultipartUpload", {"Key": "k"}), ("GetBucketLocation", {}),
        ("CopyObject", {"Key": "k", "CopySource": "none/k"}), ("DeleteObjects", {"Delete": {"Objects": [{"Key": "k"}]}}),
    ],
)  # fmt: skip
def test_a_bucket_that_is_not_there(operation, params):
    error = refused(Mock(), operation, Bucket="none", **params)
    assert (error.code, error.status, error.details) == ("NoSuchBucket", 404, {"BucketName": "none"})


def test_what_is_missing_in_a_request_is_named():
    with pytest.raises(InvalidCallError, match=r"s3\.PutObject needs Key"):
        s3(Mock(), "PutObject", Bucket=BUCKET)
    with pytest.raises(InvalidCallError, match='"PutObjekt"; did you mean "PutObject"'):
        s3(Mock(), "PutObjekt", Bucket=BUCKET)


# Uploads in parts


def upload(mock: Mock, *parts: bytes, key: str = "key"):
    place = {"Bucket": BUCKET, "Key": key}
    place["UploadId"] = s3(mock, "CreateMultipartUpload", **place, ContentType="text/plain")["UploadId"]
    tags = [s3(mock, "UploadPart", **place, PartNumber=n, Body=data)["ETag"] for n, data in enumerate(parts, start=1)]
    return place, [{"PartNumber": n, "ETag": tag} for n, tag in enumerate(tags, start=1)]


def test_parts_become_one_object():
    mock = world()
    first, last = b"a" * LEAST_PART, b"end"
    place, parts = upload(mock, first, last)
    assert mock.s3.keys(BUCKET) == []
    done = s3(mock, "CompleteMultipartUpload", **place, MultipartUpload={"Parts": parts})
    digest = md5(md5(first).digest() + md5(last).digest()).hexdigest()
    assert done["ETag"] == f'"{digest}-2"'
    assert mock.s3["bucket/key"] == first + last
    assert mock.s3.head(BUCKET, "key")["ContentType"] == "text/plain"
    assert refused(mock, "CompleteMultipartUpload", **place, MultipartUpload={"Parts": parts}).code == "NoSuchUpload"


def test_broken_uploads_are_refused_and_leave_no_object():
    mock = world()
    place, parts = upload(mock, b"small", b"b" * 10)
    cases = [
        (parts, "EntityTooSmall"), (parts[::-1], "InvalidPartOrder"), ([], "MalformedXML"),
        ([{"PartNumber": 3, "ETag": parts[0]["ETag"]}], "InvalidPart"),
        ([{"PartNumber": 1, "ETag": '"other"'}], "InvalidPart"), ([parts[0], parts[0]], "InvalidPartOrder"),
    ]  # fmt: skip
    for asked, code in cases:
        assert refused(mock, "CompleteMultipartUpload", **place, MultipartUpload={"Parts": asked}).code == code
    assert mock.s3.keys(BUCKET) == []
    for number in (0, 10_001):
        assert refused(mock, "UploadPart", **place, PartNumber=number, Body=b"").code == "InvalidArgument"
    s3(mock, "AbortMultipartUpload", **place)
    for operation, more in [("UploadPart", {"PartNumber": 1}), ("ListParts", {}), ("AbortMultipartUpload", {})]:
        assert refused(mock, operation, **place, **more).code == "NoSuchUpload"


def test_parts_are_listed_in_pages():
    mock = world()
    place, _ = upload(mock, b"1", b"22", b"333")
    first = s3(mock, "ListParts", **place, MaxParts=2)
    assert [part["Size"] for part in first["Parts"]] == [1, 2]
    assert first["IsTruncated"]
    rest = s3(mock, "ListParts", **place, PartNumberMarker=first["NextPartNumberMarker"])
    assert [part["PartNumber"] for part in rest["Parts"]] == [3]
    assert not rest["IsTruncated"]


def test_a_part_can_be_copied():
    mock = world(source=b"0123456789")
    place, _ = upload(mock)
    result = s3(mock, "UploadPartCopy", **place, PartNumber=1, CopySource="bucket/source", CopySourceRange="bytes=2-4")[
        "CopyPartResult"
    ]
    s3(mock, "CompleteMultipartUpload", **place, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": result["ETag"]}]})
    assert mock.s3["bucket/key"] == b"234"


def test_what_was_got_cannot_change_the_object():
    mock = Mock()
    data = bytearray(b"abc")
    mock.s3.make_bucket(BUCKET)
    s3(mock, "PutObject", Bucket=BUCKET, Key="key", Body=data, Metadata={"a": "b"})
    data[0] = 0
    s3(mock, "HeadObject", Bucket=BUCKET, Key="key")["Metadata"]["a"] = "changed"
    assert mock.s3["bucket/key"] == b"abc"
    assert mock.s3.head(BUCKET, "key")["Metadata"] == {"a": "b"}
