"""A document with its text laid over it, invisible: a PDF that can be searched and copied from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from importlib import import_module
from io import BytesIO
from typing import Any

from ...errors import InvalidCallError
from .blocks import Page
from .invisible import TextLayer

_DOTS = 200.0  # per inch, of a picture that does not say
_ID = re.compile(rb"/ID\[<[0-9A-F]{32}><[0-9A-F]{32}>\]")
_DATE = re.compile(rb"/CreationDate\(D:[^()]*\)")
_ORIENTATION = 0x0112  # EXIF's number of how a picture is turned


def searchable(data: bytes, pages: Sequence[Page], *, exact: bool) -> bytes:
    """The PDF; the same document and pages give the same bytes."""
    # PDFium is not made for threads: one lock guards it here and where the mock reads documents.
    pdfium = import_module("aiservices_mocks.engines.documents.pdfium")
    faults = import_module("aiservices_mocks.engines.documents.faults")
    with pdfium.LOCK:
        pypdfium2 = pdfium.helpers()
        try:
            pdf = _opened(pypdfium2, data)
        except faults.UnreadableDocument as error:
            raise InvalidCallError(f"to_searchable_pdf: {error}") from None
        try:
            layer = TextLayer(pypdfium2, pdfium.raw(), pdf, pages)
            changed = [layer.lay(page, exact=exact) for page in pages if page.number <= len(pdf)]
            if _is_pdf(data) and not any(changed):
                return data
            out = BytesIO()
            pdf.save(out)
        finally:
            pdf.close()
    return _settled(out.getvalue(), data)


def _opened(pypdfium2: Any, data: bytes) -> Any:
    if not _is_pdf(data):
        return _of_pictures(pypdfium2, data)
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        reason = "it is protected by a password" if locked else "it cannot be parsed"
        raise InvalidCallError(f"to_searchable_pdf: the PDF is no source: {reason}") from None


def _of_pictures(pypdfium2: Any, data: bytes) -> Any:
    """A PDF with a page for each picture; a JPEG that stands upright goes in as it is."""
    from PIL import Image

    with import_module("aiservices_mocks.engines.documents").open_document(data) as opened:
        count = opened.pages  # it refuses what claims too many pixels
    pdf = pypdfium2.PdfDocument.new()
    try:
        with Image.open(BytesIO(data)) as file:
            dots = float(file.info.get("dpi", (_DOTS,))[0])
            for index in range(count):
                file.seek(index)
                _add(pypdfium2, pdf, file, data, 72 / (dots if dots > 1 else _DOTS))
    except (OSError, SyntaxError, ValueError):  # what Pillow raises on broken files
        pdf.close()
        raise InvalidCallError("to_searchable_pdf: the picture is no source: it cannot be decoded") from None
    return pdf


def _add(pypdfium2: Any, pdf: Any, file: Any, data: bytes, points: float) -> None:
    """A page with a picture; points: per pixel."""
    from PIL import ImageOps

    upright = file.getexif().get(_ORIENTATION, 1) in (0, 1)
    image = pypdfium2.PdfImage.new(pdf)
    if file.format == "JPEG" and upright:
        size = file.size
        image.load_jpeg(BytesIO(data), inline=True)
    else:
        picture = ImageOps.exif_transpose(file)
        picture = picture.convert("L" if picture.mode in ("1", "L") else "RGB")
        size = picture.size
        image.set_bitmap(pypdfium2.PdfBitmap.from_pil(picture))
    width, height = size[0] * points, size[1] * points
    image.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
    page = pdf.new_page(width, height)
    page.insert_obj(image)
    page.gen_content()
    page.close()


def _is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1024]


def _settled(pdf: bytes, source: bytes) -> bytes:
    """Without what PDFium takes from the clock: an id, and of a new file the date. Lengths stay, for its index."""
    if not _is_pdf(source):
        pdf = _DATE.sub(lambda date: b" " * len(date[0]), pdf, count=1)
    plain = _ID.sub(b"", pdf)
    name = sha256(source + plain).hexdigest()[:32].upper().encode()
    return _ID.sub(b"/ID[<%b><%b>]" % (name, name), pdf)
