"""What the pages of an assignment read: the waiting list before it, its lines, its doctors, its communes."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import Http404

from maillon.communaute.annuaire.models import Professionnel
from maillon.regles.secret import find_caches
from maillon.socle.droits.acteur import Acteur

from ..enums import Etat
from ..enums_repartition import PRIORITES, Decision, Issue
from ..models import Capacite, Demande, LigneRepartition, Repartition
from ..permissions import GERER

RETENUE = Q(professionnel__isnull=False) & ~Q(decision=Decision.RETIRER)


@dataclass(frozen=True, slots=True)
class Attente:
    """The waiting list before an assignment."""

    par_niveau: dict[str, int]
    places: int
    medecins: int
    en_cours: int  # proposed, which wait for a doctor

    @property
    def demandes(self) -> int:
        return sum(self.par_niveau.values())


def compute_attente(cpts_id: UUID) -> Attente:
    """How many requests wait to be proposed, and what doctors offer: two queries."""
    open_ones = Demande.objects.filter(cpts_id=cpts_id, etat__in=[Etat.QUALIFIEE, Etat.PROPOSEE]).order_by()
    rows = list(open_ones.values_list("etat", "priorite_niveau").annotate(nombre=Count("pk")))
    found = {niveau: nombre for etat, niveau, nombre in rows if etat == Etat.QUALIFIEE}
    offered = (
        Capacite.objects.with_restantes()
        .filter(cpts_id=cpts_id, restantes__gt=0)
        .aggregate(places=Coalesce(Sum("restantes"), 0), medecins=Count("pk"))
    )
    return Attente(
        par_niveau={niveau: found.get(niveau, 0) for niveau in ("haute", "moyenne", "normale")},
        places=offered["places"],
        medecins=offered["medecins"],
        en_cours=sum(nombre for etat, _, nombre in rows if etat == Etat.PROPOSEE),
    )


def list_repartitions(*, for_acteur: Acteur) -> QuerySet[Repartition]:
    """The runs of the community, latest first."""
    return Repartition.objects.visible_to(for_acteur).select_related("lancee_par__compte", "envoyee_par__compte")


def get_repartition(repartition_id: UUID, *, for_acteur: Acteur) -> Repartition:
    """A run that this actor may see; Http404 for unknown and forbidden alike."""
    repartition = list_repartitions(for_acteur=for_acteur).filter(pk=repartition_id).first()
    if repartition is None:
        raise Http404
    return repartition


def list_lignes(repartition: Repartition) -> QuerySet[LigneRepartition]:
    """The lines of a run by rank, with what a row shows; nobody's name is read."""
    return (
        LigneRepartition.objects.filter(cpts_id=repartition.cpts_id, repartition=repartition)
        .select_related("demande__patient__commune", "professionnel", "avant")
        .order_by("rang", "id")
    )


def get_ligne(ligne_id: UUID, *, repartition: Repartition) -> LigneRepartition:
    """A line of this run; Http404 otherwise."""
    ligne = list_lignes(repartition).select_related("calcule", "cpts").filter(pk=ligne_id).first()
    if ligne is None:
        raise Http404
    return ligne


@dataclass(frozen=True, slots=True)
class Bilan:
    """What a run holds now, after the desk's decisions."""

    lignes: int
    retenues: int
    medecins: int
    attendent: int
    retirees: int
    decidees: int
    changees: int  # another doctor than in the computation before
    envoyees: int
    sautees: int
    a_envoyer: int


def compute_bilan(repartition: Repartition) -> Bilan:
    """One query."""
    found = LigneRepartition.objects.filter(cpts_id=repartition.cpts_id, repartition=repartition).aggregate(
        lignes=Count("pk"),
        retenues=Count("pk", filter=RETENUE),
        medecins=Count("professionnel", filter=RETENUE, distinct=True),
        attendent=Count("pk", filter=Q(professionnel__isnull=True) & ~Q(decision=Decision.RETIRER)),
        retirees=Count("pk", filter=Q(decision=Decision.RETIRER)),
        decidees=Count("pk", filter=~Q(decision=Decision.PROPOSEE)),
        changees=Count("pk", filter=Q(avant__isnull=False) & ~Q(avant=F("professionnel"))),
        envoyees=Count("pk", filter=Q(issue=Issue.ENVOYEE)),
        sautees=Count("pk", filter=Q(issue=Issue.SAUTEE)),
        a_envoyer=Count("pk", filter=RETENUE & Q(issue=Issue.A_ENVOYER)),
    )
    return Bilan(**found)


def count_motifs(repartition: Repartition) -> dict[str, int]:
    """Why people still wait, by code. One query."""
    rows = (
        LigneRepartition.objects.filter(
            cpts_id=repartition.cpts_id, repartition=repartition, professionnel__isnull=True
        )
        .exclude(decision=Decision.RETIRER)
        .order_by()
        .values_list("raison", "explication__situation__besoins")
        .annotate(nombre=Count("pk"))
    )
    found: Counter[str] = Counter()
    for raison, besoins, nombre in rows:
        found[precise_raison(raison, besoins or [])] += nombre
    return dict(found)


