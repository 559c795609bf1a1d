"""Small pictures and videos for tests, made byte by byte."""

from __future__ import annotations

import struct
import zlib


def png(seed: int = 0, width: int = 96, height: int = 80) -> bytes:
    """A grey PNG; another seed is another grey."""
    rows = b"".join(b"\x00" + bytes([seed % 256]) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def box(kind: bytes, *parts: bytes) -> bytes:
    """A box of ISO/IEC 14496-12."""
    content = b"".join(parts)
    return struct.pack(">I", 8 + len(content)) + kind + content


def track(handler: bytes, scale: int, length: int, entry: bytes, samples: int, step: int, long: bool = False) -> bytes:
    """A track of pictures or sound."""
    times = struct.pack(">QQIQI", 0, 0, scale, length, 0) if long else struct.pack(">IIIII", 0, 0, scale, length, 0)
    mdhd = box(b"mdhd", b"\x01\0\0\0" if long else bytes(4), times)
    hdlr = box(b"hdlr", bytes(8), handler, bytes(13))
    stsd = box(b"stsd", struct.pack(">II", 0, 1), entry)
    stts = box(b"stts", struct.pack(">IIII", 0, 1, samples, step))
    return box(b"trak", box(b"mdia", mdhd, hdlr, box(b"minf", box(b"stbl", stsd, stts))))


def mp4(
    seconds: int = 10,
    rate: int = 25,
    size: tuple[int, int] = (640, 360),
    codec: bytes = b"avc1",
    sound: bool = True,
    long: bool = False,
) -> bytes:
    """The header of a video without a picture in it."""
    scale = rate * 100
    pictures = box(codec, bytes(24), struct.pack(">HH", *size), bytes(50))
    tracks = [track(b"vide", scale, scale * seconds, pictures, rate * seconds, 100, long)]
    if sound:
        entry = box(b"mp4a", bytes(16), struct.pack(">HHIHH", 2, 16, 0, 48000, 0))
        tracks.append(track(b"soun", 48000, 48000 * seconds, entry, seconds * 50, 960))
    return box(b"ftyp", b"isom", bytes(4)) + box(b"moov", *tracks) + box(b"mdat", b"pictures")
