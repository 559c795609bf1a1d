"""mp3 as far as one must read it: frames, how long they sound, and parts joined without the encoder's silence.

An encoder puts silence around what it encodes: LAME 576 samples before it and some behind, a decoder 529 more before
it (http://gabriel.mp3-tech.org/mp3infotag.html). Layer III frames borrow room from those before them (the bit
reservoir), so a part whose first frames are left out needs its new first frame written anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

_DECODER = 529
_DELAY = 576 + _DECODER
"""Samples before the sound of a part that does not tell."""
_BEHIND = 576 - _DECODER
"""Samples that LAME leaves behind the sound at least; up to a frame less one comes on top."""
_CUT = 64
"""Samples of sound that may go with the silence before them: at most 3 ms from 22,050 Hz on."""
_TOLD_BY = (b"LAME", b"Lavf", b"Lavc")
_LAME = 36
"""Bytes of the LAME part of a tag; its last two are a checksum of the tag."""
_BITRATES = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


class Frame(NamedTuple):
    """One frame of an mp3."""

    data: bytes
    rate: int
    samples: int
    channels: int

    @property
    def full(self) -> bool:
        """Whether it is MPEG-1, with two granules."""
        return self.samples == 1152

    @property
    def side(self) -> int:
        """Bytes of header and side information."""
        return 4 + ((17 if self.channels == 1 else 32) if self.full else (9 if self.channels == 1 else 17))

    @property
    def is_tag(self) -> bool:
        """Whether it holds no sound but a Xing or Info tag."""
        return self.data[self.side : self.side + 4] in (b"Xing", b"Info")

    @property
    def borrowed(self) -> int:
        """Bytes of its sound that stand in the frames before it."""
        return self.data[4] << 1 | self.data[5] >> 7 if self.full else self.data[4]

    @property
    def size(self) -> int:
        """Bytes of its sound, wherever they stand."""
        bits = int.from_bytes(self.data[4 : self.side], "big")
        width = (self.side - 4) * 8
        if self.full:
            at, step, count = (18 if self.channels == 1 else 20), 59, 2 * self.channels
        else:
            at, step, count = (9 if self.channels == 1 else 10), 63, self.channels
        lengths = (bits >> width - at - step * number - 12 & 0xFFF for number in range(count))
        return -(-sum(lengths) // 8)

    @property
    def protected(self) -> bool:
        """Whether a checksum stands before its side information."""
        return not self.data[1] & 1


class Part:
    """An mp3 of its own: its frames with sound, and how much of it is the encoder's silence."""

    def __init__(self, data: bytes) -> None:
        found = list(frames(data))
        self.tag = next((frame for frame in found if frame.is_tag), None)
        self.frames = [frame for frame in found if not frame.is_tag]
        told = None if self.tag is None else _silence(self.tag)
        total = sum(frame.samples for frame in self.frames)
        step = self.frames[0].samples if self.frames else 0
        self.before = _DELAY if told is None else told[0] + _DECODER
        """Samples before the sound, as a decoder gives them that drops nothing."""
        self.behind_at_least = _BEHIND if told is None else max(told[1] - _DECODER, 0)
        """Samples behind it."""
        self.behind = self.behind_at_least + (step // 2 if told is None else 0)
        """The same; in the middle of what can be when the file does not tell."""
        self.sounding = max(total - self.before - self.behind, 0)
        """Samples of sound."""
        self.told = told

    @cached_property
    def rate(self) -> int:
        """Samples per second."""
        first = self.frames[0] if self.frames else self.tag
        return first.rate if first else 0

    @property
    def seconds(self) -> float:
        """How long it plays: without the encoder's silence where the file tells of it."""
        total = sum(frame.samples for frame in self.frames)
        return max(total - sum(self.told or ()), 0) / self.rate if self.rate else 0.0


def joined(data: Sequence[bytes]) -> tuple[bytes, list[float]]:
    """Parts as one mp3, and where the sound of each begins, in seconds from where that of the first does.

    The encoder's silence between two parts is left out in whole frames, without touching the sound: on average half
    a frame of it stays at a joint (13 ms at 22,050 Hz), never a whole one. Nothing is decoded.
    """
    parts = [Part(one) for one in data]
    if not all(part.frames for part in parts):  # none that Polly sends
        return b"".join(data), [0.0, *accumulate(part.seconds for part in parts[:-1])]
    first, step = parts[0], parts[0].frames[0].samples
    out, starts, wanted = list(first.frames), [0], first.sounding
    for before, part in pairwise(parts):
        late = len(out) * step + part.before - first.before - wanted  # samples that its sound would begin too late
        silent = (before.behind_at_least + part.before) // step
        tail, head = _left_out(before, part, max(round(late / step), silent))
        if tail:
            del out[-tail:]
        starts.append((len(out) - head) * step + part.before - first.before)
        out += _beginning(part.frames, head)
        wanted += part.sounding
    sound = b"".join(frame.data for frame in out)
    tag = b"" if first.tag is None else _retold(first.tag, len(out), len(sound), parts)
    return tag + sound, [start / first.rate for start in starts]


def _left_out(before: Part, part: Part, wanted: int) -> tuple[int, int]:
    """How many frames of the end of one part, and of the begin of the next, to leave out: `wanted` if possible."""
    step = part.frames[0].samples
    tail, certain = 0, before.behind_at_least // step
    while tail < min(wanted, len(before.frames) - 1) and (
        tail < certain or before.frames[-1 - tail].size == 0  # a frame that holds nothing is silent
    ):
        tail += 1
    head = min(wanted - tail, (part.before + _CUT) // step, len(part.frames) - 1)
    while head and _begin(part.frames, head) is None:
        head -= 1
    return tail, head


def _beginning(found: Sequence[Frame], at: int) -> list[Frame]:
    first = _begin(found, at) if at else None
    return [first or found[at], *found[at + 1 :]]


def _begin(found: Sequence[Frame], at: int) -> Frame | None:
    """The frame at a place as one that borrows nothing, in a frame that is long enough; None when there is none."""
    frame = found[at]
    if frame.protected:
        return None
    stream = b"".join(one.data[one.side :] for one in found[: at + 1])
    begin = len(stream) - (len(frame.data) - frame.side) - frame.borrowed
    if begin < 0:
        return None
    own = stream[begin : begin + frame.size]
    lent = found[at + 1].borrowed if at + 1 < len(found) else 0
    for index in range(1, 15):
        size = _frame_size(frame, index)
        room = size - frame.side - len(own) - lent
        if room >= 0:
            head = bytearray(frame.data[: frame.side])
            head[2] = index << 4 | head[2] & 0x0D  # without the byte that some frames have more
            head[4] = 0
            if frame.full:
                head[5] &= 0x7F
            return frame._replace(data=bytes(head) + own + bytes(room) + stream[len(stream) - lent :])
    return None


def _frame_size(frame: Frame, index: int) -> int:
    return frame.samples // 8 * _BITRATES[1 if frame.full else 2][index] * 1000 // frame.rate


def frames(data: bytes) -> Iterator[Frame]:
    """The layer III frames; tags around them are passed over."""
    at = 0
    if data[:3] == b"ID3" and len(data) >= 10:
        at = 10 + (data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9])
    while at + 4 <= len(data):
        frame = _frame(data, at)
        if frame is None:
            at += 1
        else:
            yield frame
            at += len(frame.data)


def _frame(data: bytes, at: int) -> Frame | None:
    first, second, third, fourth = data[at : at + 4]
    version, layer = second >> 3 & 3, second >> 1 & 3
    if first != 0xFF or second & 0xE0 != 0xE0 or version == 1 or layer != 1:
        return None
    rate_index, bit_index = third >> 2 & 3, third >> 4
    if rate_index == 3 or bit_index in (0, 15):
        return None
    full = version == 3
    frame = Frame(b"", _RATES[version][rate_index], 1152 if full else 576, 1 if fourth >> 6 == 3 else 2)
    size = _frame_size(frame, bit_index) + (third >> 1 & 1)
    if at + size > len(data) or size < frame.side:
        return None
    return frame._replace(data=data[at : at + size])


def _silence(tag: Frame) -> tuple[int, int] | None:
    """Samples that the encoder put before and behind the sound, from the LAME part of a tag."""
    at = _lame(tag)
    if tag.data[at : at + 4] not in _TOLD_BY or len(tag.data) < at + _LAME:
        return None
    both = tag.data[at + 21 : at + 24]
    return both[0] << 4 | both[1] >> 4, (both[1] & 15) << 8 | both[2]


def _lame(tag: Frame) -> int:
    flags = int.from_bytes(tag.data[tag.side + 4 : tag.side + 8], "big")
    return tag.side + 8 + 4 * (flags & 1) + 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1) + 4 * (flags >> 3 & 1)


