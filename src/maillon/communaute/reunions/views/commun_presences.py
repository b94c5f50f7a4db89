"""What the pages of attendance, minutes and decisions share."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.ui.composants import Onglet
from maillon.socle.ui.typographie import format_date, format_heure

from ..models import ActionRefusee, Reunion
from ..permissions import GERER

DEMI_JOUR = timedelta(hours=12)


def attempt(request: Requete, action: Callable[[], Any], *, done: str = "") -> Any:
    """Run a service; its refusal becomes a message and None, its success the message `done` and its result."""
    try:
        result = action()
    except (ActionRefusee, FichierRefuse) as refus:
        messages.error(request, str(refus))
        return None
    if done:
        messages.success(request, done)
    return result


def say_quand(reunion: Reunion) -> str:
    """« mardi 3 mars, de 19 h à 21 h »."""
    if reunion.debut is None or reunion.fin is None:
        return "Date à trouver"
    debut, fin = timezone.localtime(reunion.debut), timezone.localtime(reunion.fin)
    return f"{format_date(debut)}, de {format_heure(debut)} à {format_heure(fin)}"


def build_onglets(request: Requete, reunion: Reunion, actif: str) -> list[Onglet]:
    """The pages of one meeting that this person opens."""
    pages = [("fiche", "La réunion")]
    if request.acteur.can(GERER):
        pages.append(("presences", "Les présences"))
    pages.append(("compte_rendu", "Le compte rendu"))
    args = [request.cpts.slug, reunion.pk]
    return [Onglet(libelle, reverse(f"reunions:{nom}", args=args), nom == actif) for nom, libelle in pages]


def build_cadre(request: Requete, reunion: Reunion, actif: str) -> dict[str, Any]:
    """Title, breadcrumb and tabs of the pages of one meeting."""
    args = [request.cpts.slug, reunion.pk]
    return {
        "titre": reunion.titre,
        "sous_titre": f"{reunion.get_type_display().capitalize()}, {say_quand(reunion)}",
        "fil": [
            ("Réunions", reverse("reunions:liste", args=[request.cpts.slug])),
            (reunion.titre, reverse("reunions:fiche", args=args)),
            ("Présences" if actif == "presences" else "Compte rendu", ""),
        ],
        "reunion": reunion,
        "onglets": build_onglets(request, reunion, actif),
    }


def at_time(reunion: Reunion, heure: Any) -> datetime | None:
    """The moment of an hour typed for this meeting, on its day, or after midnight when it is far before its beginning;
    None for none."""
    if heure is None or reunion.debut is None:
        return None
    jour = timezone.localtime(reunion.debut).date()
    moment = timezone.make_aware(datetime.combine(jour, heure))
    if moment < reunion.debut - DEMI_JOUR:
        moment = timezone.make_aware(datetime.combine(jour + timedelta(days=1), heure))
    return moment


def read_uuid(texte: str) -> UUID | None:
    """A key typed or sent by a form; None for anything else."""
    try:
        return UUID(texte)
    except ValueError:
        return None


def serve_pdf(contenu: bytes, nom: str) -> HttpResponse:
    """A document made on the spot, as an attachment."""
    reponse = HttpResponse(contenu, content_type="application/pdf")
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse
