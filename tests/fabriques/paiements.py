"""Bank accounts and payment runs. Build inside `use_cpts(cpts.pk)`."""

from datetime import date
from typing import Any

from fabriques.indemnites import make_declaration, make_payable
from maillon.communaute.personnes.models import Personne
from maillon.pilotage.indemnites.enums import Etat
from maillon.pilotage.indemnites.models import Campagne, CompteBancaire
from maillon.pilotage.indemnites.services.comptes import keep_compte
from maillon.pilotage.indemnites.services.paiements import prepare_campagne
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import today

IBAN_CPTS = "FR1420041010050500013M02606"
IBAN = "FR7630006000011234567890189"


def make_compte_cpts(cpts: Cpts) -> CompteBancaire:
    """The account that pays."""
    return keep_compte(cpts_id=cpts.pk, titulaire="CPTS d’essai", iban=IBAN_CPTS, bic="", by=SYSTEME)


def make_compte_personne(personne: Personne, *, iban: str = IBAN) -> CompteBancaire:
    """The account of a person."""
    return keep_compte(
        cpts_id=personne.cpts_id, personne=personne, titulaire=str(personne), iban=iban, bic="", by=SYSTEME
    )


def make_due(cpts: Cpts, *, compte: bool = True, **champs: Any) -> Personne:
    """Somebody with 120 € approved, and an account."""
    personne = make_payable(cpts)
    if compte:
        make_compte_personne(personne)
    make_declaration(personne, etat=Etat.APPROUVEE, **champs)
    return personne


def make_campagne(cpts: Cpts, *, execution_le: date | None = None) -> Campagne:
    """A run of whatever waits, up to today."""
    return prepare_campagne(cpts_id=cpts.pk, jusqu_au=today(), execution_le=execution_le or today(), by=SYSTEME)
