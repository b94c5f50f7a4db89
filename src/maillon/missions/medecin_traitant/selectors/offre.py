"""What frees time, who leaves and who comes: rows for the desk, totals for all."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import compter

from ..enums_places import S_APPLIQUENT, StatutRenfort
from ..models import Mouvement, Renfort

HORIZON_JOURS = 183


def list_mouvements(cpts_id: UUID, debut: date, fin: date) -> list[Mouvement]:
    """Departures and arrivals of [debut, fin[ that were not cancelled, in order of date."""
    rows = Mouvement.objects.filter(cpts_id=cpts_id, annule_le=None, le__gte=debut, le__lt=fin)
    return list(rows.select_related("professionnel", "commune").order_by("le", "id"))


def list_visible_mouvements(acteur: Acteur) -> QuerySet[Mouvement]:
    """All of them, cancelled ones too, for whoever keeps them."""
    return Mouvement.objects.visible_to(acteur).select_related("professionnel", "commune")


def get_mouvement(mouvement_id: UUID, *, for_acteur: Acteur) -> Mouvement:
    """Raises Http404 when the actor may not see it."""
    found = list_visible_mouvements(for_acteur).filter(pk=mouvement_id).first()
    if found is None:
        raise Http404
    return found


def get_renfort(renfort_id: UUID, *, for_acteur: Acteur) -> Renfort:
    """Raises Http404 when the actor may not see it."""
    found = Renfort.objects.visible_to(for_acteur).filter(pk=renfort_id).first()
    if found is None:
        raise Http404
    return found


def list_renforts(acteur: Acteur) -> QuerySet[Renfort]:
    """What was recorded, with the doctors of each (one query more)."""
    return Renfort.objects.visible_to(acteur).prefetch_related("medecins").order_by("-depuis", "intitule")


@dataclass(frozen=True, slots=True)
class Bilan:
    """The balance of the territory over a period, without any name; unknown numbers are counted apart."""

    departs: int
    patients: int
    patients_ald: int
    patients_plus_70: int
    arrivees: int
    places: int
    inconnus: int
    a_confirmer: int

    @property
    def phrase(self) -> str:
        """« 2 départs d’ici six mois : 1 900 patients ; 1 arrivée : 800 places. »; empty when nothing is announced."""
        parts = []
        if self.departs:
            parts.append(_say(self.departs, "départ", "départs", self.patients, "patient", "patients"))
        if self.arrivees:
            parts.append(_say(self.arrivees, "arrivée", "arrivées", self.places, "place", "places"))
        if not parts:
            return ""
        head, sep, tail = parts[0].partition("\u00a0:")
        return "\u00a0; ".join([f"{head} d’ici six mois{sep}{tail}", *parts[1:]]) + "."


def _say(nombre: int, un: str, plusieurs: str, quantite: int, unite: str, unites: str) -> str:
    known = f"\u00a0: {compter(quantite, unite, unites)}" if quantite else "\u00a0: nombre inconnu"
    return compter(nombre, un, plusieurs) + known


def compute_bilan(cpts_id: UUID, *, on: date, jours: int = HORIZON_JOURS) -> Bilan:
    """What is announced for the six months to come: one query."""
    rows = list_mouvements(cpts_id, on, on + timedelta(days=jours))
    departs = [row for row in rows if row.is_depart]
    arrivees = [row for row in rows if not row.is_depart]
    return Bilan(
        departs=len(departs),
        patients=sum(row.patients or 0 for row in departs),
        patients_ald=sum(row.patients_ald or 0 for row in departs),
        patients_plus_70=sum(row.patients_plus_70 or 0 for row in departs),
        arrivees=len(arrivees),
        places=sum(row.places or 0 for row in arrivees),
        inconnus=sum(row.patients is None for row in departs) + sum(row.places is None for row in arrivees),
        a_confirmer=sum(row.certitude not in S_APPLIQUENT for row in rows),
    )


@dataclass(frozen=True, slots=True)
class Potentiel:
    """Patients that helps in force let doctors follow, as declared: never places."""

    renforts: int
    declares: int
    a_confirmer: int
    inconnus: int


def compute_potentiel(cpts_id: UUID, *, on: date) -> Potentiel:
    """Helps in force that day: one query."""
    live = Renfort.objects.filter(Q(jusqu_au=None) | Q(jusqu_au__gte=on), cpts_id=cpts_id, depuis__lte=on)
    rows = list(live.values_list("statut", "patients"))
    return Potentiel(
        renforts=len(rows),
        declares=sum(n or 0 for statut, n in rows if statut == StatutRenfort.DECLARE),
        a_confirmer=sum(n or 0 for statut, n in rows if statut == StatutRenfort.A_CONFIRMER),
        inconnus=sum(n is None for _, n in rows),
    )
