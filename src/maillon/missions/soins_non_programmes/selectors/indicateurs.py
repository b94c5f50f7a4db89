"""The contributing rows of the contract's indicators, and each act as CPAM and ARS may see it.

A slot counts when it was offered, at the hours of the mission: neither taken back, nor busy elsewhere, nor at the hours
of the PDSA. Days are those of the community's clock.
"""

import hashlib
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import (
    BooleanField,
    Case,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Max,
    Q,
    QuerySet,
    RowRange,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, Greatest, Least
from django.urls import reverse
from django.utils import timezone

from maillon.communaute.annuaire.enums import Profession
from maillon.socle.chiffrement import blind_index
from maillon.socle.declarations import Acte
from maillon.socle.horloge import now

from ..enums import REPONDUES, SANS_REPONSE, TENUS, EtatCreneau, EtatDemande, EtatRendezVous, Horaire
from ..models import Creneau, DemandeSoin, RendezVous
from .calculs import at_clock, get_fuseau, midnight, seconds, start_of
from .reglages import get_reglages

# « Soins non programmés »: to be met within 24 hours.
DANS_LA_JOURNEE = timedelta(hours=24)
DONNES = (EtatRendezVous.CONFIRME, EtatRendezVous.HONORE, EtatRendezVous.ABSENT)


def pseudonym(row_id: UUID, *, cpts_id: UUID) -> str:
    """A keyed, stable name of an act: it neither tells the row's key nor its human reference."""
    return "S-" + blind_index(str(row_id), cpts_id=cpts_id, kind="snp_acte").hex()[:12].upper()


def hash_facts(*facts: object) -> str:
    """SHA-256 of the facts that make the act, for one whose evidence was not frozen by itself."""
    return hashlib.sha256("|".join(str(fact) for fact in facts).encode()).hexdigest()


# Slots -------------------------------------------------------------------------------------------------------------


def list_creneaux(cpts_id: UUID, start: date, end: date) -> QuerySet[Creneau]:
    """Slots offered in [start, end[."""
    fuseau = get_fuseau(cpts_id)
    return (
        Creneau.objects.filter(
            cpts_id=cpts_id,
            debut__gte=start_of(start, fuseau),
            debut__lt=start_of(end, fuseau),
            etat__in=TENUS,
            horaire=Horaire.MISSION,
        )
        .select_related("lieu__commune", "cpts")
        .order_by("debut", "id")
    )


def list_medecins_sas(cpts_id: UUID, start: date, end: date) -> QuerySet[Creneau]:
    """Doctors who offered the SAS a slot in [start, end[, each by the last one."""
    return (
        list_creneaux(cpts_id, start, end)
        .filter(profession=Profession.MEDECIN)
        .order_by("professionnel_id", "-debut")
        .distinct("professionnel_id")
    )


def get_promesse(cpts_id: UUID) -> tuple[time, time, list[str]]:
    """From when to when, and which professions, the community promises every afternoon."""
    reglages = get_reglages(cpts_id)
    return reglages.promis_de, reglages.promis_a, list(reglages.promis)


def list_heures(profession: str, cpts_id: UUID, start: date, end: date) -> QuerySet[Creneau]:
    """Slots of a profession within the promised hours, with `heures`: what each covers that none before it covered."""
    fuseau = get_fuseau(cpts_id)
    promis_de, promis_a, _ = get_promesse(cpts_id)
    debut, fin = at_clock("debut", fuseau), at_clock("fin", fuseau)
    avant = Window(
        Max("jusque"),
        partition_by=[midnight(debut)],
        order_by=[F("debut"), F("id")],
        frame=RowRange(start=None, end=-1),
    )
    return (
        list_creneaux(cpts_id, start, end)
        .filter(profession=profession)
        .annotate(
            depuis=Greatest(debut, _hour(midnight(debut), promis_de)),
            jusque=Least(fin, _hour(midnight(debut), promis_a)),
        )
        .filter(jusque__gt=F("depuis"))
        .annotate(couvert=Greatest(F("depuis"), Coalesce(avant, F("depuis"))))
        .annotate(
            heures=ExpressionWrapper(
                Greatest(seconds(F("jusque") - F("couvert")), Value(0.0)) / 3600.0, output_field=FloatField()
            )
        )
    )


def _hour(minuit: Any, heure: time) -> Any:
    duree = timedelta(hours=heure.hour, minutes=heure.minute)
    return ExpressionWrapper(
        minuit + Value(duree, output_field=DurationField()), output_field=Creneau._meta.get_field("debut")
    )


def creneau_to_acte(creneau: Creneau) -> Acte:
    return Acte(
        reference=pseudonym(creneau.pk, cpts_id=creneau.cpts_id),
        le=_day(creneau.debut, creneau),
        nature=f"Créneau ouvert\u00a0: {creneau.get_profession_display()}, {creneau.get_modalite_display()}",
        etat="offert" if creneau.etat == EtatCreneau.LIBRE else "réservé",
        empreinte=hash_facts(creneau.pk, creneau.professionnel_id, creneau.debut.isoformat(), creneau.fin.isoformat()),
        commune=creneau.lieu.commune.nom,
        preuve="Journal des créneaux",
    )


def heures_to_acte(creneau: Any) -> Acte:
    """The hours that a slot covers; no commune: with a profession of few, it would tell who."""
    acte = creneau_to_acte(creneau)
    return Acte(
        reference=acte.reference,
        le=acte.le,
        nature=f"Présence\u00a0: {creneau.get_profession_display()}",
        etat=f"{creneau.heures:.2f} h".replace(".", ","),
        empreinte=acte.empreinte,
        preuve="Journal des créneaux",
    )


def medecin_to_acte(creneau: Creneau) -> Acte:
    """One doctor, without name nor commune."""
    return Acte(
        reference=pseudonym(creneau.professionnel_id, cpts_id=creneau.cpts_id),
        le=_day(creneau.debut, creneau),
        nature="Médecin qui offre des créneaux au service d’accès aux soins",
        etat="dernier créneau à cette date",
        empreinte=hash_facts(creneau.pk, creneau.professionnel_id, creneau.debut.isoformat()),
        preuve="Journal des créneaux",
    )


# Appointments ------------------------------------------------------------------------------------------------------


def list_rendez_vous(cpts_id: UUID, start: date, end: date) -> QuerySet[RendezVous]:
    """Appointments whose slot is in [start, end[: given, and neither cancelled nor moved."""
    fuseau = get_fuseau(cpts_id)
    return (
        RendezVous.objects.filter(
            cpts_id=cpts_id,
            creneau__debut__gte=start_of(start, fuseau),
            creneau__debut__lt=start_of(end, fuseau),
            creneau__horaire=Horaire.MISSION,
            etat__in=DONNES,
        )
        .select_related("creneau__lieu__commune", "cpts")
        .order_by("creneau__debut", "id")
    )


# Which of them counts in each indicator.
PARTS = {
    "rendez_vous": Q(etat__in=DONNES),
    "honores": Q(etat=EtatRendezVous.HONORE),
    "manques": Q(etat=EtatRendezVous.ABSENT),
}


def list_part(part: str, cpts_id: UUID, start: date, end: date) -> QuerySet[RendezVous]:
    return list_rendez_vous(cpts_id, start, end).filter(PARTS[part])


def rendez_vous_to_acte(rendez_vous: RendezVous) -> Acte:
    """An appointment without identity. The hash is that of the evidence, frozen when the person came or did not."""
    creneau = rendez_vous.creneau
    facts = hash_facts(rendez_vous.pk, creneau.pk, rendez_vous.etat, rendez_vous.pris_le.isoformat())
    return Acte(
        reference=pseudonym(rendez_vous.pk, cpts_id=rendez_vous.cpts_id),
        le=_day(creneau.debut, rendez_vous),
        nature=f"Rendez-vous\u00a0: {creneau.get_profession_display()}, donné {rendez_vous.get_origine_display()}",
        etat=rendez_vous.get_etat_display(),
        empreinte=rendez_vous.empreinte or facts,
        commune=creneau.lieu.commune.nom,
        preuve="Journal du rendez-vous",
    )


# Requests ----------------------------------------------------------------------------------------------------------


def list_repondues(cpts_id: UUID, start: date, end: date) -> QuerySet[DemandeSoin]:
    """Requests answered in [start, end[, with `minutes` from filing to the answer."""
    fuseau = get_fuseau(cpts_id)
    return (
        DemandeSoin.objects.filter(
            cpts_id=cpts_id,
            etat__in=REPONDUES,
            repondue_le__gte=start_of(start, fuseau),
            repondue_le__lt=start_of(end, fuseau),
        )
        .select_related("commune", "cpts")
        .annotate(
            minutes=ExpressionWrapper(seconds(F("repondue_le") - F("deposee_le")) / 60.0, output_field=FloatField())
        )
        .order_by("repondue_le", "id")
    )


def list_jugees(cpts_id: UUID, start: date, end: date) -> QuerySet[DemandeSoin]:
    """Requests filed in [start, end[ of which it is known whether they were answered within 24 hours, with
    `dans_la_journee`. Who called off their request is not counted; nor who waits since less."""
    fuseau = get_fuseau(cpts_id)
    a_temps = Q(repondue_le__lte=F("deposee_le") + DANS_LA_JOURNEE)
    return (
        DemandeSoin.objects.filter(
            cpts_id=cpts_id, deposee_le__gte=start_of(start, fuseau), deposee_le__lt=start_of(end, fuseau)
        )
        .exclude(etat=EtatDemande.ANNULEE)
        .exclude(etat__in=SANS_REPONSE, deposee_le__gt=now() - DANS_LA_JOURNEE)
        .select_related("commune", "cpts")
        .annotate(
            dans_la_journee=Case(When(a_temps, then=Value(True)), default=Value(False), output_field=BooleanField())
        )
        .order_by("deposee_le", "id")
    )


def demande_to_acte(demande: Any) -> Acte:
    """A request without identity, by the day it was filed."""
    return _demande_to_acte(demande, demande.deposee_le)


def repondue_to_acte(demande: Any) -> Acte:
    return _demande_to_acte(demande, demande.repondue_le)


def _demande_to_acte(demande: Any, moment: datetime) -> Acte:
    repondue = demande.repondue_le
    delai = f", en {_minutes(repondue - demande.deposee_le)}" if repondue else ""
    facts = hash_facts(demande.pk, demande.etat, demande.deposee_le.isoformat(), repondue or "")
    return Acte(
        reference=pseudonym(demande.pk, cpts_id=demande.cpts_id),
        le=_day(moment, demande),
        nature=f"Demande de soin\u00a0: {demande.get_profession_display()}, {demande.get_origine_display()}",
        etat=f"{demande.get_etat_display()}{delai}",
        empreinte=demande.empreinte or facts,
        commune=demande.commune.nom,
        preuve="Journal de la demande",
    )


def _minutes(duree: timedelta) -> str:
    minutes = round(duree.total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"


def _day(moment: datetime, row: Any) -> date:
    """The day of a moment, on the clock of the community (`cpts` comes with the row)."""
    day: date = timezone.localtime(moment, ZoneInfo(row.cpts.fuseau)).date()
    return day


def url_of_rendez_vous(rendez_vous: Any) -> str:
    return reverse("soins_rendez_vous", args=[rendez_vous.cpts.slug, rendez_vous.pk])


def url_of_demande(demande: Any) -> str:
    return reverse("soins_demande", args=[demande.cpts.slug, demande.pk])


def url_of_chiffres(row: Any) -> str:
    """Where a member reads what surrounds the act: the figures of the mission."""
    return reverse("soins_chiffres", args=[row.cpts.slug])
