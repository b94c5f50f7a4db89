"""What statements and yearly tables say: paid and approved, by person."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Concat

from maillon.communaute.annuaire.models import Activite
from maillon.communaute.personnes.models import Personne

from ..enums import Beneficiaire, Etat, Nature
from ..models import Declaration, Frais
from .annees import list_memes
from .personnes import EUROS


@dataclass(frozen=True, slots=True)
class Releve:
    """The rows of one person over a period, approved, reversals among them."""

    declarations: tuple[Declaration, ...]
    frais: tuple[Frais, ...]

    @property
    def is_vide(self) -> bool:
        return not self.declarations and not self.frais


def read_releve(personne: Personne, debut: date, fin: date) -> Releve:
    """What was approved for a person over [debut, fin[, paid to them; three queries."""
    memes = list_memes(personne.pk)
    commun = {"personne__in": memes, "etat": Etat.APPROUVEE, "le__gte": debut, "le__lt": fin}
    declarations = Declaration.objects.filter(beneficiaire=Beneficiaire.PERSONNE, **commun).order_by("le")
    return Releve(tuple(declarations), tuple(Frais.objects.filter(**commun).order_by("le")))


def read_participations(personne: Personne, debut: date, fin: date) -> tuple[Declaration, ...]:
    """What a person took part in over [debut, fin[, whoever was paid; what was reversed left out."""
    rows = Declaration.objects.filter(
        personne__in=list_memes(personne.pk),
        etat=Etat.APPROUVEE,
        le__gte=debut,
        le__lt=fin,
        contrepasse=None,
        contrepassee_par=None,
    )
    return tuple(rows.order_by("le"))


def list_das2(cpts_id: UUID, annee: int, *, seuil: Decimal) -> QuerySet[Any]:
    """People paid at least `seuil` euros in the calendar year, refunds of expenses apart and not counted."""
    payees = Declaration.objects.filter(
        beneficiaire=Beneficiaire.PERSONNE,
        payee_le__gte=date(annee, 1, 1),
        payee_le__lt=date(annee + 1, 1, 1),
    )
    frais = Frais.objects.filter(payee_le__gte=date(annee, 1, 1), payee_le__lt=date(annee + 1, 1, 1))
    lieux = Activite.objects.filter(professionnel=OuterRef("professionnel")).order_by("pk")
    adresse = Concat("adresse", Value(", "), "code_postal", Value(" "), "commune__nom", output_field=CharField())
    return (
        Personne.objects.filter(cpts_id=cpts_id, fusionnee_dans=None)
        .annotate(
            indemnites=_sum(payees.filter(nature=Nature.INDEMNITE)),
            remunerations=_sum(payees.filter(nature=Nature.REMUNERATION)),
            rembourses=_sum(frais),
            total=F("indemnites") + F("remunerations"),
            adresse=Coalesce(Subquery(lieux.values_list(adresse)[:1]), Value("")),
            siret=Coalesce(Subquery(lieux.filter(~Q(structure=None)).values("structure__siret")[:1]), Value("")),
        )
        .filter(total__gte=max(seuil, Decimal("0.01")))
        .order_by("nom", "prenom")
    )


# What was paid before two rows of a person were merged stays on the row that was absorbed.
FICHES = ("personne", "personne__fusionnee_dans", "personne__fusionnee_dans__fusionnee_dans")


def _sum(lignes: Any) -> Any:
    """Euros of these rows on those of the person, each found by its index."""
    parts = [
        Coalesce(
            Subquery(
                lignes.filter(**{fiche: OuterRef("pk")})
                .order_by()
                .values(fiche)
                .annotate(somme=Sum("montant"))
                .values("somme")
            ),
            Value(Decimal(0)),
            output_field=EUROS,
        )
        for fiche in FICHES
    ]
    return parts[0] + parts[1] + parts[2]
