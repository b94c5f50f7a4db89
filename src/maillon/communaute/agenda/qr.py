"""An address as a QR code, drawn inside the page: no image to fetch, no style attribute."""

import segno
from django.utils.safestring import SafeString, mark_safe


def draw_qr(adresse: str) -> SafeString:
    """Dark squares on a light ground, whatever the theme: cameras ask for it."""
    code = segno.make(adresse, error="m")
    svg: str = code.svg_inline(scale=4, border=3, dark="#000", light="#fff", svgclass="code-qr", lineclass=None)
    return mark_safe(svg)  # noqa: S308 # made here from squares alone: the address is in them, not in the markup
