"""What the mission does with its call. It holds the lock of its own object (`objet`), as everybody who touches a call
does: the object, then the call, then the solicitations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..enums import ACTIVES, VIVANTS, EtatAppel, EtatSollicitation, MotifRetrait
from ..models import ActionRefusee, Appel, Sollicitation
from .commun import Prise, advance, end, retire, send, send_next_wave, take_appel, take_sollicitation


@dataclass(frozen=True, slots=True)
class Cible:
    """A professional to ask, and why, in codes and numbers that say nothing of the patient."""

    professionnel_id: UUID
    explication: dict[str, Any] = field(default_factory=dict)


def cut_vagues(cibles: Sequence[Cible], par_vague: int | None) -> list[list[Cible]]:
    """Cut a ranked list into waves of this width; None asks everybody at once."""
    width = par_vague or max(len(cibles), 1)
    return [list(cibles[start : start + width]) for start in range(0, len(cibles), width)]


@transaction.atomic
def solicit(
    *, genre: str, objet: Any, vagues: Sequence[Sequence[Cible]], delai: timedelta, by: Acteur
) -> list[Sollicitation]:
    """Ask professionals in waves: the first at once, each next one when the former is over. Opens the call of this
    object, or adds to the one under way: the first wave then joins it at once, the others come after those planned.

    Returns the new solicitations in order, those planned among them. Raises ActionRefusee, and asks nobody, when
    somebody has it already or declined it, or when the call is reserved.
    """
    wanted = [cible.professionnel_id for vague in vagues for cible in vague]
    if not wanted or len(set(wanted)) != len(wanted):
        raise ActionRefusee("Choisissez au moins une personne, une seule fois chacune.")
    living = Appel.objects.filter(cpts_id=objet.cpts_id, genre=genre, objet_id=objet.pk, etat__in=VIVANTS).first()
    if living is None:
        living = Appel.objects.create(cpts_id=objet.cpts_id, genre=genre, objet_id=objet.pk, delai=delai)
        journal.record("sollicitations.ouvert", living, by=by, nombre=len(wanted), vagues=len(vagues))
    elif living.etat != EtatAppel.OUVERT:
        raise ActionRefusee("Quelqu’un a déjà accepté\u00a0: attendez sa suite avant de solliciter d’autres personnes.")
    prise = take_appel(living.pk, by=by, objet=objet)
    _check_free(prise, wanted)
    if prise.appel.delai != delai:
        prise.appel.delai = delai
        prise.appel.save(update_fields=["delai"])
    planned = _plan(prise, vagues)
    if prise.rows(EtatSollicitation.ENVOYEE):
        send(prise, [row for row in planned if row.vague == prise.appel.vague])
    advance(prise)
    return list(Sollicitation.objects.filter(pk__in=[row.pk for row in planned]).order_by("vague", "rang"))


def _check_free(prise: Prise, wanted: Sequence[UUID]) -> None:
    """Who has it, or said no to it, is not asked again."""
    own = Sollicitation.objects.of_objets(prise.appel.genre, [prise.appel.objet_id]).filter(professionnel__in=wanted)
    refused = own.closing().values_list("professionnel", flat=True).first()
    having = own.filter(etat__in=ACTIVES).values_list("professionnel", flat=True).first()
    if found := refused or having:
        said = "l’a refusée" if refused else "l’a déjà"
        raise ActionRefusee(
            f"{Professionnel.objects.get(pk=found)} {said}\u00a0: la demande n’a été proposée à personne."
        )


def _plan(prise: Prise, vagues: Sequence[Sequence[Cible]]) -> list[Sollicitation]:
    appel = prise.appel
    last = appel.sollicitations.aggregate(vague=Max("vague"), rang=Max("rang"))
    waiting = bool(prise.rows(EtatSollicitation.ENVOYEE))
    rang = last["rang"] or 0
    planned = []
    for numero, vague in enumerate(vagues):
        joins = waiting and numero == 0
        suite = (last["vague"] or 0) + numero + (0 if waiting else 1)
        for cible in vague:
            rang += 1
            planned.append(
                Sollicitation(
                    cpts_id=appel.cpts_id,
                    appel=appel,
                    professionnel_id=cible.professionnel_id,
                    vague=appel.vague if joins else suite,
                    rang=rang,
                    explication=cible.explication,
                )
            )
    Sollicitation.objects.bulk_create(planned)
    return planned


def _take_living(*, genre: str, objet: Any, by: Acteur, etats: Sequence[EtatAppel]) -> Prise | None:
    appel_id = (
        Appel.objects.filter(cpts_id=objet.cpts_id, genre=genre, objet_id=objet.pk, etat__in=etats)
        .values_list("pk", flat=True)
        .first()
    )
    return take_appel(appel_id, by=by, objet=objet) if appel_id else None


@transaction.atomic
def release(*, genre: str, objet: Any, by: Acteur) -> bool:
    """The other side says no to who accepted: the place is free again, and the next wave leaves. True when one left;
    without any the mission is told that nobody is left. False also when nothing was reserved."""
    prise = _take_living(genre=genre, objet=objet, by=by, etats=[EtatAppel.RESERVE])
    if prise is None:
        return False
    retire(prise.rows(EtatSollicitation.ACCEPTEE), MotifRetrait.PATIENT)
    reopen(prise)
    advance(prise)
    return prise.appel.etat == EtatAppel.OUVERT


def reopen(prise: Prise) -> None:
    """Nobody holds it any more."""
    prise.appel.etat, prise.appel.clos_le = EtatAppel.OUVERT, None
    prise.appel.save(update_fields=["etat", "clos_le"])


@transaction.atomic
def settle(*, genre: str, objet: Any, by: Acteur) -> Sollicitation | None:
    """The other side says yes: the call is filled, who was still to be asked is not. Returns who has it."""
    prise = _take_living(genre=genre, objet=objet, by=by, etats=[EtatAppel.RESERVE])
    if prise is None:
        return None
    retire(prise.rows(EtatSollicitation.PREVUE), MotifRetrait.INUTILE)
    end(prise, EtatAppel.POURVU)
    return prise.rows(EtatSollicitation.ACCEPTEE)[0]


@transaction.atomic
def close_appel(*, genre: str, objet: Any, motif: MotifRetrait, by: Acteur) -> list[Sollicitation]:
    """The mission needs it no more, or starts again: whoever was asked, or has it, is released. Returns them."""
    prise = _take_living(genre=genre, objet=objet, by=by, etats=VIVANTS)
    if prise is None:
        return []
    retire(prise.rows(EtatSollicitation.PREVUE), MotifRetrait.INUTILE)
    held = prise.rows(EtatSollicitation.ENVOYEE, EtatSollicitation.ACCEPTEE)
    retire(held, motif)
    end(prise, EtatAppel.CLOS)
    return held


@transaction.atomic
def withdraw(*, sollicitation_id: UUID, by: Acteur) -> Sollicitation:
    """The desk takes back one that is planned or waits; the next wave leaves when it was the last one to wait for.

    Raises ActionRefusee when it was answered.
    """
    prise, sollicitation = take_sollicitation(sollicitation_id, by=by)
    if sollicitation.etat not in (EtatSollicitation.PREVUE, EtatSollicitation.ENVOYEE):
        raise ActionRefusee(f"Elle est déjà «\u00a0{sollicitation.get_etat_display()}\u00a0»\u00a0: rechargez la page.")
    retire([sollicitation], MotifRetrait.GUICHET)
    journal.record("sollicitations.retiree", prise.appel, by=by, sollicitation=str(sollicitation.pk))
    advance(prise)
    return sollicitation


@transaction.atomic
def hasten(*, appel_id: UUID, by: Acteur) -> None:
    """Send the next wave without waiting for the end of the running one, whose members may still answer.

    Raises ActionRefusee when no wave is planned.
    """
    prise = take_appel(appel_id, by=by)
    if prise.appel.etat != EtatAppel.OUVERT or not prise.rows(EtatSollicitation.PREVUE):
        raise ActionRefusee("Aucune vague n’est prévue\u00a0: ajoutez des personnes à solliciter.")
    journal.record("sollicitations.avancee", prise.appel, by=by, a=now().isoformat())
    if not send_next_wave(prise):
        advance(prise)
