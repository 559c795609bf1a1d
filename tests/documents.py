"""Random documents for tests: forms, tables and columns as born-digital PDFs, and the same rendered as scans."""

from __future__ import annotations

import io
import random
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiservices_mocks.engines.documents import Page, Table

FONTS = {"Helvetica": 1, "Helvetica-Bold": 2, "Courier": 3, "Times-Roman": 4, "ZapfDingbats": 5}
WIDTH, HEIGHT = 612.0, 792.0
NAMES = [
    "Ada",
    "Bruno",
    "Chiara",
    "Dmitri",
    "Elena",
    "Farid",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Katya",
    "Luis",
    "Mirela",
    "Noor",
    "Oskar",
    "Pia",
]
SURNAMES = [
    "Albrecht",
    "Bianchi",
    "Castillo",
    "Duarte",
    "Eklund",
    "Fischer",
    "Garnier",
    "Haddad",
    "Ivanov",
    "Jansen",
    "Keller",
    "Lopez",
]
STREETS = ["Main", "Oak", "River", "Station", "Church", "Mill", "Garden", "Harbour", "Castle", "Bridge"]
WORDS = [
    "the",
    "market",
    "report",
    "shows",
    "steady",
    "growth",
    "across",
    "most",
    "regions",
    "while",
    "several",
    "smaller",
    "suppliers",
    "reported",
    "delays",
    "in",
    "shipping",
    "because",
    "weather",
    "closed",
    "two",
    "harbours",
    "and",
    "fuel",
    "became",
    "more",
    "expensive",
    "during",
    "winter",
    "analysts",
    "expect",
    "prices",
    "to",
    "settle",
    "before",
    "summer",
    "when",
    "new",
    "routes",
    "open",
    "and",
    "storage",
    "costs",
    "return",
    "to",
    "normal",
]


