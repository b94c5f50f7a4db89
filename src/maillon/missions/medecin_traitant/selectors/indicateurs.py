"""The contributing rows of the contract's indicators, and each act as CPAM and ARS may see it."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, FloatField, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from maillon.communaute.adhesions.enums import Etat as EtatAdhesion
from maillon.communaute.adhesions.models import Adhesion
from maillon.socle.chiffrement import blind_index
from maillon.socle.declarations import Acte

from ..enums import Etat, GenreJour
from ..models import Capacite, Demande
from .calculs import in_days, start_of
from .jours import PARTS, collect_delais, find_centile, read_jours, sum_chiffres

# The code of the median of the delays, which counts every placement.
MEDIANE = "medecin_traitant.delai"


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


def list_placees_ald(cpts_id: UUID, start: date, end: date) -> QuerySet[Demande]:
    return list_placees(cpts_id, start, end).filter(PARTS["ald"])


def list_placees_16_ans(cpts_id: UUID, start: date, end: date) -> QuerySet[Demande]:
    return list_placees(cpts_id, start, end).filter(PARTS["16_ans"])


def list_placees_c2s_ald(cpts_id: UUID, start: date, end: date) -> QuerySet[Demande]:
    return list_placees(cpts_id, start, end).filter(PARTS["c2s_ald"])


def list_placees_plus_de_70(cpts_id: UUID, start: date, end: date) -> QuerySet[Demande]:
    return list_placees(cpts_id, start, end).filter(PARTS["plus_de_70"])


def measure_placees(cpts_id: UUID, start: date, end: date) -> dict[str, tuple[int, float | None]]:
    """The figures of all these indicators over [start, end[, and the median of the delays, from the totals of the days:
    what the rows above give, without reading them. Two queries at most."""
    jours = read_jours(cpts_id, GenreJour.PLACEES, start, end)
    parts = sum_chiffres(jours, "parts")
    return {f"medecin_traitant.{code}": (parts.get(code, 0), float(parts.get(code, 0))) for code in PARTS}


def measure_delai(cpts_id: UUID, start: date, end: date) -> dict[str, tuple[int, float | None]]:
    """The median of the delays of `list_placees`, from the totals of the days. Two queries at most."""
    delais = collect_delais(read_jours(cpts_id, GenreJour.PLACEES, start, end, delais=True), hors_ame=True)
    return {MEDIANE: (len(delais), find_centile(delais, 0.5))}


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
    return _write_acte(
        demande.pk, demande.placee_le, demande.empreinte, demande.patient.commune.nom, cpts_id=demande.cpts_id
    )


def _write_acte(pk: UUID, placee_le: datetime, empreinte: str, commune: str, *, cpts_id: UUID) -> Acte:
    return Acte(
        reference=pseudonym(pk, cpts_id=cpts_id),
        le=timezone.localtime(placee_le).date(),
        nature="Patient orienté vers un médecin traitant",
        etat="accord du médecin et du patient enregistrés",
        empreinte=empreinte,
        commune=commune,
        preuve="Journal de la demande, accords datés du médecin et du patient",
    )


def list_actes(cpts_id: UUID, start: date, end: date) -> Iterator[tuple[Acte, tuple[str, ...]]]:
    """The acts of `list_placees`, each with the codes of the indicators that count it: the same, many times faster than
    through its rows. One query."""
    parts = {f"dans_{code}": ExpressionWrapper(part, output_field=BooleanField()) for code, part in PARTS.items()}
    rows = list_placees(cpts_id, start, end).select_related(None).annotate(**parts)
    champs = ("pk", "placee_le", "empreinte", "commune__nom", *parts)
    codes = [f"medecin_traitant.{code}" for code in PARTS]
    for pk, placee_le, empreinte, commune, *dans in rows.values_list(*champs).iterator(5_000):
        comptee = (MEDIANE, *(code for code, oui in zip(codes, dans, strict=True) if oui))
        yield _write_acte(pk, placee_le, empreinte, commune, cpts_id=cpts_id), comptee


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
