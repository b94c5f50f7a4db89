"""How a meeting counts: in the contract's indicator to which it is attached, and in what pay collects.

A meeting counts once held, on the day it was held. What the contract publishes of it names nobody: a date, a kind, how
many were there, the hash of the attendance kept at its end.
"""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, Extract, Greatest, Least
from django.urls import reverse
from django.utils import timezone

from maillon.socle.declarations import (
    Acte,
    Agregat,
    IndicateurDeclare,
    ParticipationPayable,
    Sens,
    SourceParticipations,
)
from maillon.socle.ui.typographie import compter

from .enums import Etat, EtatCompteRendu, GenreDocument, Presence
from .heures import compute_duree, to_heures
from .models import CompteRendu, DocumentReunion, Participation, Reunion

SECONDES_PAR_HEURE = 3600.0


def _start_of(jour: date) -> datetime:
    return timezone.make_aware(datetime.combine(jour, time.min))


def _empreinte(chemin: str) -> Subquery:
    """The hash of the newest attendance kept."""
    documents = DocumentReunion.objects.filter(reunion=OuterRef(chemin), genre=GenreDocument.PRESENCES)
    return Subquery(documents.order_by("-le").values("empreinte")[:1])


def _approuve(chemin: str) -> Exists:
    return Exists(CompteRendu.objects.filter(reunion=OuterRef(chemin), etat=EtatCompteRendu.VALIDE))


def list_tenues(cpts_id: UUID, start: date, end: date) -> QuerySet[Reunion]:
    """Meetings held in [start, end[, with `presents`, `empreinte` and whether the minutes are `approuve`."""
    return (
        Reunion.objects.filter(cpts_id=cpts_id, etat=Etat.TENUE, debut__gte=_start_of(start), debut__lt=_start_of(end))
        .select_related("cpts")
        .annotate(
            presents=Count("participations", filter=Q(participations__presence=Presence.PRESENT)),
            empreinte=_empreinte("pk"),
            approuve=_approuve("pk"),
        )
        .order_by("debut", "id")
    )


def list_tenues_rattachees(cpts_id: UUID, start: date, end: date, indicateur: str) -> QuerySet[Reunion]:
    return list_tenues(cpts_id, start, end).filter(indicateur=indicateur)


def list_presences(cpts_id: UUID, start: date, end: date) -> QuerySet[Participation]:
    """Presences at the meetings held in [start, end[, with the `heures` of each."""
    debut, fin = F("reunion__debut"), F("reunion__fin")
    moment: Any = DateTimeField()
    arrivee = Greatest(debut, Coalesce(F("emargement__arrivee"), debut), output_field=moment)
    depart = Least(fin, Coalesce(F("emargement__depart"), fin), output_field=moment)
    duree = Extract(depart - arrivee, "epoch") / SECONDES_PAR_HEURE
    return (
        Participation.objects.filter(
            cpts_id=cpts_id,
            presence=Presence.PRESENT,
            reunion__etat=Etat.TENUE,
            reunion__debut__gte=_start_of(start),
            reunion__debut__lt=_start_of(end),
        )
        .select_related("reunion__cpts")
        .annotate(
            heures=Greatest(0.0, ExpressionWrapper(duree, output_field=FloatField())),
            empreinte=_empreinte("reunion_id"),
            approuve=_approuve("reunion_id"),
        )
        .order_by("reunion__debut", "id")
    )


def list_heures_rattachees(cpts_id: UUID, start: date, end: date, indicateur: str) -> QuerySet[Participation]:
    return list_presences(cpts_id, start, end).filter(reunion__indicateur=indicateur)


def list_personnes(cpts_id: UUID, start: date, end: date) -> QuerySet[Participation]:
    """The first presence of each person in [start, end[: one row a person."""
    return _firsts(list_presences(cpts_id, start, end), {})


def list_personnes_rattachees(cpts_id: UUID, start: date, end: date, indicateur: str) -> QuerySet[Participation]:
    return _firsts(list_heures_rattachees(cpts_id, start, end, indicateur), {"reunion__indicateur": indicateur})


def _firsts(presences: QuerySet[Participation], criteres: dict[str, str]) -> QuerySet[Participation]:
    """Of rows, those that no earlier one of the same person precedes among the same rows."""
    bornes = presences.values("pk").order_by()
    avant = Participation.objects.filter(pk__in=bornes, personne=OuterRef("personne"), **criteres).filter(
        Q(reunion__debut__lt=OuterRef("reunion__debut"))
        | Q(reunion__debut=OuterRef("reunion__debut"), pk__lt=OuterRef("pk"))
    )
    return presences.filter(~Exists(avant))


def _say_preuve(approuve: bool) -> str:
    return "Relevé des présences, compte rendu validé" if approuve else "Relevé des présences"


