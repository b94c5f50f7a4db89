"""An address as a QR code, drawn inside the page: no image to fetch, no style attribute."""

import segno
from django.utils.safestring import SafeString


def draw_qr(adresse: str) -> SafeString:
    """An SVG without size, which the page gives: dark squares on a light ground in every theme, as cameras ask.

    Made of squares alone: the address is in them, not in the markup.
    """
    code = segno.make(adresse, error="m")
    return SafeString(code.svg_inline(omitsize=True, border=3, dark="#000", light="#fff", svgclass="code-qr"))
