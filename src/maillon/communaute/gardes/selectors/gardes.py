"""Duties as they are read: one's own, those to take, who is on duty now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.http import Http404

from maillon.communaute.annuaire.models import Activite, Professionnel
from maillon.socle.cpts.models import Cpts
from maillon.socle.declarations import Occupation
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now

from ..enums import OFFICIELLES, EtatEchange, EtatGarde, EtatTableau
from ..models import Echange, Garde, Participant, Passation, Poste, Tableau
from ..permissions import GERER


def get_garde(pk: UUID, *, for_acteur: Acteur) -> Garde:
    """One that this actor may see; Http404 for unknown and forbidden alike."""
    rows = Garde.objects.visible_to(for_acteur).select_related(
        "tableau__cpts", "poste", "participant__personne", "professionnel"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_own_garde(pk: UUID, *, for_acteur: Acteur) -> Garde:
    """One of the actor's own, or any for who builds rosters."""
    garde = get_garde(pk, for_acteur=for_acteur)
    if not for_acteur.can(GERER) and garde.professionnel.rpps != for_acteur.rpps:
        raise Http404
    return garde


def is_self(acteur: Acteur, professionnel_id: UUID) -> bool:
    """Whether this actor is that professional."""
    return bool(acteur.rpps) and Professionnel.objects.filter(pk=professionnel_id, rpps=acteur.rpps).exists()