def precise_raison(raison: str, besoins: Collection[str]) -> str:
    """The reason as it is said: which need, when a need is what nobody meets."""
    if raison != "besoin":
        return raison
    return next((f"besoin_{besoin}" for besoin in ("visite", "enfant", "ald") if besoin in besoins), raison)


def count_retenues(repartition: Repartition) -> dict[UUID, int]:
    """How many people each doctor would be asked to take first. One query."""
    rows = (
        LigneRepartition.objects.filter(RETENUE, cpts_id=repartition.cpts_id, repartition=repartition)
        .order_by()
        .values_list("professionnel")
        .annotate(nombre=Count("pk"))
    )
    return dict(rows)


@dataclass(frozen=True, slots=True)
class PartMedecin:
    """What one doctor receives in a run, said before it is sent."""

    professionnel: Professionnel
    places: int
    premieres: int  # requests for which they are asked first
    ensuite: int  # requests for which they stand next, should others decline
    minutes: int | None


def list_parts(repartition: Repartition) -> list[PartMedecin]:
    """Who receives how many, most first: three queries whatever the number of doctors."""
    lignes = LigneRepartition.objects.filter(RETENUE, cpts_id=repartition.cpts_id, repartition=repartition).order_by()
    first: dict[UUID | None, dict[str, Any]] = {
        row["professionnel"]: dict(row)
        for row in lignes.values("professionnel").annotate(nombre=Count("pk"), minutes=Max("minutes"))
    }
    following = Counter(medecin for suivants in lignes.values_list("suivants", flat=True) for medecin in suivants)
    places: dict[str, int] = repartition.chiffres.get("places_par_medecin", {})
    medecins = Professionnel.objects.in_bulk([*first.keys() | following.keys() | {UUID(pk) for pk in places}])
    parts = [
        PartMedecin(
            professionnel=medecin,
            places=places.get(str(pk), 0),
            premieres=first.get(pk, {}).get("nombre", 0),
            ensuite=following[pk],
            minutes=first.get(pk, {}).get("minutes"),
        )
        for pk, medecin in medecins.items()
    ]
    return sorted(parts, key=lambda part: (-part.premieres, -part.ensuite, part.professionnel.nom_recherche))


def list_medecins_retenus(repartition: Repartition) -> list[Professionnel]:
    """The doctors found in a run, by name: what the filter of its list offers."""
    lignes = LigneRepartition.objects.filter(cpts_id=repartition.cpts_id, repartition=repartition)
    return list(Professionnel.objects.filter(pk__in=lignes.values("professionnel")).order_by("nom_recherche", "pk"))


@dataclass(frozen=True, slots=True)
class CompteCommune:
    code: str
    nom: str
    demandes: int
    attendent: int


def count_par_commune(repartition: Repartition, *, for_acteur: Acteur) -> list[CompteCommune]:
    """Requests of a run by commune, and those still without doctor. Whoever may not see requests gets -1 for the small
    cells, and for those that would give them back by subtraction. One query."""
    rows = (
        LigneRepartition.objects.filter(cpts_id=repartition.cpts_id, repartition=repartition)
        .order_by()
        .values(code=F("demande__patient__commune"), nom=F("demande__patient__commune__nom"))
        .annotate(demandes=Count("pk"), attendent=Count("pk", filter=~RETENUE))
        .order_by("-demandes", "nom")
    )
    communes = [CompteCommune(row["code"], row["nom"], row["demandes"], row["attendent"]) for row in rows]
    return communes if for_acteur.can(GERER) else hide_small(communes)


def hide_small(communes: list[CompteCommune]) -> list[CompteCommune]:
    """Who knows the totals of a run (requests, with a doctor, without) finds no small number in what is left."""
    secret = find_caches({c.code: c.demandes for c in communes})
    parts = ({c.code: c.attendent for c in communes}, {c.code: c.demandes - c.attendent for c in communes})
    trop_peu = secret.union(*(find_caches(part) for part in parts))
    return [
        replace(
            c,
            demandes=-1 if c.code in secret else c.demandes,
            attendent=-1 if c.code in trop_peu else c.attendent,
        )
        for c in communes
    ]


def list_attendant(cpts_id: UUID, niveaux: str) -> QuerySet[Demande]:
    """The requests that an assignment takes: qualified, of the chosen priorities, first in rank first."""
    return (
        Demande.objects.filter(cpts_id=cpts_id, etat=Etat.QUALIFIEE, priorite_niveau__in=PRIORITES[niveaux])  # type: ignore[index]
        .select_related("patient__commune")
        .by_rank()
    )
