"""Broken, encrypted, foreign and oversized documents: our own error, in bounded memory, and nothing else."""

from __future__ import annotations

import random
import resource
import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from aiservices_mocks.engines import documents
from aiservices_mocks.engines.documents import UnreadableDocument, ocr
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.documents import Leaf, form, pdf, pdf_of, picture_pdf, table


@pytest.fixture(autouse=True)
def _nothing_is_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "_recognise", lambda pixels: [])


def picture(kind: str, mode: str = "L", size: tuple[int, int] = (90, 60), **options: object) -> bytes:
    out = BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


SOURCES = [
    form(1)[0], table(2)[0], picture("PNG"), picture("PNG", "RGBA"), picture("PNG", "P"), picture("PNG", "I;16"),
    picture("JPEG"), picture("JPEG", "CMYK"), picture("TIFF"), picture("TIFF", "1"), picture("TIFF", "RGB"),
]  # fmt: skip


@pytest.mark.parametrize("data", SOURCES)
def test_whole_documents_are_read(data: bytes) -> None:
    assert len(documents.read(data, tables=True, forms=True)) == 1


@given(st.sampled_from(SOURCES), st.integers(0, 2**32))
def test_damaged_documents_raise_our_error_or_are_read(data: bytes, seed: int) -> None:
    rng = random.Random(seed)
    damaged = bytearray(data if rng.random() < 0.6 else data[: rng.randrange(len(data))])
    for _ in range(rng.randint(0, 10)):
        if damaged:
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
    with suppress(UnreadableDocument):
        assert documents.read(bytes(damaged), tables=True, forms=True)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "format"),
        (b"just text", "format"),
        (b"GIF89a" + bytes(40), "format"),
        (b"%PDF-1.7 and nothing else", "broken"),
        (SOURCES[2][:40], "broken"),
        (SOURCES[6][:60], "broken"),
        (b"II*\x00" + bytes(4), "broken"),
    ],
)
def test_what_is_wrong(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        documents.read(data)
    assert caught.value.reason == reason


def test_an_encrypted_pdf() -> None:
    # Standard handler, revision 2, of an unknown user password: the keys are noise, so no password opens it.
    noise = "<" + "a7" * 32 + ">"
    extra = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O {noise} /U {noise} >> /ID [<00> <00>]"
    leaf = Leaf()
    leaf.text(60, 60, "secret")
    data = pdf(leaf).replace(b"trailer << ", b"trailer << " + extra.encode())
    with pytest.raises(UnreadableDocument) as caught:
        documents.read(data)
    assert caught.value.reason == "encrypted"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@pytest.mark.parametrize("side", [9_999, 10_001, 100_000, 2**31 - 1])
def test_a_small_file_that_claims_gigantic_pixels_fails_in_bounded_memory(side: int) -> None:
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UnreadableDocument) as caught:
        documents.read(data)
    assert caught.value.reason == "large"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


def test_a_pdf_page_of_gigantic_size_is_rendered_small() -> None:
    image = documents.picture(pdf(Leaf(width=14_000, height=14_000)), 0, 10.0)
    assert max(image.size) <= 4_000


def test_all_pages_of_a_tiff() -> None:
    out = BytesIO()
    Image.new("L", (50, 40)).save(out, "TIFF", save_all=True, append_images=[Image.new("L", (60, 70))])
    pages = documents.read(out.getvalue())
    assert [(page.number, page.width, page.height) for page in pages] == [(1, 50, 40), (2, 60, 70)]


@pytest.mark.parametrize(
    ("width", "height", "pictures"), [(31_623, 31_623, 1), (10_001, 10, 1), (9_999, 9_999, 1), (9_000, 9_000, 3)]
)
def test_a_picture_in_a_pdf_that_claims_gigantic_pixels(width: int, height: int, pictures: int) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UnreadableDocument) as caught:
        documents.read(picture_pdf(width, height, pictures))
    assert caught.value.reason == "large"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


def test_a_picture_of_usual_size_in_a_pdf_is_rendered() -> None:
    assert documents.picture(picture_pdf(300, 400), 0).getextrema() != ((255, 255),) * 3


@pytest.mark.parametrize("count", [b"0", b"-5"])
def test_a_pdf_without_pages(count: bytes) -> None:
    data = pdf_of(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count " + count + b" >>")
    with pytest.raises(UnreadableDocument) as caught:
        documents.read(data)
    assert caught.value.reason == "broken"


@pytest.mark.parametrize("count", [1_000, 10**9])
def test_a_pdf_that_claims_pages_which_it_has_not(count: int) -> None:
    data = pdf(Leaf())
    assert data.count(b"/Count 1") == 1
    with documents.open_document(data.replace(b"/Count 1", b"/Count %d" % count)) as document:
        assert document.pages >= 1
        document.page(0)
        with pytest.raises(UnreadableDocument) as caught:
            document.page(document.pages)
    assert caught.value.reason == "broken"


def test_a_tiff_whose_directories_are_a_loop() -> None:
    data = bytearray(picture("TIFF"))
    (first,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, first)
    struct.pack_into("<I", data, first + 2 + 12 * entries, first)
    with documents.open_document(bytes(data)) as document:
        assert document.pages == 1
        assert document.page(0).words == []
