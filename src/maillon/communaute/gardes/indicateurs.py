"""How duties count in a contract: the hours of those said held, without any name."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import ExpressionWrapper, F, FloatField, QuerySet
from django.db.models.functions import Extract
from django.urls import reverse

from maillon.socle.cpts.models import Cpts
from maillon.socle.declarations import Acte, Agregat, IndicateurDeclare, Sens
from maillon.socle.ui.typographie import format_duree

from .enums import EtatGarde
from .models import Garde
from .selectors import say_profession

SECONDES_PAR_HEURE = 3600.0


def list_tenues(cpts_id: UUID, start: date, end: date) -> QuerySet[Garde]:
    """Duties said held that began in [start, end[, with the `heures` of each."""
    zone = ZoneInfo(Cpts.objects.values_list("fuseau", flat=True).get(pk=cpts_id))
    depuis, avant = (datetime.combine(jour, time(), zone) for jour in (start, end))
    duree = Extract(F("fin") - F("debut"), "epoch") / SECONDES_PAR_HEURE
    return (
        Garde.objects.filter(cpts_id=cpts_id, etat=EtatGarde.TENUE, debut__gte=depuis, debut__lt=avant)
        .select_related("poste", "tableau__cpts")
        .annotate(heures=ExpressionWrapper(duree, output_field=FloatField()))
        .order_by("debut", "pk")
    )


def garde_to_acte(garde: Any) -> Acte:
    """A duty held, its profession and its length; nobody is named."""
    return Acte(
        reference=f"garde:{garde.pk}",
        le=garde.poste.jour,
        nature=f"Garde, {say_profession(garde.poste.profession)}",
        etat=f"tenue, {format_duree(garde.fin - garde.debut)}",
        empreinte=garde.empreinte,
        preuve="Constat de la garde",
    )


def url_of_garde(garde: Any) -> str:
    return reverse("gardes_tableau", args=[garde.tableau.cpts.slug, garde.tableau_id])


INDICATEURS = (
    IndicateurDeclare(
        code="gardes.heures_tenues",
        mission="acces",
        libelle="Heures de garde tenues",
        definition="Somme des durées des gardes commencées dans la période et constatées tenues, toutes professions. "
        "Deux personnes de garde en même temps comptent chacune leurs heures.",
        unite="heures",
        sens=Sens.HAUSSE,
        certificateur="CPTS, sur pièces",
        preuve="Constat de chaque garde, daté, avec son empreinte",
        rows=list_tenues,
        to_acte=garde_to_acte,
        url_row=url_of_garde,
        agregat=Agregat.SUM,
        fact="heures",
        mots=("heure de garde", "heure d astreinte", "garde tenue"),
    ),
)
