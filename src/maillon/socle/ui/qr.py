"""An address as a QR code, drawn inside the page: no image to fetch, no style attribute."""

from itertools import groupby

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

BORDURE = 3
DESSIN = (
    '<svg xmlns="http://www.w3.org/2000/svg" class="code-qr" viewBox="0 0 {0} {0}">'
    '<path fill="#fff" d="M0 0h{0}v{0}h-{0}z"/><path fill="#000" d="{1}"/></svg>'
)


def draw_qr(adresse: str) -> SafeString:
    """An SVG without size, which the page gives: dark squares on a light ground in every theme, as cameras ask."""
    rangees = [list(rangee) for rangee in segno.make(adresse, error="m").matrix_iter(border=BORDURE)]
    traits: list[str] = []
    for y, rangee in enumerate(rangees):
        x = 0
        for sombre, suite in groupby(rangee):
            largeur = len(list(suite))
            if sombre:
                traits.append(f"M{x} {y}h{largeur}v1h-{largeur}z")
            x += largeur
    return format_html(DESSIN, len(rangees), "".join(traits))
