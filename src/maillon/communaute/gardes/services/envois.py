"""Who is written to, with the personal link of their duties."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from maillon.socle.droits.services import create_lien, revoke_liens
from maillon.socle.horloge import now

from ..models import Participant, Tableau
from ..notifications import CourrielGarde, GardesModifiees, absolute

LIEN_MIENNES = "gardes.miennes"


def create_lien_miennes(tableau: Tableau, participant: Participant) -> str:
    """The address of somebody's own duties, until a week after the roster; former ones stop."""
    revoke_liens(but=LIEN_MIENNES, objet_id=participant.pk)
    jours = (tableau.fin - now().date()).days + 7
    jeton = create_lien(
        but=LIEN_MIENNES,
        cpts_id=tableau.cpts_id,
        objet_id=participant.pk,
        expire_le=now() + timedelta(days=max(jours, 7)),
    )
    return absolute("gardes_lien_miennes", jeton=jeton)


def write_to(
    tableau: Tableau, participants: Iterable[Participant], courriel: type[CourrielGarde], *, occasion: str
) -> int:
    """One mail each, with their own link; returns how many left (nobody without an address). Where the mail of this
    occasion is written already, its link lives on."""
    sent = 0
    for participant in participants:
        adresse = participant.personne.courriel
        if not adresse:
            continue
        with transaction.atomic():
            lien = create_lien_miennes(tableau, participant)
            message = courriel(cpts=tableau.cpts, objet_id=participant.pk, lien=lien, personne=participant.personne)
            queued = message.queue(to=adresse, occasion=occasion) is not None
            transaction.set_rollback(not queued)
        sent += int(queued)
    return sent


def tell_changement(tableau: Tableau, participants: Iterable[Participant]) -> int:
    """Their published duties are no longer the same; one mail a minute at most for somebody."""
    return write_to(tableau, participants, GardesModifiees, occasion=f"{now():%Y-%m-%dT%H:%M}")
