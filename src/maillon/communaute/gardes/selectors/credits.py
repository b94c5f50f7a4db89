"""What people carry from earlier rosters: how far they are from their share of the duties of the last years."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from uuid import UUID

from maillon.regles.gardes import Genre
from maillon.regles.gardes.credits import Solde, TableauPasse, compute_soldes, start_horizon

from ..enums import OFFICIELS
from ..models import Garde, Participant, Tableau


def find_precedent(tableau: Tableau, profession: str) -> Tableau | None:
    """The last published roster of a profession that begins before this one."""
    return (
        Tableau.objects.filter(
            cpts_id=tableau.cpts_id, etat__in=OFFICIELS, professions__contains=[profession], debut__lt=tableau.debut
        )
        .order_by("-debut")
        .first()
    )


def list_soldes(tableau: Tableau) -> dict[UUID, Solde]:
    """By participant. Those of a roster in construction are counted from what was held before its first day, with the
    shares of time of each roster; those of a published one are what it kept then. Three queries at most."""
    people = list(tableau.participants.values_list("pk", "professionnel", "credits"))
    if tableau.is_officiel:
        return {pk: read_solde(credits) for pk, _, credits in people}
    soldes = compute_soldes(_list_passes(tableau), tableau.debut)
    return {pk: soldes.get(str(professionnel), {}) for pk, professionnel, _ in people}


def read_solde(credits: Mapping[str, int | float]) -> Solde:
    """As kept when the roster was published: hundredths of a duty."""
    return {Genre(genre): Fraction(round(nombre * 100), 100) for genre, nombre in credits.items()}


def write_solde(solde: Mapping[Genre, Fraction]) -> dict[str, float]:
    """Hundredths, of the kinds in which somebody is not at their share."""
    return {genre.value: round(float(ecart), 2) for genre, ecart in solde.items() if round(ecart, 2)}


def _list_passes(tableau: Tableau) -> list[TableauPasse]:
    """Each earlier published roster, one profession at a time."""
    depuis = min(start_horizon(genre, tableau.debut) for genre in Genre)
    avant = {"tableau__etat__in": OFFICIELS, "tableau__debut__lt": tableau.debut, "tableau__fin__gte": depuis}
    parts: dict[tuple[UUID, str], dict[str, int]] = {}
    people = Participant.objects.filter(cpts_id=tableau.cpts_id, **avant).exclude(tableau=tableau)
    for pk, profession, qui, part in people.values_list(
        "tableau", "professionnel__profession", "professionnel", "part"
    ):
        parts.setdefault((pk, profession), {})[str(qui)] = part
    gardes: dict[tuple[UUID, str], list[tuple[str, date, Genre]]] = {}
    held = Garde.objects.officielles().filter(cpts_id=tableau.cpts_id, **avant)
    for pk, profession, qui, jour, genre in held.values_list(
        "tableau", "poste__profession", "professionnel", "poste__jour", "poste__genre"
    ):
        if str(qui) in parts.get((pk, profession), {}):  # not who changed profession since
            gardes.setdefault((pk, profession), []).append((str(qui), jour, Genre(genre)))
    return [TableauPasse(parts[cle], tuple(gardes.get(cle, ()))) for cle in parts]
