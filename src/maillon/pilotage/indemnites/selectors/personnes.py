"""People of a year, as a list."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import DecimalField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from maillon.communaute.personnes.models import Personne

from ..enums import EN_COURS, Beneficiaire, Etat, Nature
from ..models import Declaration, SituationAnnuelle

EUROS: Any = DecimalField(max_digits=12, decimal_places=2)


def list_annee(cpts_id: UUID, annee: int) -> QuerySet[Personne]:
    """People with a participation in this year, even one still proposed to them, or a statement, each with what the
    year holds, row by row: the cap of somebody kept twice is on their page."""
    lignes = Declaration.objects.filter(personne=OuterRef("pk")).of_annee(annee)
    a_elle = Q(etat=Etat.APPROUVEE, beneficiaire=Beneficiaire.PERSONNE)
    demandees = lignes.exclude(etat=Etat.ECARTEE)
    situations = SituationAnnuelle.objects.filter(personne=OuterRef("pk"), annee=annee)
    return (
        Personne.objects.filter(Exists(demandees) | Exists(situations), cpts_id=cpts_id)
        .annotate(
            annee=Value(annee, IntegerField()),
            indemnites=_sum(lignes, a_elle & Q(nature=Nature.INDEMNITE)),
            remunerations=_sum(lignes, a_elle & Q(nature=Nature.REMUNERATION)),
            paye=_sum(lignes, a_elle & Q(payee_le__isnull=False)),
            attente=_sum(lignes, Q(etat__in=EN_COURS, beneficiaire=Beneficiaire.PERSONNE)),
            employeur=_sum(lignes, Q(etat=Etat.APPROUVEE, beneficiaire=Beneficiaire.EMPLOYEUR)),
            ailleurs=Subquery(situations.order_by("-declare_le", "-pk").values("montant_ailleurs")[:1]),
            dite=Exists(situations),
        )
        .order_by("nom", "prenom")
    )


def _sum(lignes: Any, condition: Q) -> Any:
    total = lignes.filter(condition).order_by().values("personne").annotate(total=Sum(F("montant"))).values("total")
    return Coalesce(Subquery(total), Value(Decimal(0)), output_field=EUROS)


def list_annees(cpts_id: UUID, courante: int) -> list[tuple[str, str]]:
    """The calendar years with something in them, the latest first."""
    premier = Declaration.objects.filter(cpts_id=cpts_id).order_by("le").values_list("le", flat=True).first()
    debut = min(premier.year, courante) if premier else courante
    return [(str(annee), str(annee)) for annee in range(courante, debut - 1, -1)]
