"""The public directory: those who allowed it, and nothing that they did not."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maillon.socle.comptes.verrou import get_adresse
from maillon.socle.droits.permissions import acces_public
from maillon.socle.droits.requete import Requete

from .. import presentation
from ..selectors.fiches import filter_publics, get_source
from ..selectors.membres import list_publics
from ..services.fiches import note_passage


@acces_public
@require_safe
def annuaire_public(request: Requete, slug: str) -> HttpResponse:
    """Who takes care of people here, by name, profession or commune; search engines are asked to leave it alone."""
    texte, profession, commune = (
        request.GET.get(nom, "").strip().replace("\x00", "")[:100] for nom in ("q", "profession", "commune")
    )
    cherche = bool(texte or profession or commune)
    if cherche and not note_passage(cpts_id=request.cpts.pk, adresse=get_adresse(request)):
        return _leave_alone(render(request, "annuaire/freine.html", {"titre": "Un instant"}, status=429))
    tous = list_publics(request.cpts.pk)
    found = filter_publics(tous, texte=texte, profession=profession, commune=commune)
    contexte = {
        "titre": "Les professionnels de santé",
        "titre_onglet": "Annuaire des professionnels de santé",
        "texte": texte,
        "profession": profession,
        "commune": commune,
        "cherche": cherche,
        "professions": sorted({c.professionnel.libelle_profession for c in tous}),
        "communes": sorted({(lieu.activite.commune.nom, lieu.activite.commune_id) for c in tous for lieu in c.lieux}),
        "gens": [(c, presentation.build_faits(c.fiche, public=True)) for c in found],
        "source": presentation.describe_source(get_source()),
    }
    return _leave_alone(render(request, "annuaire/public.html", contexte))


def _leave_alone(reponse: HttpResponse) -> HttpResponse:
    reponse["X-Robots-Tag"] = "noindex, noarchive"
    return reponse
