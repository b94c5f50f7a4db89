"""What a statement of the bank says of our transfers: paid, sent back, or unclear."""

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from maillon.socle.chiffrement import normalize
from maillon.socle.droits.acteur import Acteur

from ..enums import EtatVirement
from ..models import Virement
from ..releves_banque import Mouvement, read_releve
from ..selectors.paiements import list_virements_connus
from .paiements import lock_paiements, pay_virements, reject_virement


@dataclass(slots=True)
class Rapprochement:
    """What became of a statement. `a_choisir`: a movement that several transfers may explain, with them; `ecarts`: ours
    by its reference, but not of our amount, or left the bank after it was given up; `autres` counts what is not ours.
    """

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

    A transfer is recognised by its reference and amount; without any reference of ours, by amount and name once its run
    has left, when one alone fits.
    The same statement again changes nothing. Raises SaisieInvalide for a file that cannot be read.
    """
    mouvements = read_releve(contenu)
    lock_paiements(cpts_id)
    virements = list_virements_connus(cpts_id)
    par_reference = {virement.reference: virement for virement in virements}
    rapprochement = Rapprochement()
    for mouvement in sorted(mouvements, key=lambda un: un.le):
        nomme = _find_nomme(mouvement, par_reference)
        if nomme is not None:
            _apply(mouvement, nomme, rapprochement, by=by)
        else:
            _guess(mouvement, virements, rapprochement, by=by)
    return rapprochement


def _find_nomme(mouvement: Mouvement, par_reference: dict[str, Virement]) -> Virement | None:
    """The transfer whose reference the movement bears."""
    mots = (mouvement.reference, *mouvement.libelle.split())
    return next((par_reference[mot] for mot in mots if mot in par_reference), None)


def _apply(mouvement: Mouvement, virement: Virement, bilan: Rapprochement, *, by: Acteur) -> None:
    """What a movement says of the transfer that it names: nothing is undone or settled for another amount."""
    retour = bool(mouvement.rejet) or mouvement.montant < 0
    clos = virement.etat in (EtatVirement.REJETE, EtatVirement.ECARTE)
    if abs(mouvement.montant) != virement.montant or (clos and not retour):
        bilan.ecarts.append((mouvement, virement))
    elif clos:
        bilan.deja += 1
    elif retour:
        motif = mouvement.rejet or "rejeté par la banque"
        reject_virement(virement=virement, motif=motif, by=by)
        virement.etat = EtatVirement.REJETE
        bilan.rejetes.append((virement, motif))
    else:
        _settle(virement, mouvement, bilan, by=by)


def _guess(mouvement: Mouvement, virements: list[Virement], bilan: Rapprochement, *, by: Acteur) -> None:
    """Money out without any reference of ours: the transfer of that amount and name, when one alone fits."""
    justes = [] if mouvement.rejet else [v for v in _resembling(mouvement, virements) if v.montant == mouvement.montant]
    if len(justes) > 1:
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


def _resembling(mouvement: Mouvement, virements: list[Virement]) -> list[Virement]:
    """Transfers not settled, of a run that had left by then, whose beneficiary's name stands whole in the label."""
    mots = set(normalize(mouvement.libelle).split())
    return [
        v
        for v in virements
        if v.etat == EtatVirement.A_PAYER
        and v.campagne.emise_le is not None
        and localdate(v.campagne.emise_le) <= mouvement.le
        and set(normalize(v.beneficiaire).split()) <= mots
    ]
