"""Requests proposed to doctors, and doctors at their own inbox."""

from django.test import Client
from django.urls import reverse

from fabriques.droits import enter
from fabriques.medecin_traitant import Guichet, make_acteur_medecin, make_demande
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Etat
from maillon.missions.medecin_traitant.models import Demande
from maillon.socle.comptes.models import Compte
from maillon.socle.contexte import use_cpts


def propose(guichet: Guichet, medecins: list, **champs) -> Demande:
    demande = make_demande(guichet, etat=Etat.QUALIFIEE)
    services.propose_demande(
        demande_id=demande.pk, professionnel_ids=[medecin.pk for medecin in medecins], by=guichet.acteur, **champs
    )
    return demande


def one(demande: Demande, medecin) -> Sollicitation:
    return demande.sollicitations.get(professionnel=medecin)


def page(nom: str, guichet: Guichet, *ids) -> str:
    return reverse(f"sollicitations:{nom}", args=[guichet.cpts.slug, *ids])


def sign_in(guichet: Guichet, medecin) -> Client:
    with use_cpts(guichet.cpts.pk):
        make_acteur_medecin(guichet, medecin)
    return enter(Client(), Compte.objects.get(rpps=medecin.rpps))
