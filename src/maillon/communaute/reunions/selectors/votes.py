"""Proxies, quorum and votes as they stand now."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q

from maillon.regles.assemblees import Quorum, compute_quorum

from ..enums import ChoixVote, EtatResolution, ModeVote, Presence, Reponse
from ..models import Convocation, Participation, ParticipationQuerySet, Pouvoir, Resolution, Reunion, Voix


def compute_quorum_of(reunion: Reunion, convocation: Convocation) -> Quorum:
    """The quorum now: voters present, and absent ones whose proxy somebody present holds; three queries."""
    votants = Participation.objects.filter(reunion=reunion, votant=True)
    tenus = Pouvoir.objects.filter(
        reunion=reunion, fin_le=None, mandataire__presence=Presence.PRESENT, mandant__votant=True
    )
    return compute_quorum(
        votants=votants.count(),
        presents=votants.filter(presence=Presence.PRESENT).count(),
        representes=tenus.count(),
        numerateur=convocation.quorum_numerateur,
        denominateur=convocation.quorum_denominateur,
    )


def count_attendus(reunion: Reunion) -> tuple[int, int]:
    """Before the meeting: voters who say that they come, and proxies that hold."""
    viennent = Participation.objects.filter(reunion=reunion, votant=True, reponse=Reponse.OUI).count()
    return viennent, Pouvoir.objects.filter(reunion=reunion, fin_le=None).count()


def list_pouvoirs(reunion: Reunion) -> list[Pouvoir]:
    """Every proxy of the meeting, those that hold first."""
    return list(
        Pouvoir.objects.filter(reunion=reunion)
        .select_related("mandant__personne", "mandataire__personne")
        .order_by(F("fin_le").asc(nulls_first=True), "mandant__personne__nom", "donne_le")
    )


def list_mandataires(participation: Participation) -> ParticipationQuerySet:
    """To whom this person may give their voice: another voter, who has not given theirs and does not say no."""
    givers = Pouvoir.objects.filter(reunion=participation.reunion_id, fin_le=None).values("mandant")
    return (
        Participation.objects.filter(reunion=participation.reunion_id, votant=True)
        .exclude(pk=participation.pk)
        .exclude(pk__in=givers)
        .exclude(reponse=Reponse.NON)
        .select_related("personne")
        .order_by("personne__nom", "personne__prenom")
    )


def list_resolutions(reunion: Reunion) -> list[Resolution]:
    """The texts put to the vote, in order."""
    return list(Resolution.objects.filter(reunion=reunion))


def count_voix(reunion: Reunion) -> dict[UUID, int]:
    """How many voices were given in each vote on telephones."""
    rows = Voix.objects.filter(resolution__reunion=reunion).values_list("resolution").annotate(nombre=Count("pk"))
    return dict(rows)


def list_votants_du_jour(resolution: Resolution) -> list[tuple[Participation, Participation]]:
    """Who may be heard in this vote now: each voter with the person who speaks for them, themselves or their holder."""
    presents = Participation.objects.filter(
        reunion=resolution.reunion_id, votant=True, presence=Presence.PRESENT
    ).select_related("personne")
    tenus = Pouvoir.objects.filter(
        reunion=resolution.reunion_id, fin_le=None, mandataire__presence=Presence.PRESENT
    ).select_related("mandant__personne", "mandataire__personne")
    return [*((p, p) for p in presents), *((tenu.mandant, tenu.mandataire) for tenu in tenus)]


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A vote as one voter sees it on their telephone: voices they carry now, and whether they have voted."""

    resolution: Resolution
    voix: int
    a_vote: bool
    choix: str = ""

    @property
    def libelle_choix(self) -> str:
        return str(ChoixVote(self.choix).label) if self.choix else ""


def list_bulletins(participation: Participation) -> list[Bulletin]:
    """The votes open on telephones that await this person, and those of this meeting where they have voted."""
    resolutions = Resolution.objects.filter(
        reunion=participation.reunion_id, etat=EtatResolution.OUVERTE, mode__in=[ModeVote.NOMINATIF, ModeVote.SECRET]
    )
    if not participation.votant or participation.presence != Presence.PRESENT:
        return []
    own = Voix.objects.filter(
        Q(votant=participation) | Q(exprimee_par=participation), resolution__reunion=participation.reunion_id
    )
    given: dict[UUID, list[Voix]] = {}
    for voix in own:
        given.setdefault(voix.resolution_id, []).append(voix)
    pouvoirs = set(
        Pouvoir.objects.filter(mandataire=participation, fin_le=None).values_list("mandant_id", flat=True)
    ) | {participation.pk}
    return [_show_bulletin(resolution, pouvoirs, given.get(resolution.pk, [])) for resolution in resolutions]


def _show_bulletin(resolution: Resolution, carried: set[UUID], given: list[Voix]) -> Bulletin:
    heard = {voix.votant_id for voix in given}
    left = carried - heard
    choix = given[0].choix if given else ""
    return Bulletin(resolution, len(left) or len(given), not left, choix)
