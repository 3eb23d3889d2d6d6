"""Logo and signature: what is handed in becomes a plain PNG of our own making, or is refused.

A PNG or JPEG is decoded within bounds and written anew, without its metadata. An SVG is drawn once, after anything active
or from elsewhere has been refused; it is never served or mailed itself.
"""

from __future__ import annotations

import base64
import io
import re
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from xml.parsers import expat

import typst
from PIL import Image, UnidentifiedImageError

MOST_BYTES: Final = 2 * 1024 * 1024
"""Of what is handed in."""
MOST_PIXELS: Final = 16_000_000
_BOX: Final = (900, 450)
"""Width and height in pixels that a kept picture has at most: 60 mm wide at 380 dots per inch."""
_ALLOWED_LINK: Final = re.compile(r"#[\w.:-]+|data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]*")
_ACTIVE: Final = frozenset(
    "script foreignobject iframe object embed audio video handler listener set animate animatetransform".split()
)
_DRAWING: Final = """#set page(width: auto, height: auto, margin: 0pt, fill: none)
#image("emblem.svg", width: 60mm)
"""


class EmblemRefused(Exception):
    """The picture cannot be used: `code` is too_large, too_many_pixels, active, broken or unknown_kind."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def emblem(data: bytes) -> bytes:
    """The picture as a PNG that fits the letterhead. The same picture gives the same bytes. Raises EmblemRefused."""
    if len(data) > MOST_BYTES:
        raise EmblemRefused("too_large")
    if data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return _written_anew(data, ("PNG", "JPEG"))
    if b"<svg" in data[:4096]:
        return _written_anew(_drawn(data), ("PNG",))
    raise EmblemRefused("unknown_kind")


def as_svg(png: bytes) -> str:
    """An emblem as text that a sheet can carry: an SVG that holds the PNG and nothing else; "" for no emblem."""
    if not png:
        return ""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as picture:
        width, height = picture.size
    inside = f'<image href="data:image/png;base64,{base64.b64encode(png).decode()}" width="{width}" height="{height}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{inside}</svg>'


def _written_anew(data: bytes, kinds: tuple[str, ...]) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=kinds)
        if picture.width * picture.height > MOST_PIXELS:
            raise EmblemRefused("too_many_pixels")
        plain = picture.convert("RGBA")
    except Image.DecompressionBombError:
        raise EmblemRefused("too_many_pixels") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise EmblemRefused("broken") from None
    plain.thumbnail(_BOX, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    plain.save(out, "PNG", optimize=True)
    return out.getvalue()


def _drawn(svg: bytes) -> bytes:
    _refuse_active(svg)
    with TemporaryDirectory(prefix="debitora-") as folder:
        Path(folder, "emblem.svg").write_bytes(svg)
        Path(folder, "draw.typ").write_text(_DRAWING, encoding="utf-8")
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
        compiler = typst.Compiler(str(Path(folder, "draw.typ")), root=folder, font_paths=fonts)
        try:
            drawn = compiler.compile(format="png", ppi=380)
        except typst.TypstError:
            raise EmblemRefused("broken") from None
    if not isinstance(drawn, bytes):
        raise EmblemRefused("broken")
    return drawn


def _refuse_active(svg: bytes) -> None:
    """Refuse a document type (entities), scripts, event handlers, animation, styles and links that lead elsewhere."""
    parser = expat.ParserCreate(encoding="utf-8")

    def doctype(*_: object) -> None:
        raise EmblemRefused("active")

    def element(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2].lower() in _ACTIVE:
            raise EmblemRefused("active")
        for key, value in attributes.items():
            _refuse_attribute(key.rpartition(":")[2].lower(), value)

    def text(value: str) -> None:
        if "@import" in value or "url(" in value.replace("url(#", ""):
            raise EmblemRefused("active")

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = element
    parser.CharacterDataHandler = text
    parser.buffer_text = True
    try:
        parser.Parse(svg, True)
    except expat.ExpatError:
        raise EmblemRefused("broken") from None


def _refuse_attribute(name: str, value: str) -> None:
    leads_away = name in ("href", "src") and not _ALLOWED_LINK.fullmatch(value.strip())
    styled = "@import" in value or re.search(r"url\(\s*['\"]?(?!#)", value, re.IGNORECASE)
    if name.startswith("on") or leads_away or styled:
        raise EmblemRefused("active")
