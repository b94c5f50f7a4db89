"""The cash to come, from the last balance of the bank to the next two anniversaries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.pilotage.contrats.annee import AnneeContrat, compute_annee
from maillon.pilotage.contrats.echeances import NATURES, EcheancierContrat, compute_echeancier
from maillon.pilotage.contrats.enums import NatureVersement
from maillon.pilotage.contrats.models import Contrat, VersementRecu
from maillon.regles import aci

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
    arrives = VersementRecu.objects.filter(contrat=contrat)
    recus = tuple(Recu(v.le, v.annee, v.poste, v.nature, v.montant) for v in arrives)
    suivi = compute_echeancier(contrat, on)
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
            libelle=f"{v.libelle}, année {v.annee_contrat} : {v.nature.libelle}",
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
    annees = [annee]
    if annee.annee.numero > 1 and not annee.is_close:
        annees.append(compute_annee(annee.contrat, annee.annee.on, numero=annee.annee.numero - 1))
    attendus = []
    for une in annees:
        accorde, deja = (
            sum((li.montant for li in lignes if _is_variable(li, une.annee.numero)), Decimal(0))
            for lignes in (prevus, recus)
        )
        montant = une.montants.constate + une.montants.a_confirmer - max(accorde, deja)
        le = add_months(une.annee.fin, MOIS_EVALUATION)
        if montant > 0 and depuis < le <= jusqu_a:
            libelle = f"Part variable de l’année {une.annee.numero}, constatée et à confirmer"
            attendus.append(Encaissement(le, montant, libelle, certain=False, sur=not une.a_confirmer))
    return attendus


def _is_variable(ligne: Prevu | Recu, annee: int) -> bool:
    return (ligne.annee, ligne.nature) == (annee, NatureVersement.VARIABLE)


def add_months(jour: date, mois: int) -> date:
    """The same day some months later, at most the 28th when the month is too short for it."""
    rang = jour.month - 1 + mois
    annee, numero = jour.year + rang // 12, rang % 12 + 1
    try:
        return jour.replace(year=annee, month=numero)
    except ValueError:
        return date(annee, numero, 28)
