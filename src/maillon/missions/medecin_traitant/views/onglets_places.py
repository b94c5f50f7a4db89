"""The tabs of the census."""

from django.urls import reverse

from maillon.socle.droits.requete import Requete
from maillon.socle.ui.composants import Onglet

from ..permissions import GERER

FIL = "Médecin traitant"
PLACES = "Places des médecins"
ONGLETS = (
    ("Médecins", "medecin_traitant_places"),
    ("Vue d’ensemble", "medecin_traitant_places_ensemble"),
    ("Campagnes", "medecin_traitant_campagnes"),
    ("Renforts", "medecin_traitant_renforts"),
    ("Départs et arrivées", "medecin_traitant_mouvements"),
)


def build_onglets_places(request: Requete, here: str) -> list[Onglet]:
    """The pages of the census, for the desk; who reads totals alone has no tabs."""
    if not request.acteur.can(GERER):
        return []
    return [Onglet(mot, reverse(nom, args=[request.cpts.slug]), nom == here) for mot, nom in ONGLETS]


def build_fil(request: Requete, *suite: tuple[str, str]) -> list[tuple[str, str]]:
    """Médecin traitant › Places des médecins › …"""
    slug = request.cpts.slug
    return [
        (FIL, reverse("medecin_traitant_liste", args=[slug])),
        (PLACES, reverse("medecin_traitant_places", args=[slug])),
        *suite,
    ]
