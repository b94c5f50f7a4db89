"""The rules of a body, and what a convocation sent today would be."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from maillon.communaute.adhesions.selectors import members
from maillon.communaute.personnes.selectors import people_of_groupe
from maillon.regles.assemblees import find_limite, get_usages, is_hors_delai
from maillon.socle.horloge import today

from ..enums import STATUTAIRES, Majorite, TypeReunion
from ..models import Participation, ReglesInstance, Reunion


@dataclass(frozen=True, slots=True)
class ReglesEnVigueur:
    """The rules of a body now: those of the statutes, or the usual ones, to be confirmed."""

    type: TypeReunion
    preavis_jours: int
    quorum_numerateur: int
    quorum_denominateur: int
    pouvoirs_max: int
    majorite: Majorite
    seconde_sans_quorum: bool
    seconde_preavis_jours: int
    confirmees_le: date | None = None
    texte: str = ""

    @property
    def quorum(self) -> str:
        if not self.quorum_numerateur:
            return "aucun"
        return f"{self.quorum_numerateur}/{self.quorum_denominateur}"


def find_regles(cpts_id: UUID, type_reunion: str) -> ReglesEnVigueur | None:
    """The rules of the body that such a meeting is; None for a meeting of no body."""
    if type_reunion not in STATUTAIRES:
        return None
    lues = ReglesInstance.objects.filter(cpts_id=cpts_id, type=type_reunion).first()
    return _in_force(TypeReunion(type_reunion), lues)


def list_regles(cpts_id: UUID) -> list[ReglesEnVigueur]:
    """The rules of each body of the community."""
    lues = {regles.type: regles for regles in ReglesInstance.objects.filter(cpts_id=cpts_id)}
    return [_in_force(type_reunion, lues.get(type_reunion)) for type_reunion in STATUTAIRES]


def _in_force(type_reunion: TypeReunion, lues: ReglesInstance | None) -> ReglesEnVigueur:
    if lues is not None:
        return ReglesEnVigueur(
            type=type_reunion,
            preavis_jours=lues.preavis_jours,
            quorum_numerateur=lues.quorum_numerateur,
            quorum_denominateur=lues.quorum_denominateur,
            pouvoirs_max=lues.pouvoirs_max,
            majorite=Majorite(lues.majorite),
            seconde_sans_quorum=lues.seconde_sans_quorum,
            seconde_preavis_jours=lues.seconde_preavis_jours,
            confirmees_le=lues.confirmees_le,
        )
    usages = get_usages(type_reunion, on=today())
    return ReglesEnVigueur(
        type=type_reunion,
        preavis_jours=usages.preavis_jours,
        quorum_numerateur=usages.quorum_numerateur,
        quorum_denominateur=usages.quorum_denominateur,
        pouvoirs_max=usages.pouvoirs_max,
        majorite=Majorite.SIMPLE,
        seconde_sans_quorum=True,
        seconde_preavis_jours=usages.seconde_preavis_jours,
        texte=usages.texte,
    )


@dataclass(frozen=True, slots=True)
class PlanConvocation:
    """What a convocation sent today would be: last day in time, too late or not, who would have a voice."""

    regles: ReglesEnVigueur | None
    preavis_jours: int
    limite: date | None
    hors_delai: bool
    votants: frozenset[UUID]
    sans_courriel: tuple[Participation, ...]
    invites: int


def plan_convocation(reunion: Reunion) -> PlanConvocation:
    """Look at the rules, the calendar and the list before sending anything; the meeting has a date."""
    assert reunion.debut is not None
    jour = timezone.localtime(reunion.debut).date()
    regles = find_regles(reunion.cpts_id, reunion.type)
    participations = list(Participation.objects.filter(reunion=reunion).select_related("personne"))
    preavis = 0
    if regles is not None:
        preavis = regles.seconde_preavis_jours if reunion.seconde else regles.preavis_jours
    return PlanConvocation(
        regles=regles,
        preavis_jours=preavis,
        limite=find_limite(jour, preavis) if regles else None,
        hors_delai=regles is not None and is_hors_delai(jour, preavis, on=today()),
        votants=find_votants(reunion, on=jour) if regles else frozenset(),
        sans_courriel=tuple(p for p in participations if not p.personne.courriel),
        invites=len(participations),
    )


def find_votants(reunion: Reunion, *, on: date) -> frozenset[UUID]:
    """The invitations that carry a voice that day: at a general assembly those of members, one a structure; elsewhere
    those of the group, or everybody on the list when the meeting has no group."""
    rows = Participation.objects.filter(reunion=reunion)
    if reunion.type == TypeReunion.AG:
        adhesions = members(reunion.cpts_id, on=on).order_by()
        seuls = rows.filter(personne__professionnel__in=adhesions.filter(structure=None).values("professionnel"))
        structures = (
            rows.filter(
                ~Q(pk__in=seuls.values("pk")),
                personne__structure__in=adhesions.filter(professionnel=None).values("structure"),
            )
            .order_by("personne__structure_id", "personne__nom", "pk")
            .distinct("personne__structure_id")
        )
        return frozenset([*seuls.values_list("pk", flat=True), *structures.values_list("pk", flat=True)])
    if reunion.groupe is not None:
        rows = rows.filter(personne__in=people_of_groupe(reunion.groupe, on=on).values("pk"))
    return frozenset(rows.values_list("pk", flat=True))
