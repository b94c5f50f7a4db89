"""The tabs of the desk."""

from django.urls import reverse

from maillon.socle.droits.requete import Requete
from maillon.socle.ui.composants import Onglet

FIL = "Médecin traitant"
ONGLETS = (
    ("Ma journée", "medecin_traitant_journee"),
    ("En cours", "medecin_traitant_liste"),
    ("À recontacter", "medecin_traitant_recontacts"),
    ("Terminées", "medecin_traitant_terminees"),
    ("Répartir", "medecin_traitant_repartir"),
    ("Places des médecins", "medecin_traitant_places"),
    ("En chiffres", "medecin_traitant_totaux"),
)


def build_onglets(request: Requete, here: str) -> list[Onglet]:
    """The pages of the desk; `here` is the name of the one shown."""
    return [Onglet(mot, reverse(nom, args=[request.cpts.slug]), nom == here) for mot, nom in ONGLETS]
