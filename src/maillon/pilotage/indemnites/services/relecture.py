"""Rereading a run before it leaves: a transfer is set aside, and put back."""

from django.db import IntegrityError, transaction
from django.db.models import Q

from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.journal import services as journal

from ..enums import EtatCampagne, EtatVirement
from ..models import LignePayee, Virement
from .paiements import free_lignes, lock_paiements, lock_virement


@transaction.atomic
def leave_out(*, virement: Virement, by: Acteur, motif: str = "Écarté à la relecture") -> Virement:
    """Take a transfer out of a run that has not left: its rows wait for the next one."""
    lock_paiements(virement.cpts_id)
    virement = lock_virement(virement)
    if virement.campagne.etat != EtatCampagne.PREPAREE or virement.etat != EtatVirement.A_PAYER:
        raise SaisieInvalide("La campagne est déjà partie\u00a0: un virement ne s’en retire plus.")
    free_lignes(virement, EtatVirement.ECARTE, motif)
    journal.record("indemnites.virement_ecarte", virement, by=by)
    return virement


@transaction.atomic
def put_back(*, virement: Virement, by: Acteur) -> Virement:
    """Put a transfer that was set aside back into its run, as it was; one that is there stays.

    Raises SaisieInvalide once the run has left, or when one of its rows was reversed or joined another run meanwhile.
    """
    lock_paiements(virement.cpts_id)
    virement = lock_virement(virement)
    if virement.campagne.etat != EtatCampagne.PREPAREE:
        raise SaisieInvalide("La campagne est déjà partie\u00a0: ces lignes attendent la prochaine.")
    if virement.etat == EtatVirement.A_PAYER:
        return virement
    if virement.etat != EtatVirement.ECARTE:
        raise SaisieInvalide(f"Ce virement est {virement.get_etat_display()}\u00a0: il ne se remet pas.")
    defaites = Q(declaration__contrepassee_par__isnull=False) | Q(frais__contrepassee_par__isnull=False)
    if virement.lignes.filter(defaites).exists():
        raise SaisieInvalide(
            "Une de ses lignes a été contre-passée depuis\u00a0: le reste attend la prochaine campagne."
        )
    try:
        with transaction.atomic():
            LignePayee.objects.filter(virement=virement).update(vivante=True)
    except IntegrityError as refus:
        if "_payee_une_fois" in str(refus) or "payes_une_fois" in str(refus):
            raise SaisieInvalide("Une autre campagne paie déjà une partie de ces lignes.") from None
        raise
    virement.etat, virement.motif = EtatVirement.A_PAYER, ""
    virement.save(update_fields=["etat", "motif"])
    journal.record("indemnites.virement_remis", virement, by=by)
    return virement
