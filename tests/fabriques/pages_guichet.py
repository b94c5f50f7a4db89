"""Whole requests to the room of the médecin traitant, as browsers send them."""

from typing import Any

from django.urls import reverse

from fabriques.medecin_traitant import Guichet, make_demande
from maillon.missions.medecin_traitant.enums import Etat
from maillon.missions.medecin_traitant.models import Demande
from maillon.socle.contexte import use_cpts

QUI = {"pour": "moi", "commune": "42218"}
PERSONNE = {
    "prenom": "Zoé",
    "nom": "Canari",
    "annee_naissance": "1944",
    "telephone": "04 77 11 22 33",
    "courriel": "zoe@example.org",
}
BESOINS = {"besoins": ["ald", "c2s"], "langue": "fr"}
TOUT = {**QUI, **PERSONNE, **BESOINS, "accord": "on", "etape": "4", "cle": "k" * 20, "aller": "suite"}


def public(guichet: Guichet) -> str:
    return reverse("medecin_traitant_formulaire", args=[guichet.cpts.slug])


def url(guichet: Guichet, name: str, *args: object) -> str:
    return reverse(f"medecin_traitant_{name}", args=[guichet.cpts.slug, *args])


def make(guichet: Guichet, etat: Etat = Etat.DEPOSEE, **champs: object) -> Demande:
    """A request of this state, made from outside the community."""
    with use_cpts(guichet.cpts.pk):
        return make_demande(guichet, etat=etat, **champs)


def reload(objet: Any) -> Any:
    with use_cpts(objet.cpts_id):
        return type(objet).objects.get(pk=objet.pk)


def assert_hidden(page: str) -> None:
    """Neither identity nor coverage reaches a doctor before the patient's yes."""
    for word in ("Canari", "CANARI", "Zoé", "04 77 11", "C2S", "AME)", "aide médicale", "solidaire", "MT-20"):
        assert word not in page, word
