"""Proxies, resolutions and voices.

Who attends is recorded elsewhere; the database makes a proxy fall when its giver attends. `restore_pouvoir` is for an
attendance recorded by mistake.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import F, Max

from maillon.regles.assemblees import Majorite as MajoriteRegle
from maillon.regles.assemblees import is_adoptee
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..enums import (
    ChoixVote,
    Etat,
    EtatResolution,
    FinPouvoir,
    Majorite,
    ModeVote,
    PreuvePouvoir,
    Reponse,
)
from ..models import ActionRefusee, Convocation, Participation, Pouvoir, Resolution, Reunion, Urne, Voix
from ..selectors.votes import compute_quorum_of, list_bulletins, list_votants_du_jour
from .commun import lock, refuse_in_french


@transaction.atomic
def give_pouvoir(*, mandant_id: UUID, mandataire_id: UUID, preuve: PreuvePouvoir, by: Acteur) -> Pouvoir:
    """Give one's voice to another voter of the meeting; the former proxy, if any, ends.

    The answer becomes « ne vient pas ». Raises ActionRefusee with what the statutes or the facts forbid.
    """
    mandant = Participation.objects.get(pk=mandant_id)
    reunion = lock(mandant.reunion_id)
    if reunion.etat != Etat.CONVOQUEE:
        raise ActionRefusee("Un pouvoir se donne entre la convocation et la réunion.")
    if mandant_id == mandataire_id:
        raise ActionRefusee("On ne se donne pas pouvoir à soi-même.")
    if not Participation.objects.filter(pk=mandataire_id, reunion=reunion).exists():
        raise ActionRefusee("Choisissez une personne convoquée à cette réunion.")
    with refuse_in_french():
        Pouvoir.objects.filter(mandant=mandant, fin_le=None).update(fin_le=now(), fin=FinPouvoir.REVOQUE)
        pouvoir = Pouvoir.objects.create(
            cpts_id=reunion.cpts_id,
            reunion=reunion,
            mandant=mandant,
            mandataire_id=mandataire_id,
            donne_le=now(),
            preuve=preuve,
        )
    Participation.objects.filter(pk=mandant_id).update(reponse=Reponse.NON, repondu_le=now())
    journal.record("reunions.pouvoir_donne", pouvoir, by=by, preuve=str(preuve))
    return pouvoir


@transaction.atomic
def revoke_pouvoir(*, pouvoir_id: UUID, by: Acteur) -> Pouvoir:
    """Take a proxy back; twice is once."""
    pouvoir = Pouvoir.objects.select_related("reunion").get(pk=pouvoir_id)
    reunion = lock(pouvoir.reunion_id)
    if reunion.etat != Etat.CONVOQUEE:
        raise ActionRefusee("La réunion est finie : ses pouvoirs ne changent plus.")
    taken = Pouvoir.objects.filter(pk=pouvoir_id, fin_le=None).update(fin_le=now(), fin=FinPouvoir.REVOQUE)
    if taken:
        journal.record("reunions.pouvoir_retire", pouvoir, by=by)
    return pouvoir


@transaction.atomic
def restore_pouvoir(*, participation_id: UUID, by: Acteur) -> bool:
    """After an attendance recorded by mistake was undone: the proxy that it made fall holds again. False without one,
    or when its holder carries too many since."""
    pouvoir = Pouvoir.objects.filter(mandant=participation_id, fin=FinPouvoir.PRESENCE).order_by("-fin_le").first()
    if pouvoir is None:
        return False
    pouvoir.fin_le, pouvoir.fin = None, ""
    try:
        with refuse_in_french():
            pouvoir.save(update_fields=["fin_le", "fin"])
    except ActionRefusee:
        return False
    journal.record("reunions.pouvoir_retabli", pouvoir, by=by)
    return True


@transaction.atomic
def save_resolution(
    *,
    reunion_id: UUID,
    titre: str,
    texte: str,
    mode: ModeVote,
    majorite: Majorite,
    by: Acteur,
    resolution_id: UUID | None = None,
) -> Resolution:
    """Prepare a text to be voted, or change one whose vote has not begun."""
    reunion = lock(reunion_id)
    if reunion.etat not in (Etat.PREPARATION, Etat.CONVOQUEE):
        raise ActionRefusee("Cette réunion est finie : on n’y vote plus.")
    if resolution_id is None:
        dernier = reunion.resolutions.aggregate(rang=Max("rang"))["rang"] or 0
        resolution = Resolution(cpts_id=reunion.cpts_id, reunion=reunion, rang=dernier + 1)
    else:
        resolution = reunion.resolutions.get(pk=resolution_id)
        _check_etat(resolution, EtatResolution.PRETE)
    resolution.titre, resolution.texte = titre, texte
    resolution.mode, resolution.majorite = mode, majorite
    resolution.save()
    journal.record("reunions.resolution", resolution, by=by, mode=str(mode), majorite=str(majorite))
    return resolution


@transaction.atomic
def remove_resolution(*, resolution_id: UUID, by: Acteur) -> None:
    """Take a text away before its vote."""
    resolution = _lock_resolution(resolution_id)
    _check_etat(resolution, EtatResolution.PRETE)
    journal.record("reunions.resolution_retiree", resolution, by=by)
    resolution.delete()


def _lock_resolution(resolution_id: UUID) -> Resolution:
    """The meeting, then the resolution: every writer takes them in this order."""
    lock(Resolution.objects.values_list("reunion", flat=True).get(pk=resolution_id))
    return Resolution.objects.select_for_update(of=("self",)).select_related("reunion").get(pk=resolution_id)


def _check_etat(resolution: Resolution, etat: EtatResolution) -> None:
    if resolution.etat != etat:
        raise ActionRefusee(f"« {resolution.titre} » : {resolution.get_etat_display()}. Rechargez la page.")


def _check_quorum(reunion: Reunion) -> Convocation:
    """Raise ActionRefusee when the meeting is not convoked, or has no quorum now."""
    convocation = Convocation.objects.filter(reunion=reunion).first()
    if convocation is None or reunion.etat != Etat.CONVOQUEE:
        raise ActionRefusee("On vote dans une réunion convoquée, avant de la clore.")
    quorum = compute_quorum_of(reunion, convocation)
    if not quorum.is_atteint:
        raise ActionRefusee(
            f"Le quorum n’est pas atteint : {quorum.voix} voix présentes ou représentées, il en faut {quorum.requis}. "
            "Attendez des arrivées, ou convoquez une seconde fois."
        )
    return convocation


@transaction.atomic
def open_vote(*, resolution_id: UUID, by: Acteur) -> Resolution:
    """Open a vote on telephones: those present see it at once. Raises ActionRefusee without quorum."""
    resolution = _lock_resolution(resolution_id)
    _check_etat(resolution, EtatResolution.PRETE)
    _check_quorum(resolution.reunion)
    if resolution.mode == ModeVote.MAIN_LEVEE:
        raise ActionRefusee("Un vote à main levée se compte dans la salle : saisissez ses voix.")
    resolution.etat, resolution.ouverte_le = EtatResolution.OUVERTE, now()
    resolution.save(update_fields=["etat", "ouverte_le"])
    if resolution.mode == ModeVote.SECRET:
        Urne.objects.bulk_create(
            Urne(cpts_id=resolution.cpts_id, resolution=resolution, choix=choix) for choix in ChoixVote
        )
    journal.record("reunions.vote_ouvert", resolution, by=by)
    return resolution


@transaction.atomic
def cast_voix(*, resolution_id: UUID, participation_id: UUID, choix: ChoixVote, by: Acteur) -> int:
    """Vote, for oneself and for those whose proxy one holds; returns the number of voices.

    Each voter is heard once, by a constraint. In a secret vote the choice goes to the box and nowhere else: neither
    the voice, nor the journal, nor a date says it. Raises ActionRefusee.
    """
    participation = Participation.objects.get(pk=participation_id)
    bulletin = next((b for b in list_bulletins(participation) if b.resolution.pk == resolution_id), None)
    if bulletin is None:
        raise ActionRefusee(
            "Ce vote n’est pas ouvert pour vous : il est clos, ou votre présence n’est pas encore relevée."
        )
    if bulletin.a_vote:
        raise ActionRefusee("Votre voix est déjà exprimée.")
    resolution = bulletin.resolution
    votants = _find_carried(resolution, participation)
    secret = resolution.mode == ModeVote.SECRET
    with refuse_in_french():
        Voix.objects.bulk_create(
            Voix(
                cpts_id=resolution.cpts_id,
                resolution=resolution,
                votant_id=votant,
                exprimee_par=participation,
                secret=secret,
                choix="" if secret else choix,
                le=now(),
            )
            for votant in votants
        )
        if secret:
            Urne.objects.filter(resolution=resolution, choix=choix).update(voix=F("voix") + len(votants))
    journal.record("reunions.vote_exprime", resolution, by=by, participation=str(participation.pk), voix=len(votants))
    return len(votants)


def _find_carried(resolution: Resolution, participation: Participation) -> list[UUID]:
    """Whose voices this person has still to give: their own and those they carry."""
    carried = set(
        Pouvoir.objects.filter(mandataire=participation, fin_le=None).values_list("mandant_id", flat=True)
    ) | {participation.pk}
    heard = set(Voix.objects.filter(resolution=resolution, votant__in=carried).values_list("votant_id", flat=True))
    return sorted(carried - heard)


@transaction.atomic
def close_vote(*, resolution_id: UUID, by: Acteur) -> Resolution:
    """Close a vote on telephones and count it; those who did not vote are not counted."""
    resolution = _lock_resolution(resolution_id)
    _check_etat(resolution, EtatResolution.OUVERTE)
    if resolution.mode == ModeVote.SECRET:
        # All boxes are written together, so that the last voter's transaction marks none of them.
        Urne.objects.filter(resolution=resolution).update(voix=F("voix") + 0)
        voix = dict(Urne.objects.filter(resolution=resolution).values_list("choix", "voix"))
    else:
        dits = list(Voix.objects.filter(resolution=resolution).values_list("choix", flat=True))
        voix = {choix.value: dits.count(choix) for choix in ChoixVote}
    exprimees = sum(voix.values())
    possibles = max(exprimees, len(list_votants_du_jour(resolution)))
    return _count(resolution, voix, possibles, by=by)


@transaction.atomic
def count_main_levee(*, resolution_id: UUID, pour: int, contre: int, abstention: int, by: Acteur) -> Resolution:
    """Keep the voices counted in the room. Raises ActionRefusee without quorum, or when they exceed those there."""
    resolution = _lock_resolution(resolution_id)
    _check_etat(resolution, EtatResolution.PRETE)
    _check_quorum(resolution.reunion)
    if resolution.mode != ModeVote.MAIN_LEVEE:
        raise ActionRefusee("Ce vote se fait sur téléphone : ouvrez-le.")
    voix = {"pour": pour, "contre": contre, "abstention": abstention}
    if not sum(voix.values()):
        raise ActionRefusee("Saisissez au moins une voix.")
    with refuse_in_french():
        return _count(resolution, voix, len(list_votants_du_jour(resolution)), by=by)


def _count(resolution: Resolution, voix: dict[str, int], possibles: int, *, by: Acteur) -> Resolution:
    resolution.pour, resolution.contre = voix["pour"], voix["contre"]
    resolution.abstention, resolution.voix_possibles = voix["abstention"], possibles
    resolution.adoptee = is_adoptee(
        MajoriteRegle(resolution.majorite),
        pour=resolution.pour,
        contre=resolution.contre,
        voix_possibles=possibles,
    )
    convocation = Convocation.objects.get(reunion=resolution.reunion_id)
    resolution.sans_quorum = not convocation.has_quorum
    resolution.etat, resolution.close_le = EtatResolution.CLOSE, now()
    resolution.save()
    journal.record("reunions.vote_clos", resolution, by=by, adoptee=resolution.adoptee, voix=voix)
    return resolution
