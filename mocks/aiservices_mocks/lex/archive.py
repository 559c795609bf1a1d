"""Zip archives as Lex exports and imports them: files by their path, under a password if there is one.

Python reads archives with passwords but does not write them; the old encryption of PKWARE's APPNOTE 6.1 is done here.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from hashlib import blake2b

_MOST = 64 << 20
"""Bytes that an archive may hold when it is opened."""
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_DATE = 0x21  # 1980-01-01: an archive follows from its files alone
_ENCRYPTED, _UTF8, _DEFLATED = 1, 0x800, 8


class ArchiveError(ValueError):
    """What cannot be read as an archive; its text says why."""


def write(files: Mapping[str, bytes], password: str | None = None) -> bytes:
    """An archive of these files: the same for the same files."""
    body, directory = bytearray(), bytearray()
    for path, data in files.items():
        name, packed = path.encode("utf-8"), _deflated(data)
        check = zlib.crc32(data)
        flags = _UTF8
        if password:
            packed, flags = _encrypted(packed, check, password.encode("utf-8")), flags | _ENCRYPTED
        sizes = (check, len(packed), len(data), len(name), 0)
        head = (20, flags, _DEFLATED, 0, _DATE, *sizes)
        directory += _CENTRAL.pack(b"PK\x01\x02", 20, *head, 0, 0, 0, 0, len(body)) + name
        body += _LOCAL.pack(b"PK\x03\x04", *head) + name + packed
    count = len(files)
    return bytes(body + directory + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0))


def read(data: bytes, password: str | None = None) -> dict[str, bytes]:
    """The files of an archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > _MOST:
                raise ArchiveError(f"The archive holds more than {_MOST >> 20} MB.")
            key = password.encode("utf-8") if password else None
            return {entry.filename: archive.read(entry, pwd=key) for entry in entries}
    except ArchiveError:
        raise
    except NotImplementedError:  # zipfile's word for a compression that it has not
        raise ArchiveError("The archive is compressed or encrypted in a way that is not known here.") from None
    except RuntimeError:
        raise ArchiveError("The password is missing or is not that of the archive.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error):  # all that zipfile raises
        raise ArchiveError("The file is not a zip archive that can be read.") from None


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def _encrypted(data: bytes, check: int, password: bytes) -> bytes:
    """Data after a head of twelve bytes, the last of which tells whether a password is right."""
    keys = [0x12345678, 0x23456789, 0x34567890]
    for byte in password:
        _turn(keys, byte)
    head = blake2b(password + data, digest_size=11).digest() + bytes([check >> 24])
    out = bytearray()
    for byte in head + data:
        word = keys[2] | 2
        out.append(byte ^ (word * (word ^ 1) >> 8 & 0xFF))
        _turn(keys, byte)
    return bytes(out)


def _turn(keys: list[int], byte: int) -> None:
    keys[0] = _crc(keys[0], byte)
    keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
    keys[2] = _crc(keys[2], keys[1] >> 24)


def _crc(state: int, byte: int) -> int:
    """One step of CRC-32, without the inversions that zlib does before and after."""
    return zlib.crc32(bytes([byte]), state ^ 0xFFFFFFFF) ^ 0xFFFFFFFF
