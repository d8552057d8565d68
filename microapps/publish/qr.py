"""A link as a QR code, for the camera of a phone: as lines of a terminal, or as SVG."""

from __future__ import annotations

import io

import segno

from ..errors import InvalidInput

QUIET = 2
"""Light modules around a code in a terminal; what is light around them helps."""


def lines(link: str) -> tuple[str, ...]:
    """The code in half blocks, two rows of modules to a line: ``█`` is light, so that it reads on a dark terminal."""
    rows = [tuple(bool(module) for module in row) for row in _code(link).matrix_iter(border=QUIET)]
    if len(rows) % 2:
        rows.append((False,) * len(rows[0]))
    shown = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
    return tuple(
        "".join(map(shown.__getitem__, zip(*pair, strict=True))) for pair in zip(rows[::2], rows[1::2], strict=True)
    )


def svg(link: str) -> str:
    """The code as an SVG document: dark on light whatever the theme, as large as it is shown."""
    made = io.BytesIO()
    _code(link).save(made, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, svgns=True, omitsize=True)
    return made.getvalue().decode().strip()


def data_uri(link: str) -> str:
    """The code as an address that an ``<img>`` can show."""
    return _code(link).svg_data_uri(border=4, dark="#000", light="#fff", omitsize=True, encode_minimal=True)


def _code(link: str) -> segno.QRCode:
    try:
        return segno.make_qr(link, error="m")
    except segno.DataOverflowError as error:
        raise InvalidInput("The link is too long for a QR code.", "Use a shorter name or address.") from error
