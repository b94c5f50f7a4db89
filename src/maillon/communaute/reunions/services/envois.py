"""Writing to the people of a meeting: in a job, so that three hundred mails never hold a page."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from maillon.socle.horloge import now
from maillon.socle.taches import enqueue

from ..enums import Envoi, Etat, Reponse
from ..models import Participation, Reunion
from ..notifications import (
    ConvocationReunion,
    CourrielReunion,
    InvitationReunion,
    RelanceReunion,
    RelanceSondage,
    ReunionAnnulee,
    ReunionModifiee,
    SondageDate,
    absolute,
)
from ..selectors.sondages import list_muets
from .commun import create_lien_invitation, create_lien_sondage


def ask_envoi(reunion: Reunion, envoi: Envoi) -> None:
    """Queue the mails of one kind for a meeting, in the transaction of what they tell."""
    enqueue(
        "reunions.ecrire",
        cpts_id=reunion.cpts_id,
        once=f"reunions.ecrire:{reunion.pk}:{envoi}",
        reunion_id=str(reunion.pk),
        envoi=envoi.value,
    )


@transaction.atomic
def write_to(*, reunion_id: UUID, envoi: Envoi) -> int:
    """Write the mails of one kind to those whom they concern; returns how many. Twice writes once.

    Nobody is told of a meeting cancelled in the meantime, but of its cancellation.
    """
    reunion = Reunion.objects.select_for_update(of=("self",), no_key=True).select_related("cpts").get(pk=reunion_id)
    if (reunion.etat == Etat.ANNULEE) != (envoi is Envoi.ANNULATION):
        return 0
    return ECRIVAINS[envoi](reunion)


def _queue_all(
    reunion: Reunion,
    participations: Iterable[Participation],
    build: Callable[[Participation], CourrielReunion],
    occasion: str = "",
) -> list[Participation]:
    """Queue one mail each; returns those who have an address."""
    written = []
    for participation in participations:
        if participation.personne.courriel:
            build(participation).queue(to=participation.personne.courriel, occasion=f"{participation.pk}:{occasion}")
            written.append(participation)
    return written


def _invites(reunion: Reunion, *conditions: Q) -> list[Participation]:
    return list(Participation.objects.filter(*conditions, reunion=reunion).select_related("personne"))


def _build_invitation(
    reunion: Reunion, classe: type[CourrielReunion] | None = None, **contexte: Any
) -> Callable[[Participation], CourrielReunion]:
    points = list(reunion.points.all())
    pouvoirs = Participation.objects.filter(reunion=reunion, votant=True).exists()

    def build(participation: Participation) -> CourrielReunion:
        votant = pouvoirs and participation.votant
        return (classe or (ConvocationReunion if votant else InvitationReunion))(
            reunion,
            participation,
            lien=absolute("lien_invitation", jeton=create_lien_invitation(participation, reunion)),
            points=points,
            votant=votant,
            pouvoir=votant,
            **contexte,
        )

    return build


def _write_convocation(reunion: Reunion) -> int:
    """To those who have not been told yet: somebody added later receives it alone."""
    written = _queue_all(
        reunion, _invites(reunion, Q(convoquee_le=None)), _build_invitation(reunion), f"c{reunion.sequence}"
    )
    Participation.objects.filter(pk__in=[p.pk for p in written]).update(convoquee_le=now())
    return len(written)


def _write_relance(reunion: Reunion) -> int:
    written = _queue_all(
        reunion,
        _invites(reunion, Q(convoquee_le__isnull=False, reponse__in=[Reponse.ATTENDUE, Reponse.PEUT_ETRE])),
        _build_invitation(reunion, RelanceReunion, rappel=True),
        f"{now():%Y-%m-%d}",
    )
    Participation.objects.filter(pk__in=[p.pk for p in written]).update(relancee_le=now())
    return len(written)


def _write_modification(reunion: Reunion) -> int:
    build = _build_invitation(reunion, ReunionModifiee, modifiee=True)
    return len(_queue_all(reunion, _invites(reunion, Q(convoquee_le__isnull=False)), build, f"m{reunion.sequence}"))


def _write_annulation(reunion: Reunion) -> int:
    told = Q(convoquee_le__isnull=False)
    if reunion.convoquee_le is None:
        told = Q(reunion__sondage__envoye_le__isnull=False)
    return len(_queue_all(reunion, _invites(reunion, told), lambda p: ReunionAnnulee(reunion, p)))


def _write_sondage(reunion: Reunion) -> int:
    return _write_poll(reunion, _invites(reunion), SondageDate, "")


def _write_relance_sondage(reunion: Reunion) -> int:
    return _write_poll(reunion, list_muets(reunion.sondage), RelanceSondage, f"{now():%Y-%m-%d}")


def _write_poll(
    reunion: Reunion, participations: list[Participation], classe: type[CourrielReunion], occasion: str
) -> int:
    sondage = reunion.sondage
    if sondage.clos_le is not None:
        return 0

    def build(participation: Participation) -> CourrielReunion:
        return classe(
            reunion,
            participation,
            lien=absolute("lien_sondage", jeton=create_lien_sondage(participation)),
            avant_le=sondage.repondre_avant,
        )

    return len(_queue_all(reunion, participations, build, occasion))


ECRIVAINS: dict[Envoi, Callable[[Reunion], int]] = {
    Envoi.SONDAGE: _write_sondage,
    Envoi.RELANCE_SONDAGE: _write_relance_sondage,
    Envoi.CONVOCATION: _write_convocation,
    Envoi.RELANCE: _write_relance,
    Envoi.MODIFICATION: _write_modification,
    Envoi.ANNULATION: _write_annulation,
}
