"""The tabs of the requests; the day, the places and the figures are lines of the menu."""

from django.urls import reverse

from maillon.socle.droits.requete import Requete
from maillon.socle.ui.composants import Onglet

FIL = "Médecin traitant"
ONGLETS = (
    ("En cours", "medecin_traitant_liste"),
    ("À recontacter", "medecin_traitant_recontacts"),
    ("Terminées", "medecin_traitant_terminees"),
    ("Répartir", "medecin_traitant_repartir"),
)


def build_onglets(request: Requete, here: str) -> list[Onglet]:
    """The lists of requests; `here` is the name of the one shown."""
    return [Onglet(mot, reverse(nom, args=[request.cpts.slug]), nom == here) for mot, nom in ONGLETS]
