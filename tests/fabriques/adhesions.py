"""Memberships: build inside `use_cpts`, with their `cpts`."""

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from django.db.backends.postgresql.psycopg_any import DateRange

from maillon.communaute.adhesions.enums import College, Etat, EtatCotisation, Fonction, ModePaiement, Origine
from maillon.communaute.adhesions.models import (
    Adhesion,
    Campagne,
    Candidature,
    Cotisation,
    MandatStatutaire,
    Reglement,
    Tarif,
)
from maillon.communaute.adhesions.selectors import next_numero
from maillon.communaute.personnes.services import keep_professionnel
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME

from .annuaire import ProfessionnelFabrique
from .personnes import PersonneFabrique
from .structures import StructureFabrique


class AdhesionFabrique(factory.django.DjangoModelFactory):
    """A professional, member since 2023. Traits: `demandee`, `terminee` (at the end of 2024), `de_structure`."""

    class Meta:
        model = Adhesion

    professionnel = factory.SubFactory(ProfessionnelFabrique)
    college = College.PROFESSIONNELS
    etat = Etat.ACTIVE
    debut = date(2023, 1, 9)

    class Params:
        demandee = factory.Trait(etat=Etat.DEMANDEE, debut=None)
        terminee = factory.Trait(etat=Etat.TERMINEE, fin=date(2025, 1, 1))
        de_structure = factory.Trait(
            professionnel=None, structure=factory.SubFactory(StructureFabrique), college=College.STRUCTURES
        )


def make_candidature(cpts: Cpts, **champs: Any) -> Candidature:
    """An application by the public form, of somebody whom the directory does not know."""
    values = {
        "origine": Origine.FORMULAIRE,
        "prenom": "Zoé",
        "nom": "Lefèvre",
        "courriel": "zoe.lefevre@example.org",
        "profession": "infirmier",
        "lieu": "Saint-Étienne",
        **champs,
    }
    return Candidature.objects.create(cpts=cpts, **values)


def make_campagne(cpts: Cpts, *, echeance: date = date(2026, 3, 31), annee: int = 2026, **champs: Any) -> Campagne:
    """The dues of 2026, at 30 € for every college; found again on the second call."""
    values = {"echeance": echeance, "consigne": "par virement", "ouverte_le": date(2026, 1, 5), **champs}
    campagne, made = Campagne.objects.get_or_create(cpts=cpts, annee=annee, defaults=values)
    if made:
        for college in College:
            Tarif.objects.create(cpts=cpts, campagne=campagne, college=college, montant=Decimal(30))
    return campagne


def make_cotisation(cpts: Cpts, *, adhesion: Adhesion | None = None, **champs: Any) -> Cotisation:
    """30 € due by a professional, known as a person with an address."""
    adhesion = adhesion or AdhesionFabrique(cpts=cpts)
    if adhesion.professionnel is not None:
        keep_professionnel(cpts_id=cpts.pk, professionnel=adhesion.professionnel, by=SYSTEME)
        adhesion.professionnel.personnes.filter(courriel="").update(courriel="membre@example.org")
    values = {"campagne": champs.pop("campagne", None) or make_campagne(cpts), "college": adhesion.college, **champs}
    return Cotisation.objects.create(cpts=cpts, adhesion=adhesion, **{"montant": Decimal(30), **values})


def make_reglement(cpts: Cpts, **champs: Any) -> Reglement:
    """30 € received by cheque on the 2nd of March 2026."""
    cotisation = champs.pop("cotisation", None) or make_cotisation(cpts, etat=EtatCotisation.PAYEE)
    values = {
        "annee": 2026,
        "numero": next_numero(cpts.pk, 2026),
        "montant": cotisation.montant,
        "mode": ModePaiement.CHEQUE,
        "recu_le": date(2026, 3, 2),
        "payeur": str(cotisation.adhesion.adherent),
        "libelle_college": "médecins",
        **champs,
    }
    return Reglement.objects.create(cpts=cpts, cotisation=cotisation, **values)


def make_mandat(cpts: Cpts, **champs: Any) -> MandatStatutaire:
    """A councillor since 2024, without end."""
    values = {"fonction": Fonction.ADMINISTRATEUR, "periode": DateRange(date(2024, 1, 1), None), **champs}
    personne = values.pop("personne", None) or PersonneFabrique(cpts=cpts)
    return MandatStatutaire.objects.create(cpts=cpts, personne=personne, **values)
