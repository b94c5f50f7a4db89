"""The contributing rows of the contract's indicators, and each act as CPAM and ARS may see it."""

import hashlib
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, ExpressionWrapper, F, FloatField, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from maillon.communaute.adhesions.enums import Etat as EtatAdhesion
from maillon.communaute.adhesions.models import Adhesion
from maillon.socle.chiffrement import blind_index
from maillon.socle.declarations import Acte

from ..enums import Etat
from ..models import Capacite, Demande
from .calculs import in_days, start_of


def pseudonym(row_id: UUID, *, cpts_id: UUID) -> str:
    """A keyed, stable name of an act: it neither tells the row's key nor its human reference."""
    return "A-" + blind_index(str(row_id), cpts_id=cpts_id, kind="mt_acte").hex()[:12].upper()


def list_placees(cpts_id: UUID, start: date, end: date) -> QuerySet[Demande]:
    """Patients placed in [start, end[, with `delai_jours` from filing to placement.

    A person with AME has no declared médecin traitant: their placement counts as médecin de suivi, outside these.
    """
    return (
        Demande.objects.filter(
            cpts_id=cpts_id,
            etat=Etat.PLACEE,
            ame=False,
            placee_le__gte=start_of(start),
            placee_le__lt=start_of(end),
        )
        .select_related("patient__commune", "cpts")
        .annotate(delai_jours=ExpressionWrapper(in_days(F("placee_le") - F("deposee_le")), output_field=FloatField()))
        .order_by("placee_le", "id")
    )


# Who counts in each indicator, of the placements.
PARTS = {
    "ald": Q(ald=True),
    "16_ans": Q(age_placement__gte=16),
    "c2s_ald": Q(c2s=True, ald=True),
    "plus_de_70": Q(plus_de_70=True),
}


def list_placees_ald(cpts_id: UUID, start: date, end: date) -> QuerySet[Demande]:
    return list_placees(cpts_id, start, end).filter(PARTS["ald"])


def list_placees_16_ans(cpts_id: UUID, start: date, end: date) -> QuerySet[Demande]:
    return list_placees(cpts_id, start, end).filter(PARTS["16_ans"])


def list_placees_c2s_ald(cpts_id: UUID, start: date, end: date) -> QuerySet[Demande]:
    return list_placees(cpts_id, start, end).filter(PARTS["c2s_ald"])


def list_placees_plus_de_70(cpts_id: UUID, start: date, end: date) -> QuerySet[Demande]:
    return list_placees(cpts_id, start, end).filter(PARTS["plus_de_70"])


def list_volontaires(cpts_id: UUID, start: date, end: date) -> QuerySet[Capacite]:
    """Member doctors who offer places today and began before `end`: who left the community is no longer counted."""
    membre = Adhesion.objects.filter(cpts=cpts_id, professionnel=OuterRef("professionnel"), etat=EtatAdhesion.ACTIVE)
    return (
        Capacite.objects.filter(Exists(membre), cpts_id=cpts_id, volontaire_depuis__lt=start_of(end))
        .select_related("cpts")
        .order_by("volontaire_depuis", "id")
    )


def placement_to_acte(demande: Demande) -> Acte:
    """A placement without identity. The hash is that of the evidence, frozen at placement."""
    assert demande.placee_le is not None
    return Acte(
        reference=pseudonym(demande.pk, cpts_id=demande.cpts_id),
        le=timezone.localtime(demande.placee_le).date(),
        nature="Patient orienté vers un médecin traitant",
        etat="accord du médecin et du patient enregistrés",
        empreinte=demande.empreinte,
        commune=demande.patient.commune.nom,
        preuve="Journal de la demande, accords datés du médecin et du patient",
    )


def volontaire_to_acte(capacite: Capacite) -> Acte:
    assert capacite.volontaire_depuis is not None
    canonical = f"{capacite.pk}|{capacite.professionnel_id}|{capacite.volontaire_depuis.isoformat()}"
    return Acte(
        reference=pseudonym(capacite.pk, cpts_id=capacite.cpts_id),
        le=timezone.localtime(capacite.volontaire_depuis).date(),
        nature="Médecin volontaire pour de nouveaux patients",
        etat="places offertes",
        empreinte=hashlib.sha256(canonical.encode()).hexdigest(),
        preuve="Déclaration de places, datée, au journal",
    )


def url_of_demande(demande: Any) -> str:
    return reverse("medecin_traitant_fiche", args=[demande.cpts.slug, demande.pk])


def url_of_capacite(capacite: Any) -> str:
    return reverse("medecin_traitant_totaux", args=[capacite.cpts.slug])
