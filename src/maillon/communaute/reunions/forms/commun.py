"""Fields that several forms share."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from maillon.socle.fichiers.services import TAILLE_MAX

DUREES = [(minutes, texte) for minutes, texte in (
    (30, "30 min"), (45, "45 min"), (60, "1 h"), (90, "1 h 30"), (120, "2 h"), (150, "2 h 30"), (180, "3 h"),
    (240, "4 h"), (480, "la journée (8 h)"),
)]  # fmt: skip


class ChampJour(forms.DateField):
    """A day, by the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **options)


class ChampHeure(forms.TimeField):
    """An hour, by the browser's own clock."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), **options)


class ChampDuree(forms.TypedChoiceField):
    """How long a meeting lasts, in minutes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=DUREES, coerce=int, initial=120, **options)


def build_plage(jour: date, heure: time, minutes: int) -> tuple[datetime, datetime]:
    """The aware beginning and end of a meeting typed as a day, an hour and a length."""
    debut = timezone.make_aware(datetime.combine(jour, heure))
    return debut, debut + timedelta(minutes=minutes)


def check_taille(fichier: UploadedFile | None) -> None:
    """Refuse before reading what would fill the memory."""
    if fichier is not None and (fichier.size or 0) > TAILLE_MAX:
        raise forms.ValidationError("Ce document dépasse la limite de 10 Mo. Réduisez-le ou déposez-le en parties.")


def read_document(fichier: UploadedFile | None) -> tuple[str, bytes] | None:
    """Name and content of what was sent, if anything was."""
    return (fichier.name or "document", fichier.read()) if fichier else None


def list_durees(minutes: int) -> list[tuple[int, str]]:
    """The lengths offered, with that of a meeting longer or shorter than usual."""
    known: Callable[[int], bool] = dict(DUREES).__contains__
    return DUREES if known(minutes) else [(minutes, f"{minutes} min"), *DUREES]