def _retold(tag: Frame, count: int, size: int, parts: Sequence[Part]) -> bytes:
    """A tag frame that tells the frames, the bytes and the silence at both ends of the joined file, with its checksum.

    Where it has a table of places, the file is taken to be even.
    """
    out = bytearray(tag.data)
    flags = int.from_bytes(out[tag.side + 4 : tag.side + 8], "big")
    at = tag.side + 8
    if flags & 1:
        out[at : at + 4] = count.to_bytes(4, "big")
        at += 4
    if flags & 2:
        out[at : at + 4] = (size + len(out)).to_bytes(4, "big")
        at += 4
    if flags & 4:
        out[at : at + 100] = bytes(share * 256 // 100 for share in range(100))
    at = _lame(tag)
    if _silence(tag) is not None:
        before, behind = (parts[0].told or (0, 0))[0], (parts[-1].told or (0, 0))[1]
        out[at + 21 : at + 24] = (before << 12 | behind).to_bytes(3, "big")
        out[at + 28 : at + 34] = (size + len(out)).to_bytes(4, "big") + b"\0\0"  # the sound has no checksum
        out[at + 34 : at + _LAME] = _checksum(out[: at + 34]).to_bytes(2, "big")
    return bytes(out)


def _checksum(data: bytes | bytearray) -> int:
    """CRC-16 as LAME writes it."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
