"""Fields that several forms of the community share."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from maillon.socle.fichiers.services import TAILLE_MAX

FICHIERS_MAX = 20
AIDE_DOCUMENT = "PDF, image PNG ou JPEG, Word, Excel, texte ou CSV\u00a0; 10 Mo au plus."


class ChampDate(forms.DateField):
    """A day, by the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **options)


class ChampFichiers(forms.FileField):
    """Several documents at once, chosen or dragged onto the field."""

    class Widget(forms.ClearableFileInput):
        allow_multiple_selected = True

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=self.Widget(attrs={"class": "depot"}), **options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        recus = data if isinstance(data, list | tuple) and data else [data or None]
        if len(recus) > FICHIERS_MAX:
            raise forms.ValidationError(f"Joignez {FICHIERS_MAX} documents au plus à la fois.")
        return [super(ChampFichiers, self).clean(recu, initial) for recu in recus]


def check_taille(fichier: UploadedFile) -> None:
    """Refuse before reading what would fill the memory."""
    if (fichier.size or 0) > TAILLE_MAX:
        raise forms.ValidationError(
            f"«\u00a0{fichier.name}\u00a0» dépasse la limite de 10 Mo. Réduisez-le ou déposez-le en parties."
        )