def reunion_to_acte(reunion: Any) -> Acte:
    """A meeting held. The hash is that of the attendance kept at its end; without it, the evidence lacks."""
    return Acte(
        reference=f"reunion:{reunion.pk}",
        le=timezone.localtime(reunion.debut).date(),
        nature=reunion.get_type_display().capitalize(),
        etat=f"tenue, {compter(reunion.presents, 'présent')}",
        empreinte=reunion.empreinte or "",
        preuve=_say_preuve(reunion.approuve) if reunion.empreinte else "",
    )


def presence_to_acte(presence: Any) -> Acte:
    """Somebody at a meeting, without saying who."""
    return Acte(
        reference=f"presence:{presence.pk}",
        le=timezone.localtime(presence.reunion.debut).date(),
        nature=f"Participation, {presence.reunion.get_type_display()}",
        etat=f"présence établie\u00a0: {presence.get_preuve_display()}",
        empreinte=presence.empreinte or "",
        preuve=_say_preuve(presence.approuve) if presence.empreinte else "",
    )


def url_of_reunion(reunion: Any) -> str:
    return reverse("reunions:presences", args=[reunion.cpts.slug, reunion.pk])


def url_of_presence(presence: Any) -> str:
    return url_of_reunion(presence.reunion)


_PREUVE = "Relevé des présences figé à la clôture de la réunion ; compte rendu validé"
_CERTIFICATEUR = "CPAM et ARS, sur pièces"

INDICATEURS = (
    IndicateurDeclare(
        code="reunions.tenues",
        mission="",
        libelle="Réunions tenues, rattachées à cet indicateur",
        definition="Réunions closes dans la période, chacune rattachée à cet indicateur par son organisateur, avec au "
        "moins un présent relevé.",
        unite="réunions",
        sens=Sens.HAUSSE,
        certificateur=_CERTIFICATEUR,
        preuve=_PREUVE,
        rows=list_tenues,
        rattaches=list_tenues_rattachees,
        to_acte=reunion_to_acte,
        url_row=url_of_reunion,
        mots=("reunion", "cercle de qualite", "groupe de pairs", "staff", "comite de pilotage", "atelier"),
    ),
    IndicateurDeclare(
        code="reunions.personnes",
        mission="",
        libelle="Personnes présentes au moins une fois aux réunions rattachées à cet indicateur",
        definition="Personnes relevées présentes dans l’année de contrat à une réunion au moins de celles qui sont "
        "rattachées à cet indicateur ; chacune compte une fois.",
        unite="personnes",
        sens=Sens.HAUSSE,
        certificateur=_CERTIFICATEUR,
        preuve=_PREUVE,
        rows=list_personnes,
        rattaches=list_personnes_rattachees,
        to_acte=presence_to_acte,
        url_row=url_of_presence,
        agregat=Agregat.STOCK,
        mots=(
            "participant aux reunion",
            "participant aux cercle",
            "present aux reunion",
            "professionnel participant",
            "professionnel present",
            "professionnel ayant participe",
        ),
    ),
    IndicateurDeclare(
        code="reunions.heures",
        mission="",
        libelle="Heures de présence aux réunions rattachées à cet indicateur",
        definition="Somme des durées de présence aux réunions closes dans la période et rattachées à cet indicateur ; "
        "une arrivée tardive ou un départ avant la fin ne comptent que pour le temps passé.",
        unite="heures",
        sens=Sens.HAUSSE,
        certificateur=_CERTIFICATEUR,
        preuve=_PREUVE,
        rows=list_presences,
        rattaches=list_heures_rattachees,
        to_acte=presence_to_acte,
        url_row=url_of_presence,
        agregat=Agregat.SUM,
        fact="heures",
        mots=("heure de reunion", "temps de reunion", "heure de participation"),
    ),
)


def list_payables(cpts_id: UUID, debut: date, fin: date) -> list[ParticipationPayable]:
    """Who was present at the meetings held in [debut, fin[, and how long; two queries at most."""
    presences = Participation.objects.filter(
        cpts_id=cpts_id,
        presence=Presence.PRESENT,
        reunion__etat=Etat.TENUE,
        reunion__debut__gte=_start_of(debut),
        reunion__debut__lt=_start_of(fin),
    ).select_related("reunion", "emargement")
    return [_to_payable(presence) for presence in presences.order_by("reunion__debut", "pk")]


def _to_payable(presence: Participation) -> ParticipationPayable:
    reunion = presence.reunion
    assert reunion.debut is not None
    assert reunion.fin is not None
    trace = getattr(presence, "emargement", None)
    duree = compute_duree(
        reunion.debut,
        reunion.fin,
        arrivee=trace.arrivee if trace else None,
        depart=trace.depart if trace else None,
    )
    heures: Decimal = to_heures(duree)
    return ParticipationPayable(
        reference=str(presence.pk),
        personne_id=presence.personne_id,
        le=timezone.localtime(reunion.debut).date(),
        heures=heures,
        mission=reunion.mission,
        libelle=reunion.titre,
        preuve=str(presence.get_preuve_display()),
        action_id=reunion.action_id,
    )


PARTICIPATIONS = (SourceParticipations("reunions", "Réunions", list_payables),)
