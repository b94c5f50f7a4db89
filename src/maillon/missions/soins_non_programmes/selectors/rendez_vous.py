"""Reading appointments."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404

from maillon.communaute.patients.identites import IdentiteLue
from maillon.communaute.patients.models import Patient
from maillon.communaute.patients.permissions import LIRE
from maillon.communaute.patients.selectors import read_identites, search_patients
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now

from ..enums import EtatRendezVous
from ..models import Creneau, RendezVous

# Holds that ended are of no interest to a reader.
MONTRES = (EtatRendezVous.CONFIRME, EtatRendezVous.HONORE, EtatRendezVous.ABSENT, EtatRendezVous.ANNULE)
JOURS_MONTRES = 30


def list_rendez_vous(*, for_acteur: Acteur) -> QuerySet[RendezVous]:
    """Appointments that this person may see, with their slot and whether they gave it (`par_moi`); holds left aside."""
    rows = RendezVous.objects.visible_to(for_acteur).filter(etat__in=MONTRES)
    given = Q(pris_par_id=for_acteur.membre_id) | Q(compte_id=for_acteur.compte_id)
    rows = rows.annotate(par_moi=Coalesce(given, False))
    return rows.select_related("creneau__professionnel", "creneau__lieu__commune", "creneau__cpts", "patient")


def list_donnes(*, for_acteur: Acteur) -> QuerySet[RendezVous]:
    """Those that this account gave over the last month, the latest first."""
    since = now() - timedelta(days=JOURS_MONTRES)
    return list_rendez_vous(for_acteur=for_acteur).filter(pris_le__gte=since).order_by("-pris_le")


def get_rendez_vous(rendez_vous_id: UUID, *, for_acteur: Acteur) -> RendezVous:
    """One appointment, or hold; Http404 when this person may not see it."""
    rows = RendezVous.objects.visible_to(for_acteur).select_related(
        "creneau__professionnel",
        "creneau__lieu__commune",
        "creneau__cpts",
        "patient__commune",
        "demande",
        "remplace_par",
    )
    found = rows.filter(pk=rendez_vous_id).first()
    if found is None:
        raise Http404
    return found


def get_retenu(rendez_vous_id: UUID, *, for_acteur: Acteur) -> RendezVous:
    """The same by itself: it is confirmed while the slot is wanted, and the database answers the slot then."""
    try:
        return RendezVous.objects.visible_to(for_acteur).get(pk=rendez_vous_id)
    except RendezVous.DoesNotExist as absent:
        raise Http404 from absent


def get_tenu(held: RendezVous) -> Creneau:
    """The slot of a hold, with what its page says."""
    rows = Creneau.objects.select_related("professionnel", "lieu__commune", "cpts")
    return rows.get(pk=held.creneau_id)


def list_retenus(*, for_acteur: Acteur) -> QuerySet[RendezVous]:
    """The slots that this account keeps and has given to nobody yet, the first to be let go first."""
    own = Q(compte_id=for_acteur.compte_id) if for_acteur.compte_id else Q(pk__in=[])
    if for_acteur.membre_id:
        own |= Q(pris_par_id=for_acteur.membre_id)
    rows = RendezVous.objects.visible_to(for_acteur).filter(own, etat=EtatRendezVous.RETENU, retenu_jusque__gt=now())
    slot = ("creneau__professionnel", "creneau__lieu__commune", "creneau__cpts")
    return rows.select_related(*slot).order_by("retenu_jusque")


def read_identite(rendez_vous: RendezVous, *, quoi: str, pourquoi: str, by: Acteur) -> IdentiteLue | None:
    """Who comes, for whoever may read it; the reading leaves its trace."""
    if rendez_vous.patient_id is None:
        return None
    found = read_identites([rendez_vous.patient_id], quoi=quoi, pourquoi=pourquoi, by=by)
    return found.get(rendez_vous.patient_id)


@dataclass(frozen=True, slots=True)
class Connue:
    """A person already known, as the desk recognises one."""

    patient_id: UUID
    identite: IdentiteLue


def may_search(acteur: Acteur) -> bool:
    """The desk searches everybody; a professional those whom they follow. A regulator nobody."""
    return acteur.can(LIRE) or bool(acteur.rpps and acteur.cpts_id)


def find_connues(texte: str, *, by: Acteur, limite: int = 5) -> list[Connue]:
    """People found by name, birth date or telephone, each hit traced."""
    if not texte.strip() or not may_search(by):
        return []
    found = search_patients(texte, pourquoi="donner un rendez-vous", by=by, limite=limite)
    identites = read_identites(found, quoi="identite", pourquoi="donner un rendez-vous", by=by)
    return [Connue(pk, identites[pk]) for pk in found if pk in identites]


def get_patient(patient_id: UUID, *, for_acteur: Acteur) -> Patient:
    """A person whom this actor may read, by their key alone; Http404 otherwise."""
    try:
        return Patient.objects.visible_to(for_acteur).only("pk").get(pk=patient_id)
    except Patient.DoesNotExist as absent:
        raise Http404 from absent
