"""What CPAM and ARS read: written again after each change, and every night because days pass."""

from typing import Any
from uuid import UUID

from django.db import transaction

from maillon.regles.aci.cycle import Echeance
from maillon.socle.horloge import now, today
from maillon.socle.taches import enqueue

from .. import selectors
from ..models import EcheanceSuivie, Jalon, SuiviCycle

CHAMPS = ("genre", "libelle", "le", "etat", "fait_le", "regle", "source", "statut")


def request_suivi(cpts_id: UUID) -> None:
    """Ask for the published deadlines to be written again; one waiting job is enough."""
    enqueue("cycle.rafraichir", cpts_id=cpts_id, once=f"cycle.rafraichir:{cpts_id}")


@transaction.atomic
def refresh_suivi(*, cpts_id: UUID) -> SuiviCycle:
    """Write again the step and the deadlines of a community, whether it has a contract or not.

    Idempotent: only what differs is written. The figures come from the selector of the members' page.
    """
    suivi, _ = SuiviCycle.objects.get_or_create(cpts_id=cpts_id)
    # Locked: two jobs of one community would write the same deadlines twice.
    suivi = SuiviCycle.objects.select_for_update().get(pk=suivi.pk)
    vie = selectors.get_vie(cpts_id, on=today())
    suivi.etape, suivi.etape_le = vie.etape.etape, vie.etape.depuis
    prochaine = vie.prochaine
    suivi.prochaine_echeance = prochaine.libelle if prochaine else ""
    suivi.prochaine_echeance_le = prochaine.le if prochaine else None
    suivi.depassees = len(vie.depassees)
    suivi.jalons = [_publish(jalon) for jalon in vie.jalons]
    suivi.etabli_le = now()
    suivi.save()
    _replace_echeances(suivi, vie.echeances)
    return suivi


def _publish(jalon: Jalon) -> dict[str, Any]:
    """A milestone without its free text nor the names of those who signed."""
    return {
        "cycle": jalon.cycle.numero,
        "nature": jalon.nature,
        "libelle": jalon.get_nature_display(),
        "le": jalon.le.isoformat(),
        "organisme": jalon.get_organisme_display(),
        "document": jalon.document.empreinte if jalon.document else "",
        "signataires": [signature.partie for signature in jalon.signatures.all()],
    }


def _replace_echeances(suivi: SuiviCycle, echeances: tuple[Echeance, ...]) -> None:
    voulues = {
        e.code: EcheanceSuivie(
            cpts_id=suivi.cpts_id, suivi_cycle=suivi, code=e.code, **{champ: getattr(e, champ) for champ in CHAMPS}
        )
        for e in echeances
    }
    perimees, changees = [], []
    for presente in EcheanceSuivie.objects.filter(cpts_id=suivi.cpts_id):
        voulue = voulues.pop(presente.code, None)
        if voulue is None:
            perimees.append(presente.pk)
        elif any(getattr(presente, champ) != getattr(voulue, champ) for champ in CHAMPS):
            voulue.pk = presente.pk
            changees.append(voulue)
    EcheanceSuivie.objects.filter(pk__in=perimees).delete()
    EcheanceSuivie.objects.bulk_update(changees, CHAMPS)
    EcheanceSuivie.objects.bulk_create(voulues.values())
