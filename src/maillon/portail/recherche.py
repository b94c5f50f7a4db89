"""The one search of the top bar: requests, members and pages that this person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from maillon.communaute.adhesions.listes import describe_activite, describe_communes, describe_nom
from maillon.communaute.adhesions.permissions import VOIR_MEMBRES
from maillon.communaute.adhesions.selectors import members, with_places
from maillon.communaute.patients.selectors import read_identites
from maillon.communaute.recherche import normalize_nom
from maillon.missions.medecin_traitant.permissions import GERER
from maillon.missions.medecin_traitant.selectors import list_demandes, search_demandes
from maillon.missions.medecin_traitant.services import is_guichet_ouvert
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.contexte import build_cadre

from .permissions import ACCUEIL

PAR_GROUPE = 10
LONGUEUR = 100


@dataclass(frozen=True, slots=True)
class Trouvaille:
    """One thing found: what it is called, what tells it from another, where it opens."""

    libelle: str
    detail: str
    url: str
    icone: str


@dataclass(frozen=True, slots=True)
class Groupe:
    titre: str
    trouvailles: Sequence[Trouvaille]


def find_demandes(texte: str, cpts: Cpts, acteur: Acteur) -> list[Trouvaille]:
    """Requests of the desk, by reference, name or telephone; the names are read with their trace."""
    if not acteur.can(GERER) or not is_guichet_ouvert(cpts):
        return []
    demandes = list(search_demandes(list_demandes(for_acteur=acteur), texte, by=acteur, toutes=True)[:PAR_GROUPE])
    identites = read_identites(
        [demande.patient_id for demande in demandes], quoi="identite", pourquoi="recherche", by=acteur
    )
    return [
        Trouvaille(
            identite.nom_complet if (identite := identites.get(demande.patient_id)) else "Identité effacée",
            f"{demande.reference}, {demande.get_etat_display()}",
            reverse("medecin_traitant_fiche", args=[cpts.slug, demande.pk]),
            "stethoscope",
        )
        for demande in demandes
    ]


def find_membres(texte: str, cpts: Cpts, acteur: Acteur) -> list[Trouvaille]:
    """Members whose name holds every typed word."""
    mots = normalize_nom(texte).split()
    if not mots or not acteur.can(VOIR_MEMBRES):
        return []
    adhesions: QuerySet[Any] = with_places(members(cpts.pk, on=today()).visible_to(acteur))
    for mot in mots:
        adhesions = adhesions.filter(nom_tri__contains=mot)
    page = reverse("adhesions_membres", args=[cpts.slug])
    return [
        Trouvaille(
            describe_nom(adhesion),
            ", ".join(filter(None, [describe_activite(adhesion), describe_communes(adhesion)])),
            f"{page}?{urlencode({'q': describe_nom(adhesion)})}",
            "user",
        )
        for adhesion in adhesions.order_by("nom_tri", "pk")[:PAR_GROUPE]
    ]


def find_pages(texte: str, request: Requete) -> list[Trouvaille]:
    """Pages of this person's menus whose name holds every typed word."""
    mots = normalize_nom(texte).split()
    cadre = build_cadre(request)
    liens = [(rubrique.libelle, lien) for rubrique in cadre.rubriques for lien in (*rubrique.liens, *rubrique.onglets)]
    liens += [("Nouveau", lien) for lien in cadre.nouveau]
    return [
        Trouvaille(lien.libelle, rubrique, lien.url, lien.icone)
        for rubrique, lien in liens
        if mots and all(mot in normalize_nom(f"{rubrique} {lien.libelle}") for mot in mots)
    ][:PAR_GROUPE]


@acces(ACCUEIL)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def recherche(request: Requete, slug: str) -> HttpResponse:
    """What was typed, looked for in requests, members and pages; groups that found nothing are left out.

    It may name a patient, so it is posted: an address only opens the empty page.
    """
    texte = request.POST.get("q", "").strip()[:LONGUEUR]
    acteur, cpts = request.acteur, request.cpts
    groupes = (
        Groupe("Demandes de médecin traitant", find_demandes(texte, cpts, acteur) if texte else []),
        Groupe("Membres", find_membres(texte, cpts, acteur)),
        Groupe("Pages", find_pages(texte, request)),
    )
    contexte = {
        "titre": "Rechercher",
        "texte": texte,
        "groupes": [groupe for groupe in groupes if groupe.trouvailles],
        "demandes": acteur.can(GERER),
    }
    return render(request, "portail/recherche.html", contexte)
