"""A meeting, its agenda and those who are invited."""

from collections import Counter
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from maillon.communaute.personnes.models import Personne, PersonneQuerySet
from maillon.communaute.personnes.selectors import get_personne_of
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre

from ..enums import Reponse
from ..models import Participation, ParticipationQuerySet, PointOrdreDuJour, Reunion, ReunionQuerySet


def get_reunion(pk: UUID, *, for_acteur: Acteur) -> Reunion:
    """The meeting, if this actor may see it; Http404 otherwise."""
    rows = Reunion.objects.visible_to(for_acteur).select_related(
        "cpts", "groupe", "action", "organisateur", "precedente", "convocation__document"
    )
    return get_object_or_404(rows, pk=pk)


def get_participation(reunion: Reunion, *, for_acteur: Acteur) -> Participation | None:
    """The invitation of this actor: by the link, or by who they are in the community."""
    rows = Participation.objects.filter(reunion=reunion).select_related("personne")
    if for_acteur.genre is Genre.LIEN:
        return rows.filter(pk__in=[for_acteur.lien_objet]).first()
    personne = get_personne_of(for_acteur)
    return rows.filter(personne=personne).first() if personne is not None else None


def list_points(reunion: Reunion) -> list[PointOrdreDuJour]:
    """The agenda, in order."""
    return list(reunion.points.select_related("document"))


def list_participations(reunion: Reunion) -> ParticipationQuerySet:
    """Everybody on the list of the meeting, by name."""
    return (
        Participation.objects.filter(reunion=reunion)
        .select_related("personne")
        .order_by("personne__nom", "personne__prenom")
    )


def compte_reponses(participations: list[Participation]) -> dict[str, int]:
    """How many answered what, every answer named."""
    counts = Counter(participation.reponse for participation in participations)
    return {reponse.value: counts[reponse.value] for reponse in Reponse}


def list_invitables(reunion: Reunion) -> PersonneQuerySet:
    """People of the community who are not on the list yet."""
    already = Participation.objects.filter(reunion=reunion, personne=OuterRef("pk"))
    return Personne.objects.en_activite().filter(~Exists(already), cpts_id=reunion.cpts_id)


def with_reponses(reunions: ReunionQuerySet) -> QuerySet[Reunion]:
    """The same rows with `invites` and `viennent`, how many are on the list and how many said yes."""
    return reunions.annotate(
        invites=Count("participations"),
        viennent=Count("participations", filter=Q(participations__reponse=Reponse.OUI)),
    )


def find_precedentes(reunion: Reunion, *, limite: int = 5) -> list[Reunion]:
    """The last meetings held by the same group before this one, the latest first."""
    if reunion.groupe_id is None:
        return []
    rows = Reunion.objects.filter(cpts_id=reunion.cpts_id, groupe=reunion.groupe_id, etat="tenue")
    if reunion.debut is not None:
        rows = rows.filter(debut__lt=reunion.debut)
    return list(rows.exclude(pk=reunion.pk).order_by("-debut")[:limite])
