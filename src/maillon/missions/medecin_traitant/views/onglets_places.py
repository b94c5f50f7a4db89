"""The tabs of the census."""

from django.urls import reverse

from maillon.socle.droits.requete import Requete
from maillon.socle.ui.composants import Onglet

PLACES = "Places des médecins"
ONGLETS = (
    ("Médecins", "medecin_traitant_places"),
    ("Campagnes", "medecin_traitant_campagnes"),
    ("Renforts", "medecin_traitant_renforts"),
    ("Départs et arrivées", "medecin_traitant_mouvements"),
)


def build_onglets_places(request: Requete, here: str) -> list[Onglet]:
    """The pages of the census; its totals and its map are beside the figures of the desk."""
    return [Onglet(mot, reverse(nom, args=[request.cpts.slug]), nom == here) for mot, nom in ONGLETS]


def build_fil(request: Requete, *suite: tuple[str, str]) -> list[tuple[str, str]]:
    """Places des médecins › …"""
    return [(PLACES, reverse("medecin_traitant_places", args=[request.cpts.slug])), *suite]
