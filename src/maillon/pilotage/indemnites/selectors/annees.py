"""The calendar year of people against the cap, counted by the same function as the database's own check."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, Sum

from maillon.communaute.personnes.models import Personne
from maillon.regles import indemnites as regles

from ..enums import EN_COURS, Beneficiaire, Etat, Nature
from ..models import ApprobationQuerySet, Declaration, SituationAnnuelle

ZERO = Decimal(0)
Cle = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class CompteAnnuel:
    """The account of one person, and whether they have said what other communities pay."""

    compte: regles.Compte
    declaree: bool


def compute_comptes(cles: Iterable[Cle]) -> dict[Cle, CompteAnnuel]:
    """The account of each (person, year); one query."""
    voulues = sorted(set(cles), key=str)
    if not voulues:
        return {}
    sql = """
        SELECT v.personne, v.annee, a.ici, a.ailleurs, a.declaree, COALESCE((
            SELECT sum(d.montant) FROM indemnites_declaration d
            WHERE d.personne_id IN (SELECT maillon_indemnites_memes(v.personne))
              AND d.etat = ANY(%s) AND d.beneficiaire = %s
              AND d.le >= make_date(v.annee, 1, 1) AND d.le < make_date(v.annee + 1, 1, 1)), 0)
        FROM unnest(%s::uuid[], %s::integer[]) AS v(personne, annee),
             LATERAL maillon_indemnites_annee(v.personne, v.annee) a
    """
    with connection.cursor() as cursor:
        personnes, annees = [cle[0] for cle in voulues], [cle[1] for cle in voulues]
        cursor.execute(sql, [[e.value for e in EN_COURS], Beneficiaire.PERSONNE.value, personnes, annees])
        lignes = cursor.fetchall()
    return {
        (personne, annee): CompteAnnuel(
            regles.Compte(
                plafond=regles.get_plafond_annuel(date(annee, 12, 31)),
                approuve=ici,
                en_attente=attente,
                ailleurs=ailleurs,
            ),
            declaree,
        )
        for personne, annee, ici, ailleurs, declaree, attente in lignes
    }


def compute_compte(personne_id: UUID, annee: int) -> CompteAnnuel:
    """The account of one person for one year."""
    return compute_comptes([(personne_id, annee)])[(personne_id, annee)]


# Below this share of the cap, on one row of a person, nobody is near it: their account is not computed.
LOIN = Decimal("0.2")


def list_proches(cpts_id: UUID, annee: int) -> list[tuple[Personne, CompteAnnuel]]:
    """People whose year is near the cap, reaches or exceeds it, the highest share first; constant queries."""
    plafond = regles.get_plafond_annuel(date(annee, 12, 31)).montant
    lignes = Declaration.objects.filter(
        cpts_id=cpts_id, etat__in=[*EN_COURS, Etat.APPROUVEE], beneficiaire=Beneficiaire.PERSONNE
    ).of_annee(annee)
    sommes = lignes.order_by().values("personne").annotate(total=Sum("montant")).filter(total__gte=plafond * LOIN)
    ailleurs = SituationAnnuelle.objects.filter(cpts_id=cpts_id, annee=annee, montant_ailleurs__gte=plafond * LOIN)
    gens = Personne.objects.filter(
        Q(pk__in=sommes.values("personne")) | Q(pk__in=ailleurs.values("personne")), fusionnee_dans=None
    ).in_bulk()
    comptes = compute_comptes((pk, annee) for pk in gens)
    proches = [
        (gens[pk], compte) for (pk, _), compte in comptes.items() if compte.compte.alerte != regles.Alerte.AUCUNE
    ]
    return sorted(proches, key=lambda un: (-un[1].compte.prevu, str(un[0])))


def count_sans_situation(cpts_id: UUID, annee: int) -> int:
    """People who wait for an agreement and have not said whether another community pays them."""
    dites = SituationAnnuelle.objects.filter(personne=OuterRef("personne"), annee=annee)
    attendues = Declaration.objects.filter(
        ~Exists(dites), cpts_id=cpts_id, etat__in=EN_COURS, beneficiaire=Beneficiaire.PERSONNE
    ).of_annee(annee)
    return attendues.order_by().values("personne").distinct().count()


def list_memes(personne_id: UUID) -> list[UUID]:
    """The rows of the same human being in the community."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT maillon_indemnites_memes(%s)", [personne_id])
        return [pk for (pk,) in cursor.fetchall()]


def get_situation(personne_id: UUID, annee: int) -> SituationAnnuelle | None:
    """What the person last said of the year."""
    return (
        SituationAnnuelle.objects.filter(personne__in=list_memes(personne_id), annee=annee)
        .order_by("-declare_le", "-pk")
        .first()
    )


@dataclass(frozen=True, slots=True)
class PartMission:
    """What a person took part in for one mission over a year, approved."""

    mission: str
    nature: str
    heures: Decimal
    montant: Decimal


def split_by_mission(personne_id: UUID, annee: int) -> list[PartMission]:
    """Approved hours and euros of a year, by mission and nature, paid to the person; what was reversed left out."""
    rows = (
        Declaration.objects.filter(
            personne__in=list_memes(personne_id),
            etat=Etat.APPROUVEE,
            beneficiaire=Beneficiaire.PERSONNE,
            contrepasse=None,
            contrepassee_par=None,
        )
        .of_annee(annee)
        .order_by("mission", "nature")
        .values("mission", "nature")
        .annotate(total=Sum("montant"), duree=Sum("heures"))
    )
    return [PartMission(r["mission"], r["nature"], r["duree"], r["total"]) for r in rows]


@dataclass(frozen=True, slots=True)
class SommeNature:
    approuve: Decimal
    paye: Decimal


def sum_by_nature(declarations: ApprobationQuerySet[Declaration]) -> dict[str, SommeNature]:
    """Approved and paid euros of these declarations, indemnités and rémunérations apart."""
    found: dict[str, list[Decimal]] = {nature: [ZERO, ZERO] for nature in Nature.values}
    rows = declarations.filter(etat=Etat.APPROUVEE).order_by()
    for nature, montant, payee_le in rows.values_list("nature", "montant", "payee_le"):
        found[nature][0] += montant
        if payee_le is not None:
            found[nature][1] += montant
    return {nature: SommeNature(*sommes) for nature, sommes in found.items()}