def get_echange(pk: UUID, *, for_acteur: Acteur) -> Echange:
    found = _echanges(Echange.objects.visible_to(for_acteur)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _echanges(rows: QuerySet[Echange]) -> QuerySet[Echange]:
    return rows.select_related(
        "garde__poste",
        "garde__tableau__cpts",
        "garde__participant__personne",
        "vers__personne",
        "vers__professionnel",
        "contre__poste",
        "contre__participant__personne",
    )


@dataclass(frozen=True, slots=True)
class MesGardes:
    """The duties of one person, and what waits for them."""

    a_venir: list[Garde]
    a_constater: list[Garde]
    passees: list[Garde]
    a_repondre: list[Echange]
    proposees: dict[UUID, Echange]
    passations: list[Passation]

    @property
    def prochaine(self) -> Garde | None:
        return self.a_venir[0] if self.a_venir else None


def build_miennes(cpts_id: UUID, professionnel: Q, moment: datetime) -> MesGardes:
    """Of the professional that `professionnel` selects on duties; four queries."""
    rows = Garde.objects.filter(professionnel, cpts_id=cpts_id).exclude(etat__in=(EtatGarde.PROJET, EtatGarde.RETIREE))
    gardes = list(
        rows.filter(fin__gt=moment - timedelta(days=120))
        .select_related("poste", "tableau__cpts", "participant", "passation")
        .order_by("debut")
    )
    offers = _echanges(Echange.objects.filter(cpts_id=cpts_id, etat=EtatEchange.PROPOSE, garde__debut__gt=moment))
    participants = {garde.participant_id for garde in gardes}
    participants |= set(Participant.objects.filter(professionnel, cpts_id=cpts_id).values_list("pk", flat=True))
    asked = [offer for offer in offers if offer.vers_id in participants]
    return MesGardes(
        a_venir=[garde for garde in gardes if garde.fin > moment],
        a_constater=[garde for garde in gardes if garde.fin <= moment and garde.etat == EtatGarde.PUBLIEE],
        passees=[garde for garde in reversed(gardes) if garde.fin <= moment and garde.etat != EtatGarde.PUBLIEE][:12],
        a_repondre=asked,
        proposees={offer.garde_id: offer for offer in offers if offer.garde.participant_id in participants},
        passations=list(
            Passation.objects.filter(
                cpts_id=cpts_id,
                suivante__in=[garde.pk for garde in gardes if garde.fin > moment],
                lue_le=None,
            ).select_related("garde__participant__personne", "suivante")
        ),
    )


def get_miennes(acteur: Acteur, moment: datetime) -> MesGardes:
    """The actor's own."""
    assert acteur.cpts_id is not None
    return build_miennes(acteur.cpts_id, Q(professionnel__rpps=acteur.rpps or "-"), moment)


def find_prochaine(acteur: Acteur, moment: datetime) -> Garde | None:
    """The duty under way, or the next one; one query."""
    if acteur.cpts_id is None or not acteur.rpps:
        return None
    return (
        Garde.objects.of(acteur)
        .filter(etat=EtatGarde.PUBLIEE, fin__gt=moment)
        .select_related("poste", "tableau__cpts")
        .order_by("debut")
        .first()
    )


def list_ouvertes(cpts_id: UUID, moment: datetime, *, professions: Collection[str] | None = None) -> list[Poste]:
    """Shifts to come of published rosters where somebody is missing, the soonest first; one query."""
    rows = Poste.objects.filter(
        cpts_id=cpts_id, tableau__etat=EtatTableau.PUBLIE, debut__gt=moment, debut__lt=moment + timedelta(days=120)
    )
    if professions is not None:
        rows = rows.filter(profession__in=professions)
    counted = rows.annotate(pris=Count("gardes", filter=Q(gardes__etat__in=OFFICIELLES)))
    return list(counted.filter(pris__lt=F("nombre")).select_related("tableau__cpts").order_by("debut", "profession"))


def find_de_garde(cpts_id: UUID, profession: str, moment: datetime) -> list[Garde]:
    """Who of a profession is on duty in a community at a moment, by place; one query."""
    return list(
        Garde.objects.officielles()
        .filter(cpts_id=cpts_id, poste__profession=profession, debut__lte=moment, fin__gt=moment)
        .select_related("poste", "participant__personne", "professionnel")
        .order_by("poste__lieu", "place")
    )


def find_occupations(personne_ids: Collection[UUID], debut: datetime, fin: datetime) -> list[Occupation]:
    """A duty makes busy: by person then time over [debut, fin[, one query."""
    rows = (
        Garde.objects.officielles()
        .filter(participant__personne__in=personne_ids, debut__lt=fin, fin__gt=debut)
        .order_by("participant__personne", "debut")
        .values_list("participant__personne", "debut", "fin")
    )
    return [Occupation(personne, max(de, debut), min(a, fin), de_garde=True) for personne, de, a in rows]


@dataclass(frozen=True, slots=True)
class LignePublique:
    """What the public reads of a duty: a name only when its owner allowed it, else the profession and a telephone."""

    profession: str
    debut: datetime
    fin: datetime
    nom: str
    lieu: str
    telephone: str
    en_cours: bool


def list_publiques(cpts: Cpts, moment: datetime, *, jours: int = 7) -> list[LignePublique]:
    """Duties under way and of the days that come; two queries."""
    gardes = list(
        Garde.objects.officielles()
        .filter(cpts_id=cpts.pk, fin__gt=moment, debut__lt=moment + timedelta(days=jours))
        .select_related("poste", "participant__personne", "professionnel")
        .order_by("debut", "poste__profession", "place")
    )
    shown = [garde.professionnel_id for garde in gardes if garde.participant.nom_public]
    phones: dict[UUID, str] = {}
    for pro, telephone in (
        Activite.objects.filter(professionnel__in=shown)
        .exclude(telephone="")
        .order_by("pk")
        .values_list("professionnel_id", "telephone")
    ):
        phones.setdefault(pro, telephone)
    return [
        LignePublique(
            profession=garde.poste.profession,
            debut=garde.debut,
            fin=garde.fin,
            nom=str(garde.professionnel) if garde.participant.nom_public else "",
            lieu=garde.poste.lieu,
            telephone=garde.poste.telephone or phones.get(garde.professionnel_id, "") or cpts.telephone,
            en_cours=garde.debut <= moment,
        )
        for garde in gardes
    ]


@dataclass(frozen=True, slots=True)
class Collegue:
    """Who could take a duty, and which of theirs they could give in return."""

    participant: Participant
    raisons: tuple[str, ...]
    contre: tuple[Garde, ...] = ()


def list_a_constater(cpts_id: UUID) -> list[tuple[Tableau, list[Garde]]]:
    """Duties over of which nobody said whether they were held, by roster; one query."""
    rows = (
        Garde.objects.filter(cpts_id=cpts_id, etat=EtatGarde.PUBLIEE, fin__lte=now())
        .select_related("tableau", "poste", "participant__personne", "professionnel")
        .order_by("tableau__debut", "tableau_id", "debut", "poste__profession", "place")
    )
    groups: dict[UUID, tuple[Tableau, list[Garde]]] = {}
    for garde in rows:
        groups.setdefault(garde.tableau_id, (garde.tableau, []))[1].append(garde)
    return list(groups.values())


def list_constatees(cpts_id: UUID, limit: int = 30) -> list[Garde]:
    """The last duties said held or not."""
    rows = Garde.objects.filter(cpts_id=cpts_id, etat__in=(EtatGarde.TENUE, EtatGarde.NON_TENUE))
    return list(rows.select_related("poste", "participant__personne").order_by("-debut", "place")[:limit])
