"""What the functions of the database answer (`migrations/reservation.sql`), as objects."""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.territoire.models import Commune
from maillon.socle.cpts.models import Cpts

from ..models import Creneau, LieuConsultation, RendezVous

Ligne = TypeVar("Ligne", bound=models.Model)
CRENEAU = "LEFT JOIN LATERAL maillon_soins_lire_creneau((f.fait).creneau_id) k ON true"
# The parts of a slot, in the order in which they are read.
PARTS: tuple[tuple[str, type[models.Model]], ...] = (
    ("k.c", Creneau),
    ("k.professionnel", Professionnel),
    ("k.lieu", LieuConsultation),
    ("k.commune", Commune),
    ("k.cpts", Cpts),
)


def call(appel: str, parametres: list[Any], *, liberee: bool = False, complet: bool = False) -> tuple[str, Any, Any]:
    """Call one of these functions, in one statement: the outcome, a hold that it ended (`liberee`), the appointment as
    it stands, with its slot, professional, place and community when `complet`."""
    with connection.cursor() as cursor:
        cursor.execute(_write(appel, liberee, complet), parametres)
        issue, terminee, *valeurs = cursor.fetchone()
    reste = iter(valeurs)
    fait = _build(RendezVous, reste)
    if complet and fait.pk is not None:
        parts: list[Any] = [_build(modele, reste) for _, modele in PARTS]
        creneau, creneau.professionnel, creneau.lieu, creneau.lieu.commune, creneau.cpts = parts
        fait.creneau = creneau
    return issue, terminee, fait


@cache
def _write(appel: str, liberee: bool, complet: bool) -> str:
    parts: list[tuple[str, type[models.Model]]] = [("f.fait", RendezVous), *(PARTS if complet else ())]
    colonnes = ", ".join(f"({nom}).{champ.column}" for nom, modele in parts for champ in modele._meta.concrete_fields)
    terminee = "f.liberee" if liberee else "NULL::uuid"
    return f"SELECT f.issue, {terminee}, {colonnes} FROM {appel} f {CRENEAU if complet else ''}"  # noqa: S608


def _build(modele: type[Ligne], reste: Iterator[Any]) -> Ligne:
    """The next row, whose columns stand in the order of the fields."""
    champs = [champ.attname for champ in modele._meta.concrete_fields]
    return modele.from_db(connection.alias, champs, list(islice(reste, len(champs))))
