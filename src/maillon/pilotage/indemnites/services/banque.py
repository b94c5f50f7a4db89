"""What a statement of the bank says of our transfers: paid, sent back, or unclear."""

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from maillon.socle.chiffrement import normalize
from maillon.socle.droits.acteur import Acteur

from ..enums import EtatVirement
from ..models import Virement
from ..releves_banque import Mouvement, read_releve
from ..selectors.paiements import list_virements_attendus
from .paiements import lock_paiements, pay_virements, reject_virement


@dataclass(slots=True)
class Rapprochement:
    """What became of a statement. `a_choisir`: a movement that several transfers may explain, with them; `ecarts`: ours
    by its reference, but not of our amount; `autres` counts what is not ours."""

    payes: list[Virement] = field(default_factory=list)
    rejetes: list[tuple[Virement, str]] = field(default_factory=list)
    a_choisir: list[tuple[Mouvement, list[Virement]]] = field(default_factory=list)
    ecarts: list[tuple[Mouvement, Virement]] = field(default_factory=list)
    deja: int = 0
    autres: int = 0

    @property
    def total(self) -> Decimal:
        return sum((virement.montant for virement in self.payes), Decimal(0))


@transaction.atomic
def apply_releve(*, cpts_id: UUID, contenu: bytes, by: Acteur) -> Rapprochement:
    """Settle the transfers that a statement (CAMT.053, CSV or XLSX) speaks of, whole or not at all.

    A transfer is recognised by its reference and amount; without reference, by amount and name, when one alone fits.
    The same statement again changes nothing. Raises SaisieInvalide for a file that cannot be read.
    """
    mouvements = read_releve(contenu)
    lock_paiements(cpts_id)
    attendus = list_virements_attendus(cpts_id)
    rapprochement = Rapprochement()
    pris: set[UUID] = set()
    for mouvement in sorted(mouvements, key=lambda un: un.le):
        _apply(mouvement, [v for v in attendus if v.pk not in pris], rapprochement, pris, by=by)
    return rapprochement


def _apply(
    mouvement: Mouvement, attendus: list[Virement], bilan: Rapprochement, pris: set[UUID], *, by: Acteur
) -> None:
    nommes = [v for v in attendus if v.reference in (mouvement.reference, *mouvement.libelle.split())]
    if mouvement.rejet or mouvement.montant < 0:
        for virement in nommes[:1]:
            motif = mouvement.rejet or "rejeté par la banque"
            reject_virement(virement=virement, motif=motif, by=by)
            bilan.rejetes.append((virement, motif))
            pris.add(virement.pk)
        if not nommes:
            bilan.autres += 1
        return
    candidats = nommes or _resembling(mouvement, attendus)
    justes = [v for v in candidats if v.montant == mouvement.montant]
    if nommes and not justes:
        bilan.ecarts.append((mouvement, nommes[0]))
    elif len(justes) > 1:
        bilan.a_choisir.append((mouvement, justes))
    elif justes:
        _settle(justes[0], mouvement, bilan, by=by)
    else:
        bilan.autres += 1


def _settle(virement: Virement, mouvement: Mouvement, bilan: Rapprochement, *, by: Acteur) -> None:
    if virement.etat == EtatVirement.PAYE:
        bilan.deja += 1
        return
    pay_virements(campagne=virement.campagne, virements=[virement.pk], le=mouvement.le, by=by)
    virement.etat = EtatVirement.PAYE
    bilan.payes.append(virement)


def _resembling(mouvement: Mouvement, attendus: list[Virement]) -> list[Virement]:
    """Transfers not settled whose beneficiary's name stands whole in the label."""
    mots = set(normalize(mouvement.libelle).split())
    return [
        v
        for v in attendus
        if v.etat == EtatVirement.A_PAYER and mots and set(normalize(v.beneficiaire).split()) <= mots
    ]