@dataclass
class Leaf:
    """A page of a PDF in the making; y counts from the top, as people think of it."""

    width: float = WIDTH
    height: float = HEIGHT
    rotate: int = 0
    ops: list[str] = field(default_factory=list)
    images: list[tuple[int, int, bytes]] = field(default_factory=list)
    widgets: list[tuple[str, str, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def widget(self, x: float, y: float, width: float, height: float, content: str, kind: str = "Tx") -> None:
        """A form field with what it shows: PDF operators in the field's own rectangle."""
        box = f"[{x:.2f} {self.height - y - height:.2f} {x + width:.2f} {self.height - y:.2f}]"
        self.widgets.append((kind, box, f"[0 0 {width} {height}]\n{content}"))

    def text(self, x: float, y: float, text: str, size: float = 11, font: str = "Helvetica") -> None:
        """Text whose baseline is at y."""
        raw = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        self.ops.append(
            f"BT /F{FONTS[font]} {size} Tf 1 0 0 1 {x:.2f} {self.height - y:.2f} Tm ({raw.decode('latin-1')}) Tj ET"
        )
        self.words.extend(text.split())

    def turned(self, x: float, y: float, text: str, size: float = 11) -> None:
        """Text that reads upwards from (x, y)."""
        self.ops.append(f"BT /F1 {size} Tf 0 1 -1 0 {x:.2f} {self.height - y:.2f} Tm ({text}) Tj ET")

    def line(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.8) -> None:
        """A straight stroke."""
        self.ops.append(f"{width} w {x0:.2f} {self.height - y0:.2f} m {x1:.2f} {self.height - y1:.2f} l S")

    def curve(self, points: list[tuple[float, float]], width: float = 1.2) -> None:
        """A stroke of the pen: through the first point and every third, bent by those between."""
        (x, y), *rest = [(x, self.height - y) for x, y in points]
        bends = [" ".join(f"{a:.2f} {b:.2f}" for a, b in rest[i : i + 3]) + " c" for i in range(0, len(rest) - 2, 3)]
        self.ops.append(f"{width} w 1 J {x:.2f} {y:.2f} m {' '.join(bends)} S")

    def rect(self, x: float, y: float, width: float, height: float, paint: str = "S", gray: float = 0) -> None:
        """A rectangle: paint S strokes it, f fills it."""
        self.ops.append(
            f"q {gray} g 0.8 w {x:.2f} {self.height - y - height:.2f} {width:.2f} {height:.2f} re {paint} Q"
        )

    def image(self, x: float, y: float, width: float, height: float, pixels: tuple[int, int, bytes]) -> None:
        """A grey picture of (columns, rows, bytes) in the rectangle."""
        self.images.append(pixels)
        name = f"/I{len(self.images)}"
        self.ops.append(f"q {width} 0 0 {height} {x} {self.height - y - height} cm {name} Do Q")


def pdf(*leaves: Leaf) -> bytes:
    """The pages as a PDF file."""
    objects: list[bytes] = [b"", b""]

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    def stream(data: bytes, entries: str = "") -> bytes:
        packed = zlib.compress(data)
        head = f"<< /Length {len(packed)} /Filter /FlateDecode {entries} >>\nstream\n"
        return head.encode() + packed + b"\nendstream"

    fonts = []
    for name, number in FONTS.items():
        encoding = "" if name == "ZapfDingbats" else " /Encoding /WinAnsiEncoding"
        ref = add(f"<< /Type /Font /Subtype /Type1 /BaseFont /{name}{encoding} >>".encode())
        fonts.append(f"/F{number} {ref} 0 R")
    kids, fields = [], []
    for leaf in leaves:
        pictures = []
        for i, (columns, rows, data) in enumerate(leaf.images, 1):
            entries = (
                f"/Type /XObject /Subtype /Image /Width {columns} /Height {rows} "
                "/ColorSpace /DeviceGray /BitsPerComponent 8"
            )
            pictures.append(f"/I{i} {add(stream(data, entries))} 0 R")
        widgets = []
        for kind, box, shown in leaf.widgets:
            area, _, drawn = shown.partition("\n")
            form = f"/Type /XObject /Subtype /Form /BBox {area} /Resources << /Font << {' '.join(fonts)} >> >>"
            look = add(stream(drawn.encode("latin-1"), form))
            state = f"/V /On /AS /On /AP << /N << /On {look} 0 R >> >>" if kind == "Btn" else f"/AP << /N {look} 0 R >>"
            head = f"<< /Type /Annot /Subtype /Widget /FT /{kind} /T (f{len(fields)}) /F 4 /Rect {box}"
            widgets.append(f"{add(f'{head} {state} >>'.encode())} 0 R")
            fields.append(widgets[-1])
        content = add(stream("\n".join(leaf.ops).encode("latin-1")))
        resources = f"<< /Font << {' '.join(fonts)} >> /XObject << {' '.join(pictures)} >> >>"
        page = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {leaf.width} {leaf.height}] /Rotate {leaf.rotate} "
            f"/Resources {resources} /Contents {content} 0 R /Annots [{' '.join(widgets)}] >>"
        )
        kids.append(f"{add(page.encode())} 0 R")
    objects[0] = f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{' '.join(fields)}] >> >>".encode()
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{offset:010d} 00000 n \n" for offset in offsets).encode())
    out.write(f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1, the first of them the catalogue."""
    body = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + table
        + (b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, len(body)))
    )


def picture_pdf(width: int, height: int, pictures: int = 1) -> bytes:
    """A page that shows a picture so big, a few bytes that unpack to more, several times."""
    draw = b"q 500 0 0 700 50 50 cm /I Do Q " * pictures
    data = zlib.compress(bytes(100_000))
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(draw) + draw + b"\nendstream",
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 "
        b"/Filter /FlateDecode /Length %d >>\nstream\n" % (width, height, len(data)) + data + b"\nendstream",
    )


def scan(document: bytes, *, kind: str = "PNG", dpi: int = 200, angle: float = 0.0, page: int = 0) -> bytes:
    """A page of a PDF as a picture file, turned by `angle` degrees counter-clockwise."""
    import pypdfium2

    file = pypdfium2.PdfDocument(document)
    try:
        picture = file[page].render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
    finally:
        file.close()
    if angle:
        from PIL import Image

        picture = picture.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    out = io.BytesIO()
    picture.save(out, kind, dpi=(dpi, dpi))
    return out.getvalue()


def person(rng: random.Random) -> str:
    """A made-up name."""
    return f"{rng.choice(NAMES)} {rng.choice(SURNAMES)}"


def prose(rng: random.Random, words: int) -> list[str]:
    """That many words."""
    return [rng.choice(WORDS) for _ in range(words)]


def form(seed: int) -> tuple[bytes, dict[str, str]]:
    """A form with labelled fields and the pairs that are in it."""
    rng = random.Random(seed)
    pairs = {
        "Name": person(rng),
        "Date of birth": f"{rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/{rng.randint(1950, 2005)}",
        "Street": f"{rng.randint(1, 220)} {rng.choice(STREETS)} Street",
        "Customer number": f"{rng.randint(10**6, 10**7 - 1)}",
        "Amount due": f"${rng.randint(10, 9000)}.{rng.randint(0, 99):02d}",
    }
    order = list(pairs.items())
    rng.shuffle(order)
    leaf = Leaf()
    leaf.text(60, 70, "Application form", 18, "Helvetica-Bold")
    y = 120.0
    for number, (key, value) in enumerate(order):
        style = (number + seed) % 3
        if style == 0:
            leaf.text(60, y, f"{key}: {value}")
        elif style == 1:
            leaf.text(60, y, f"{key}:")
            leaf.text(230, y, value)
        else:
            leaf.text(60, y, f"{key}:")
            leaf.text(230, y, value)
            leaf.line(225, y + 3, 500, y + 3)
        y += rng.randint(26, 40)
    return pdf(leaf), pairs


def table(seed: int, *, ruled: bool = True) -> tuple[bytes, list[list[str]]]:
    """A table of items and its rows, the header first."""
    rng = random.Random(seed)
    rows = [["Item", "Color", "Quantity", "Price"]]
    for _ in range(rng.randint(3, 9)):
        name = f"{rng.choice(['Shirt', 'Lamp', 'Chair', 'Kettle', 'Radio'])} {rng.randint(10, 99)}"
        color = rng.choice(["red", "green", "blue", "black"])
        rows.append([name, color, str(rng.randint(1, 40)), f"{rng.randint(1, 400)}.{rng.randint(0, 99):02d}"])
    leaf = Leaf()
    leaf.text(60, 70, "Order overview", 18, "Helvetica-Bold")
    xs = [60.0]
    for _ in rows[0]:
        xs.append(xs[-1] + rng.randint(90, 125))
    top, step = 110.0, float(rng.randint(18, 28))
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            leaf.text(xs[j] + 5, top + i * step + step - 6, text, 11, "Helvetica-Bold" if i == 0 else "Helvetica")
    if ruled:
        for i in range(len(rows) + 1):
            leaf.line(xs[0], top + i * step, xs[-1], top + i * step)
        for x in xs:
            leaf.line(x, top, x, top + len(rows) * step)
    leaf.text(60, top + len(rows) * step + 60, "Thank you for your order.")
    return pdf(leaf), rows


def columns(seed: int) -> tuple[bytes, list[str]]:
    """A title over two columns of prose, and all words in reading order."""
    rng = random.Random(seed)
    leaf = Leaf()
    leaf.text(60, 60, "A title that runs across both of the columns on this page", 16, "Times-Roman")
    shift = rng.choice([0.0, 5.0])
    for side, x in enumerate((60.0, 320.0)):
        y = 100.0 + side * shift
        for _ in range(rng.randint(12, 30)):
            text = ""
            for word in prose(rng, 20):
                if len(text) + len(word) > 42:
                    break
                text = f"{text} {word}".strip()
            leaf.text(x, y, text, 9.5, "Courier")
            y += 13
    return pdf(leaf), leaf.words


def cells_of(found: Table) -> list[list[str]]:
    """The texts of a table that was read, row by row, as `table` gives them."""
    return [[found.cell(r, c).text for c in range(found.columns)] for r in range(found.rows)]


def pairs_of(page: Page) -> dict[str, str]:
    """The fields of a page that was read, as `form` gives them."""
    return {
        " ".join(word.text for word in field.key).rstrip(":"): " ".join(word.text for word in field.value)
        for field in page.fields
    }
