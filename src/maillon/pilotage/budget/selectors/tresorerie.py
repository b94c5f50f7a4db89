"""The cash to come, from the last balance of the bank to the next two anniversaries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.pilotage.contrats.annee import AnneeContrat, compute_annee
from maillon.pilotage.contrats.echeances import NATURES, EcheancierContrat, compute_echeancier
from maillon.pilotage.contrats.enums import NatureVersement
from maillon.pilotage.contrats.models import Contrat, Releve, VersementRecu
from maillon.regles import aci
from maillon.regles.aci.cycle import add_months

from ..calcul import (
    DELAI_RETARD,
    Encaissement,
    Prevu,
    Recu,
    Tresorerie,
    compute_tresorerie,
    match_versements,
)
from ..models import SoldeBanque
from .budget import read_mouvements
from .cadre import get_solde

# No text dates the payment of the variable part: it follows the evaluation of the year. A stated hypothesis.
MOIS_EVALUATION = 3
ANNIVERSAIRES = 2


@dataclass(frozen=True, slots=True)
class CaisseAnnoncee:
    """The forecast, the balance it starts from, what is expected, what is overdue, and the last day drawn.

    `tresorerie` is None until a balance of the bank is recorded.
    """

    solde: SoldeBanque | None
    tresorerie: Tresorerie | None
    attendus: tuple[Encaissement, ...]
    retards: tuple[Prevu, ...]
    jusqu_a: date
    recus: tuple[Recu, ...]

    @property
    def sur(self) -> bool:
        """Whether every expected amount is read in a text."""
        return all(a.sur for a in self.attendus)

    @property
    def incertain(self) -> Decimal:
        return sum((a.montant for a in self.attendus if not a.certain), Decimal(0))


def compute_caisse(annee: AnneeContrat) -> CaisseAnnoncee:
    """The cash forecast of a community, from the contract year in course."""
    contrat, on = annee.contrat, annee.annee.on
    jusqu_a = find_horizon(contrat, on)
    solde = get_solde(contrat.cpts_id, on)
    suivi = compute_echeancier(contrat, on)
    arrives = suivi.recus if suivi else VersementRecu.objects.filter(contrat=contrat)
    recus = tuple(Recu(v.le, v.annee, v.poste, v.nature, v.montant) for v in arrives)
    echeances = _list_prevus(suivi) if suivi else []
    prevus = match_versements(echeances, recus)
    depuis = solde.le if solde else on
    echus = [p for p in prevus if depuis < p.le <= on]
    retards = tuple(p for p in echus if p.montant > 0)
    attendus = (
        *(Encaissement(p.le, p.montant, p.libelle, sur=p.sur) for p in prevus if on < p.le <= jusqu_a),
        *(Encaissement(on + DELAI_RETARD, p.montant, f"{p.libelle}, en retard", False, p.sur) for p in retards),
        *(Encaissement(on, p.montant, f"{p.libelle}, à rendre", sur=p.sur) for p in echus if p.montant < 0),
        *_list_variables(annee, echeances, recus, depuis=depuis, jusqu_a=jusqu_a),
    )
    tresorerie = None
    if solde is not None:
        mouvements, _ = read_mouvements(contrat.cpts_id, solde.le, jusqu_a, retards=True)
        tresorerie = compute_tresorerie(
            solde_le=solde.le,
            solde=solde.montant,
            mouvements=mouvements,
            recus=recus,
            attendus=attendus,
            on=on,
            jusqu_a=jusqu_a,
        )
    return CaisseAnnoncee(solde, tresorerie, attendus, retards, jusqu_a, recus)


def find_horizon(contrat: Contrat, on: date) -> date:
    """The second anniversary to come, or the last of the contract; a year when it is over."""
    anniversaires = aci.compute_anniversaires(contrat.signe_le, on=contrat.bareme_le)
    suivants = [jour for jour in anniversaires if on < jour <= contrat.periode.upper][:ANNIVERSAIRES]
    return suivants[-1] if suivants else aci.compute_anniversaires(on, on=contrat.bareme_le)[1]


def _list_prevus(suivi: EcheancierContrat) -> list[Prevu]:
    """What the schedule dates surely: of a contract ended early, its account in place of what would have followed."""
    return [
        Prevu(
            le=v.date,
            annee=v.annee_contrat,
            poste="" if v.nature is aci.Nature.AIDE else v.poste,
            nature=NATURES[v.nature].value,
            montant=v.montant.valeur,
            libelle=f"{v.libelle}, année {v.annee_contrat} : {v.nature.libelle}",
            sur=not v.montant.a_confirmer,
        )
        for v in suivi.echeancier.versements
        if v.date is not None and v.certain
    ]


def _list_variables(
    annee: AnneeContrat, prevus: Sequence[Prevu], recus: Sequence[Recu], *, depuis: date, jusqu_a: date
) -> list[Encaissement]:
    """The variable part of the year before, until it is received, and of this year, never certain.

    What an evaluation granted is in the schedule already, and what was received no longer comes.
    """
    attendus = []
    for part in _list_parts(annee):
        accorde, deja = (
            sum((li.montant for li in lignes if _is_variable(li, part.numero)), Decimal(0))
            for lignes in (prevus, recus)
        )
        montant = part.montant - max(accorde, deja)
        le = add_months(part.fin, MOIS_EVALUATION)
        if montant > 0 and depuis < le <= jusqu_a:
            libelle = f"Part variable de l’année {part.numero}, constatée et à confirmer"
            attendus.append(Encaissement(le, montant, libelle, certain=False, sur=part.sur))
    return attendus


@dataclass(frozen=True, slots=True)
class PartVariable:
    """What a contract year has certified and forecast of its variable part, in euros, and the day that closes it."""

    numero: int
    fin: date
    montant: Decimal
    sur: bool

    @classmethod
    def of_annee(cls, annee: AnneeContrat) -> "PartVariable":
        montants = annee.montants
        return cls(annee.annee.numero, annee.annee.fin, montants.constate + montants.a_confirmer, not annee.a_confirmer)


def _list_parts(annee: AnneeContrat) -> list[PartVariable]:
    """This year's, and that of the year before: as published, so that a home page does not compute two years."""
    parts = [PartVariable.of_annee(annee)]
    precedente = annee.annee.numero - 1
    if precedente and not annee.is_close:
        publie = (
            Releve.objects.filter(cpts_id=annee.contrat.cpts_id, contrat=annee.contrat, annee=precedente)
            .values_list("fin", "constate", "a_confirmer", "plafond_a_confirmer")
            .first()
        )
        if publie:
            fin, constate, a_confirmer, doute = publie
            parts.append(PartVariable(precedente, fin, constate + a_confirmer, not doute))
        else:
            parts.append(PartVariable.of_annee(compute_annee(annee.contrat, annee.annee.on, numero=precedente)))
    return parts


def _is_variable(ligne: Prevu | Recu, annee: int) -> bool:
    return (ligne.annee, ligne.nature) == (annee, NatureVersement.VARIABLE)
