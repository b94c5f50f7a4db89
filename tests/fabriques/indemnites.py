"""Rates, participations and expenses in every state. Build inside `use_cpts(cpts.pk)`."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db.backends.postgresql.psycopg_any import DateRange

from fabriques.adhesions import AdhesionFabrique
from fabriques.annuaire import ProfessionnelFabrique
from fabriques.personnes import PersonneFabrique
from fabriques.structures import StructureFabrique
from maillon.communaute.personnes.models import Personne
from maillon.pilotage.indemnites.enums import Beneficiaire, Etat, Fonction, GenreFrais, Instance, Mode, Nature
from maillon.pilotage.indemnites.models import (
    Approbation,
    BaremeKilometrique,
    ConventionEmployeur,
    Declaration,
    Frais,
    SituationAnnuelle,
    Tarif,
)
from maillon.socle.cpts.models import Cpts
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now, today

A = TypeVar("A", bound=Approbation)
_suite = count(1)
PASS_2026 = Decimal(48_060)
DECISION = {"instance": Instance.BUREAU, "decide_le": date(2026, 1, 5)}


def make_payable(cpts: Cpts, *, situation: bool = True, annee: int | None = None, **champs: Any) -> Personne:
    """A nurse, member of the community since 2023, who says that no other community pays them this year."""
    professionnel = champs.pop("professionnel", None) or ProfessionnelFabrique()
    AdhesionFabrique(cpts=cpts, professionnel=professionnel)
    personne = PersonneFabrique(cpts=cpts, professionnel=professionnel, **champs)
    if situation:
        make_situation(personne, annee=annee or today().year)
    return personne


def make_situation(personne: Personne, *, annee: int, ailleurs: Decimal | int = 0) -> SituationAnnuelle:
    """What the person says of the year."""
    return SituationAnnuelle.objects.create(
        cpts_id=personne.cpts_id, personne=personne, annee=annee, autre_cpts=ailleurs > 0, montant_ailleurs=ailleurs
    )


def make_tarif(cpts: Cpts, **champs: Any) -> Tarif:
    """60 € an hour for participants, of every mission and profession, since 2022."""
    valeurs = {
        "fonction": Fonction.PARTICIPANT,
        "nature": Nature.REMUNERATION,
        "mode": Mode.HEURE,
        "montant": Decimal(60),
        "periode": DateRange(date(2022, 4, 1), None),
        **DECISION,
        **champs,
    }
    return Tarif.objects.create(cpts=cpts, **valeurs)


def make_convention(cpts: Cpts, **champs: Any) -> ConventionEmployeur:
    """An employer reimbursed 35 € an hour since 2024."""
    structure = champs.pop("structure", None) or StructureFabrique()
    valeurs = {"taux": Decimal(35), "periode": DateRange(date(2024, 1, 1), None), "signee_le": date(2023, 12, 20)}
    return ConventionEmployeur.objects.create(cpts=cpts, structure=structure, **{**valeurs, **champs})


def make_bareme(cpts: Cpts, **champs: Any) -> BaremeKilometrique:
    """0,529 € a kilometre since 2022."""
    valeurs = {"taux": Decimal("0.529"), "periode": DateRange(date(2022, 4, 1), None), **DECISION, **champs}
    return BaremeKilometrique.objects.create(cpts=cpts, **valeurs)


def make_declaration(personne: Personne, *, etat: Etat = Etat.DECLAREE, **champs: Any) -> Declaration:
    """Two hours at 60 € today for `acces`, brought to this state by two people who exist nowhere.

    `convention=` makes it due to the employer; `payee_le=` paid that day.
    """
    convention = champs.pop("convention", None)
    heures = Decimal(champs.pop("heures", 2))
    taux = Decimal(champs.pop("taux", convention.taux if convention else 60))
    paye_le = champs.pop("payee_le", None)
    tarif = champs.pop("tarif", None) or (
        None if convention else Tarif.objects.filter(cpts=personne.cpts_id).first() or make_tarif(personne.cpts)
    )
    valeurs = {
        "le": today(),
        "mission": "acces",
        "libelle": "Groupe de travail",
        "nature": Nature.REMUNERATION,
        "mode": Mode.HEURE,
        "source": "saisie",
        "reference": f"essai-{next(_suite)}",
        "montant": heures * taux,
        **champs,
    }
    declaration = Declaration.objects.create(
        cpts_id=personne.cpts_id,
        personne=personne,
        heures=heures,
        taux=taux,
        tarif=tarif,
        convention=convention,
        beneficiaire=Beneficiaire.EMPLOYEUR if convention else Beneficiaire.PERSONNE,
        etat=Etat.PROPOSEE if etat == Etat.PROPOSEE else Etat.DECLAREE,
        **valeurs,
    )
    return _bring(declaration, etat, plafond=PASS_2026, payee_le=paye_le)


def make_justificatif(cpts: Cpts) -> Fichier:
    """A receipt without content."""
    row = Fichier(
        cpts=cpts, nom="billet.pdf", type="pdf", taille=1, empreinte="0" * 64, permission="indemnites.declarer"
    )
    row.save(force_insert=True)
    return row


def make_frais(personne: Personne, *, etat: Etat = Etat.DECLAREE, **champs: Any) -> Frais:
    """A train ticket of 38,40 € with its receipt."""
    paye_le = champs.pop("payee_le", None)
    valeurs = {
        "le": today(),
        "mission": "acces",
        "libelle": "Train",
        "genre": GenreFrais.TRANSPORT,
        "montant": Decimal("38.40"),
        "source": "saisie",
        "reference": f"essai-{next(_suite)}",
        **champs,
    }
    if valeurs["genre"] != GenreFrais.KILOMETRES:
        valeurs.setdefault("justificatif", None)
        valeurs["justificatif"] = valeurs["justificatif"] or make_justificatif(personne.cpts)
    frais = Frais.objects.create(cpts_id=personne.cpts_id, personne=personne, **valeurs)
    return _bring(frais, etat, payee_le=paye_le)


def _bring(objet: A, etat: Etat, *, payee_le: date | None, **accord: Any) -> A:
    if etat in (Etat.VERIFIEE, Etat.APPROUVEE):
        _update(objet, etat=Etat.VERIFIEE, verifie_le=now(), verifie_par=_somebody())
    if etat == Etat.APPROUVEE:
        _update(objet, etat=etat, approuve_le=now(), approuve_par=_somebody(), **accord)
    elif etat == Etat.REFUSEE:
        _update(objet, etat=etat, motif="Absent ce jour-là")
    elif etat == Etat.ECARTEE:
        _update(objet, etat=etat)
    if payee_le is not None:
        _update(objet, payee_le=payee_le)
    return objet


def _update(objet: Approbation, **champs: Any) -> None:
    for nom, valeur in champs.items():
        setattr(objet, nom, valeur)
    objet.save()


def _somebody() -> UUID:
    return uuid4()
