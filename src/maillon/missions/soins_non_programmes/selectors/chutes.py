"""Appointments that fall: the professional is away, their opening was withdrawn, or they cancelled and no message could
say so. Somebody must tell the person; until then each stands in the list of those to tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.patients.identites import IdentiteLue
from maillon.communaute.patients.selectors import read_identites
from maillon.regles.horaires import Moment
from maillon.socle.courriels.models import Etat, Message
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now

from ..enums import Chute, EtatRendezVous, MotifAnnulation
from ..gabarits import ANNULES
from ..models import Creneau, RendezVous
from ..permissions import GERER
from .indisponibles import find_absences, is_busy
from .recherche import list_suivants

OFFERTS = 3


def _own(cpts_id: UUID, acteur: Acteur) -> QuerySet[RendezVous]:
    """Those ahead of which nobody said yet that what was to do is done: all for the desk, own ones otherwise."""
    rows = RendezVous.objects.filter(cpts_id=cpts_id, prevenu_le=None, creneau__debut__gt=now())
    return rows if acteur.can(GERER) else rows.filter(creneau__professionnel__rpps=acteur.rpps or "-")


def find_chutes(cpts_id: UUID, acteur: Acteur) -> dict[UUID, Chute]:
    """Which appointments to come fall, and why. Two queries, five when somebody is expected."""
    told = Message.objects.filter(cpts_id=cpts_id, objet_id=OuterRef("pk"), gabarit__in=ANNULES)
    told = told.exclude(etat__in=(Etat.ANNULE, Etat.ECHEC))
    untold = _own(cpts_id, acteur).filter(
        ~Exists(told),
        etat=EtatRendezVous.ANNULE,
        motif_annulation=MotifAnnulation.PROFESSIONNEL,
        confirme_le__isnull=False,
        patient__efface_le=None,
        patient__opposition=False,
    )
    found = dict.fromkeys(untold.values_list("pk", flat=True), Chute.ANNULE)
    expected = list(
        _own(cpts_id, acteur)
        .filter(etat=EtatRendezVous.CONFIRME)
        .values_list("pk", "creneau__professionnel_id", "creneau__debut", "creneau__retire_le")
    )
    if not expected:
        return found
    cpts = Cpts.objects.get(pk=cpts_id)
    debuts = [debut for _, _, debut, _ in expected]
    away = find_absences(cpts, {pro for _, pro, *_ in expected}, min(debuts), max(debuts) + timedelta(minutes=1))
    for pk, pro, debut, retire_le in expected:
        if is_busy(Moment(debut, debut + timedelta(minutes=1)), away.get(pro, ())):
            found[pk] = Chute.ABSENCE
        elif retire_le is not None:
            found[pk] = Chute.RETRAIT
    return found


@dataclass(frozen=True, slots=True)
class APrevenir:
    """One person to tell. `offres` are slots that may be offered instead, to nobody else of the list first."""

    rendez_vous: RendezVous
    chute: Chute
    identite: IdentiteLue | None
    offres: tuple[Creneau, ...]

    @property
    def is_donne(self) -> bool:
        return self.chute is not Chute.ANNULE


@dataclass(frozen=True, slots=True)
class Groupe:
    """Those of one professional, the earliest first."""

    professionnel: Professionnel
    lignes: tuple[APrevenir, ...]

    @property
    def donnes(self) -> int:
        """How many still have their appointment."""
        return sum(ligne.is_donne for ligne in self.lignes)


def list_a_prevenir(cpts_id: UUID, *, by: Acteur) -> list[Groupe]:
    """Who is to be told, by professional, the earliest first; each name and number read leaves a trace."""
    chutes = find_chutes(cpts_id, by)
    slot = ("creneau__professionnel", "creneau__lieu__commune", "creneau__cpts", "patient")
    rows = list(RendezVous.objects.filter(pk__in=chutes).select_related(*slot).order_by("creneau__debut"))
    identites = _read({row.patient_id for row in rows if row.patient_id}, by)
    offres = _offer(rows, by)
    groupes: dict[UUID, list[APrevenir]] = {}
    for row in rows:
        identite = identites.get(row.patient_id) if row.patient_id else None
        ligne = APrevenir(row, chutes[row.pk], identite, offres.get(row.pk, ()))
        groupes.setdefault(row.creneau.professionnel_id, []).append(ligne)
    return [Groupe(lignes[0].rendez_vous.creneau.professionnel, tuple(lignes)) for lignes in groupes.values()]


def _read(patient_ids: set[UUID], by: Acteur) -> dict[UUID, IdentiteLue]:
    if not patient_ids:
        return {}
    return read_identites(patient_ids, quoi="telephone", pourquoi="prévenir d’un rendez-vous qui tombe", by=by)


def _offer(rows: Iterable[RendezVous], by: Acteur) -> dict[UUID, tuple[Creneau, ...]]:
    """Other slots for those who still have an appointment, not the same ones for two people as long as there are
    enough. One query for each profession and département."""
    libres: dict[tuple[str, str], list[Creneau]] = {}
    offres = {}
    for row in rows:
        if row.etat != EtatRendezVous.CONFIRME:
            continue
        cle = (row.creneau.profession, row.creneau.zone)
        if cle not in libres:
            found = list_suivants(row.creneau, for_acteur=by, limite=60)
            libres[cle] = [c for c in found if c.cpts_id == row.cpts_id]
        offres[row.pk] = tuple(libres[cle][:OFFERTS])
        libres[cle] = libres[cle][OFFERTS:]
    return offres


def resume_chutes(cpts_id: UUID, acteur: Acteur) -> tuple[int, datetime | None]:
    """How many people are to be told, and the hour of the first."""
    chutes = find_chutes(cpts_id, acteur)
    if not chutes:
        return 0, None
    first = RendezVous.objects.filter(pk__in=chutes).order_by("creneau__debut")
    return len(chutes), first.values_list("creneau__debut", flat=True).first()
