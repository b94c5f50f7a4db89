"""What several pages do."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from maillon.communaute.patients.notices import NOTICE_VERSION, template_of
from maillon.socle.droits.requete import Requete
from maillon.socle.ui import annonces

from .. import services
from ..enums import Origine
from ..forms import build_faits, build_identite
from ..models import ActionRefusee, Demande, PersonneDejaPlacee
from ..selectors.entrees import find_origine


def notice_contexte() -> dict[str, Any]:
    """What the information notice reads: its text, who answers, how long data are kept."""
    return {
        "notice": template_of(NOTICE_VERSION),
        "dpo": settings.MAILLON_DPO,
        "mois": settings.MAILLON_CONSERVATION_PATIENTS_MOIS,
        "mois_traces": settings.MAILLON_CONSERVATION_LECTURES_MOIS,
    }


def attempt(request: Requete, action: Callable[[], Any], *, done: str = "", undo: str = "") -> Any:
    """Run a service; its refusal becomes a message, which opens the other request of a person who has two, and None."""

    def say(refus: ActionRefusee) -> str:
        if not isinstance(refus, PersonneDejaPlacee):
            return str(refus)
        autre = reverse("medecin_traitant_fiche", args=[request.cpts.slug, refus.demande_id])
        return format_html('{} <a href="{}">Ouvrir {}</a>', str(refus), autre, refus.reference)

    return annonces.attempt(request, action, refus=ActionRefusee, say=say, done=done, undo=undo)


def back_to_fiche(request: Requete, demande: Demande, *, fiche: bool = False) -> HttpResponse:
    """The sheet again, or the day's list when the gesture came from there (unless `fiche`)."""
    if request.POST.get("retour") == "journee" and not fiche:
        return redirect("medecin_traitant_journee", slug=request.cpts.slug)
    return redirect("medecin_traitant_fiche", slug=request.cpts.slug, demande_id=demande.pk)


def file_from_form(request: Requete, donnees: dict[str, Any], *, guichet: bool = False) -> services.Depot | None:
    """File a request typed by a member; the desk qualifies it at once, unless it copies a form on paper.

    None, with a message, when refused.
    """
    acteur = request.acteur
    faits = build_faits(donnees)
    papier = bool(donnees.get("papier"))
    desk = Origine.PAPIER if papier else Origine.GUICHET

    def file() -> services.Depot:
        depot = services.file_demande(
            cpts=request.cpts,
            identite=build_identite(donnees),
            commune_id=donnees["commune"],
            annee_naissance=donnees["annee_naissance"],
            faits=faits,
            origine=desk if guichet else find_origine(acteur),
            notice_version=NOTICE_VERSION,
            cle_depot=services.read_cle(request.POST.get("cle", "")),
            medecin_souhaite_id=donnees.get("medecin_souhaite") or None,
            by=acteur,
        )
        if guichet and not papier and not depot.deja_deposee:
            services.qualify_demande(demande_id=depot.demande.pk, faits=faits, by=acteur)
        return depot

    depot: services.Depot | None = attempt(request, file)
    if depot is None:
        return None
    if depot.deja_deposee:
        messages.info(
            request, f"Cette demande était déjà enregistrée : {depot.demande.reference}. Rien n’a été doublé."
        )
    else:
        messages.success(
            request,
            f"Demande {depot.demande.reference} enregistrée. Code de suivi à donner : {depot.code_suivi}",
            extra_tags="reste",
        )
    return depot
