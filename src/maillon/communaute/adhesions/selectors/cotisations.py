"""Campaigns and dues: who owes, who paid, what came in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.shortcuts import get_object_or_404

from maillon.communaute.personnes.models import Personne
from maillon.socle.droits.acteur import Acteur

from ..enums import EtatCotisation
from ..models import Adhesion, Campagne, Cotisation, Rattachement, Reglement, Relance, Tarif
from .membres import members

ZERO = Decimal(0)


def list_campagnes(cpts_id: UUID) -> list[Campagne]:
    """The campaigns of a community, the latest year first."""
    return list(Campagne.objects.filter(cpts_id=cpts_id))


def get_campagne(pk: UUID, cpts_id: UUID) -> Campagne:
    return get_object_or_404(Campagne, pk=pk, cpts_id=cpts_id)


def find_open_campagne(cpts_id: UUID) -> Campagne | None:
    """The latest campaign still open."""
    return Campagne.objects.filter(cpts_id=cpts_id, close_le=None).first()


def get_tarifs(campagne: Campagne) -> dict[str, Decimal]:
    """The amount of each college."""
    return dict(Tarif.objects.filter(campagne=campagne).values_list("college", "montant"))


def list_oublies(campagne: Campagne, *, on: date) -> list[Adhesion]:
    """Members of that day whom the campaign has asked for nothing although their college pays."""
    paying = [college for college, montant in get_tarifs(campagne).items() if montant]
    asked = Cotisation.objects.filter(campagne=campagne).values("adhesion")
    return list(members(campagne.cpts_id, on=on).filter(college__in=paying, fin=None).exclude(pk__in=asked))


def list_cotisations(campagne: Campagne, *, for_acteur: Acteur) -> QuerySet[Cotisation]:
    """The dues of a campaign with what a list shows: `nom_tri`, `paye_le`, `mode`, `rappels`."""
    paid = Reglement.objects.filter(cotisation=OuterRef("pk"), annule_le=None)
    return (
        Cotisation.objects.visible_to(for_acteur)
        .filter(campagne=campagne)
        .select_related("adhesion__professionnel", "adhesion__structure", "campagne")
        .annotate(
            nom_tri=Coalesce("adhesion__professionnel__nom_recherche", "adhesion__structure__nom_recherche"),
            paye_le=Subquery(paid.values("recu_le")[:1]),
            mode=Subquery(paid.values("mode")[:1]),
            rappels=ArraySubquery(
                Relance.objects.filter(cotisation=OuterRef("pk")).order_by("palier").values("palier")
            ),
        )
    )


def get_cotisation(pk: UUID, *, for_acteur: Acteur) -> Cotisation:
    return get_object_or_404(
        Cotisation.objects.visible_to(for_acteur).select_related(
            "campagne", "adhesion__professionnel", "adhesion__structure"
        ),
        pk=pk,
    )


def get_reglement(cotisation: Cotisation) -> Reglement | None:
    """The payment in force, if any."""
    return cotisation.reglements.filter(annule_le=None).first()


@dataclass(frozen=True, slots=True)
class Bilan:
    """A campaign in figures, in euros and in members."""

    attendu: Decimal
    recu: Decimal
    reste: Decimal
    payees: int
    dues: int
    exemptees: int
    sans_adresse: int

    @property
    def total(self) -> int:
        return self.payees + self.dues + self.exemptees


def compute_bilan(campagne: Campagne) -> Bilan:
    """What was asked, what came in, what is missing; three queries."""
    found = Cotisation.objects.filter(campagne=campagne).values_list("etat").order_by()
    counted = {
        etat: (nombre, somme) for etat, nombre, somme in found.annotate(nombre=Count("pk"), somme=Sum("montant"))
    }

    def read(etat: EtatCotisation) -> tuple[int, Decimal]:
        return counted.get(etat, (0, ZERO))

    recu = Reglement.objects.filter(cotisation__campagne=campagne, annule_le=None).aggregate(t=Sum("montant"))["t"]
    reste = read(EtatCotisation.DUE)[1]
    dues = list(Cotisation.objects.filter(campagne=campagne, etat=EtatCotisation.DUE).select_related("adhesion"))
    known = find_adresses(cotisation.adhesion for cotisation in dues)
    return Bilan(
        attendu=read(EtatCotisation.PAYEE)[1] + reste,
        recu=recu or ZERO,
        reste=reste,
        payees=read(EtatCotisation.PAYEE)[0],
        dues=read(EtatCotisation.DUE)[0],
        exemptees=read(EtatCotisation.EXEMPTEE)[0],
        sans_adresse=sum(1 for cotisation in dues if not known.get(cotisation.adhesion_id)),
    )


def list_encaissements(campagne: Campagne) -> list[tuple[date, Decimal]]:
    """Euros received by month, in order."""
    rows = (
        Reglement.objects.filter(cotisation__campagne=campagne, annule_le=None)
        .annotate(mois=TruncMonth("recu_le"))
        .values("mois")
        .order_by("mois")
        .annotate(somme=Sum("montant"))
    )
    return [(row["mois"], row["somme"]) for row in rows]


def find_adresses(adhesions: Iterable[Adhesion]) -> dict[UUID, str]:
    """Where to write to each member, by membership: the person, the structure's representative, the structure.

    Three queries, whatever their number.
    """
    adhesions = list(adhesions)
    own = dict(
        Personne.objects.filter(
            professionnel__in=[a.professionnel_id for a in adhesions if a.professionnel_id], fusionnee_dans=None
        ).values_list("professionnel", "courriel")
    )
    structures = [a.pk for a in adhesions if a.structure_id]
    voices = dict(
        Rattachement.objects.filter(adhesion__in=structures, jusqu_a=None, representant=True).values_list(
            "adhesion", "personne__courriel"
        )
    )
    houses = dict(Adhesion.objects.filter(pk__in=structures).values_list("pk", "structure__courriel"))
    return {
        a.pk: own.get(a.professionnel_id, "") if a.professionnel_id else voices.get(a.pk) or houses.get(a.pk, "")
        for a in adhesions
    }


def list_dues_of(personne: Personne) -> list[Cotisation]:
    """The dues of a person, the latest year first, with their payment in force (`regle`)."""
    rows = (
        Cotisation.objects.filter(
            cpts_id=personne.cpts_id,
            adhesion__professionnel=personne.professionnel_id,
            adhesion__professionnel__isnull=False,
        )
        .select_related("campagne")
        .order_by("-campagne__annee")
    )
    return with_reglements(rows)


def with_reglements(rows: QuerySet[Cotisation]) -> list[Cotisation]:
    """These dues, each with its payment in force under `regle`; two queries."""
    found = list(rows)
    paid = {r.cotisation_id: r for r in Reglement.objects.filter(cotisation__in=found, annule_le=None)}
    for cotisation in found:
        cotisation.regle = paid.get(cotisation.pk)  # type: ignore[attr-defined]
    return found


def next_numero(cpts_id: UUID, annee: int) -> int:
    """The number of the next receipt of a year; the caller holds the community's lock."""
    last = Reglement.objects.filter(cpts_id=cpts_id, annee=annee).aggregate(n=Max("numero"))["n"]
    return (last or 0) + 1


def count_retards(cpts_id: UUID, *, on: date) -> tuple[int, Decimal]:
    """Dues past their date in open campaigns: how many, how much."""
    rows = Cotisation.objects.filter(
        Q(campagne__close_le=None), cpts_id=cpts_id, etat=EtatCotisation.DUE, campagne__echeance__lt=on
    ).aggregate(nombre=Count("pk"), somme=Sum("montant"))
    return rows["nombre"], rows["somme"] or ZERO
