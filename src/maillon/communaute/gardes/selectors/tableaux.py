"""Rosters, as their builders and their members read them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Q
from django.http import Http404

from maillon.communaute.adhesions.selectors import couverts
from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.personnes.models import Personne
from maillon.regles.gardes.credits import Solde
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today

from ..enums import VIVANTES, EtatGarde
from ..models import Garde, Participant, Poste, Tableau, TableauQuerySet, Variante
from .credits import list_soldes

# A roster so short is read at once.
ENTIERE = timedelta(weeks=5)


def list_tableaux(*, for_acteur: Acteur) -> TableauQuerySet:
    """Those that the actor may see."""
    return Tableau.objects.visible_to(for_acteur)


def find_dernier_jour(cpts_id: UUID) -> date | None:
    """The last day of which a roster speaks."""
    last: date | None = Tableau.objects.filter(cpts_id=cpts_id).aggregate(fin=Max("fin"))["fin"]
    return last


def get_tableau(pk: UUID, *, for_acteur: Acteur) -> Tableau:
    """One that this actor may see; Http404 for unknown and forbidden alike."""
    found = Tableau.objects.visible_to(for_acteur).select_related("cpts").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_poste(pk: UUID, *, for_acteur: Acteur) -> Poste:
    found = Poste.objects.visible_to(for_acteur).select_related("tableau__cpts").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_participant(pk: UUID, *, for_acteur: Acteur) -> Participant:
    found = (
        Participant.objects.visible_to(for_acteur)
        .select_related("tableau__cpts", "personne", "professionnel")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_variante(pk: UUID, *, for_acteur: Acteur) -> Variante:
    found = Variante.objects.visible_to(for_acteur).select_related("tableau__cpts").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def list_possibles(tableau: Tableau, profession: str) -> list[Personne]:
    """Professionals covered by the community who may be on duty for a profession: for doctors, the generalists."""
    rows = couverts(tableau.cpts_id, on=today()).filter(professionnel__profession=profession, partie_le=None)
    people = rows.select_related("professionnel").order_by("nom", "prenom")
    return [p for p in people if p.professionnel and _is_de_garde(p)]


def _is_de_garde(personne: Personne) -> bool:
    pro = personne.professionnel
    return pro is not None and (pro.profession != Profession.MEDECIN or pro.is_medecin_generaliste)


def say_profession(profession: str) -> str:
    """The profession on duty as people say it."""
    return "médecin généraliste" if profession == Profession.MEDECIN else str(Profession(profession).label)


@dataclass(frozen=True, slots=True)
class Case:
    """A shift in the grid, who is on it, and how many are missing."""

    poste: Poste
    gardes: tuple[Garde, ...]

    @property
    def manquent(self) -> int:
        return max(0, self.poste.nombre - len(self.gardes))


@dataclass(frozen=True, slots=True)
class Jour:
    """A day of the grid: one list of shifts for each profession, in the order of the columns."""

    jour: date
    ferie: str
    colonnes: tuple[tuple[Case, ...], ...]

    @property
    def is_week_end(self) -> bool:
        return self.jour.isoweekday() > 5


@dataclass(frozen=True, slots=True)
class Grille:
    """A month of a roster, or all of a short one."""

    professions: tuple[tuple[str, str], ...]
    jours: tuple[Jour, ...]
    mois: tuple[date, ...]
    montre: date | None


def build_grille(tableau: Tableau, mois: date | None = None, *, brouillons: bool) -> Grille:
    """The month asked, else the first that is not over, and of five weeks at most the whole; three queries. Drafts are
    for who builds the roster."""
    jours = list(tableau.postes.order_by("jour").values_list("jour", flat=True).distinct())
    present = sorted({jour.replace(day=1) for jour in jours})
    entiere = tableau.fin - tableau.debut <= ENTIERE
    on = today().replace(day=1)
    montre = mois if mois in present else next((m for m in present if m >= on), present[-1] if present else None)
    postes = [
        poste
        for poste in tableau.postes.all()
        if entiere or (montre and (poste.jour.year, poste.jour.month) == (montre.year, montre.month))
    ]
    gardes: dict[UUID, list[Garde]] = {}
    rows = Garde.objects.vivantes().filter(tableau=tableau, poste__in=postes)
    if not brouillons:
        rows = rows.exclude(etat=EtatGarde.PROJET)
    for garde in rows.select_related("participant__personne", "professionnel").order_by("place"):
        gardes.setdefault(garde.poste_id, []).append(garde)
    professions = sorted({poste.profession for poste in postes})
    par_jour: dict[date, list[Poste]] = {}
    for poste in postes:
        par_jour.setdefault(poste.jour, []).append(poste)
    return Grille(
        professions=tuple((code, say_profession(code)) for code in professions),
        jours=tuple(
            Jour(
                jour,
                next((poste.ferie for poste in own if poste.ferie), ""),
                tuple(
                    tuple(Case(p, tuple(gardes.get(p.pk, ()))) for p in own if p.profession == code)
                    for code in professions
                ),
            )
            for jour, own in sorted(par_jour.items())
        ),
        mois=tuple(present[:1] if entiere else present),
        montre=montre,
    )


@dataclass(frozen=True, slots=True)
class BilanTableau:
    """Where a roster stands."""

    places: int
    pourvues: int
    participants: int
    repondants: int
    a_constater: int

    @property
    def manquent(self) -> int:
        return self.places - self.pourvues


def compute_bilan(tableau: Tableau, *, moment: datetime) -> BilanTableau:
    """Three queries."""
    places = sum(tableau.postes.values_list("nombre", flat=True))
    gardes = Garde.objects.filter(tableau=tableau).aggregate(
        pourvues=Count("pk", filter=Q(etat__in=VIVANTES)),
        a_constater=Count("pk", filter=Q(etat=EtatGarde.PUBLIEE, fin__lte=moment)),
    )
    people = tableau.participants.aggregate(
        participants=Count("pk"), repondants=Count("pk", filter=Q(repondu_le__isnull=False))
    )
    return BilanTableau(places=places, **gardes, **people)


@dataclass(frozen=True, slots=True)
class LigneParticipant:
    """A participant, what they said, and how many duties they hold now."""

    participant: Participant
    indisponibles: int
    voulus: int
    evites: int
    gardes: int
    solde: Solde


def list_participants(tableau: Tableau) -> list[LigneParticipant]:
    """Everybody, by profession and name; constant queries."""
    said: dict[UUID, Counter[str]] = {}
    for pk, choix, nombre in (
        Participant.objects.filter(tableau=tableau, voeux__isnull=False)
        .values_list("pk", "voeux__choix")
        .annotate(nombre=Count("voeux"))
        .order_by()
    ):
        said.setdefault(pk, Counter())[choix] = nombre
    soldes = list_soldes(tableau)
    held = dict(
        Garde.objects.vivantes()
        .filter(tableau=tableau)
        .values_list("participant")
        .annotate(nombre=Count("pk"))
        .order_by()
    )
    return [
        LigneParticipant(
            participant,
            said.get(participant.pk, Counter())["indisponible"],
            said.get(participant.pk, Counter())["souhaite"],
            said.get(participant.pk, Counter())["evite"],
            held.get(participant.pk, 0),
            soldes[participant.pk],
        )
        for participant in tableau.participants.select_related("personne", "professionnel")
    ]
