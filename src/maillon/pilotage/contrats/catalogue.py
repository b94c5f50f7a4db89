"""The indicators of a contract as a catalogue: where each value comes from, how old it is, what hangs on it."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, DateField, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import compter

from .annee import AnneeContrat
from .enums import MOIS_PERIODICITE, SOURCE_FICHIER, OrigineValeur, Periodicite
from .models import Constat, Contrat, Indicateur

# Days that a figure may take to arrive before it is said to be late.
TOLERANCE = timedelta(days=15)


def compute_echeances(on: date) -> dict[Periodicite, date]:
    """By periodicity, the day before which a last value is late."""
    return {p: _months_before(on, mois) - TOLERANCE for p, mois in MOIS_PERIODICITE.items()}


def _months_before(on: date, mois: int) -> date:
    rang = on.year * 12 + on.month - 1 - mois
    annee, mois = rang // 12, rang % 12 + 1
    return date(annee, mois, min(on.day, monthrange(annee, mois)[1]))


def count_mois(le: date, on: date) -> int:
    """Whole months between two days."""
    return (on.year - le.year) * 12 + on.month - le.month - (on.day < le.day)


def list_indicateurs(contrat: Contrat, acteur: Acteur, on: date) -> QuerySet[Indicateur]:
    """The indicators in force that this person may see, each with its last value, its origin and its state.

    Adds `dernier_le`, `derniere_valeur`, `dernier_etat`, `origine`, `enjeu` (euros of the highest tier), `etat_valeur`.
    """
    constats = Constat.objects.filter(indicateur=OuterRef("pk"), le__lte=on).order_by("-le", "-saisi_le", "-pk")
    en_retard = Q()
    for periodicite, limite in compute_echeances(on).items():
        en_retard |= Q(periodicite=periodicite, connu_le__lt=limite)
    return (
        Indicateur.objects.visible_to(acteur)
        .filter(
            Q(depuis__isnull=True) | Q(depuis__lte=on), Q(jusqu_a__isnull=True) | Q(jusqu_a__gt=on), contrat=contrat
        )
        .annotate(
            dernier_le=Subquery(constats.values("le")[:1]),
            derniere_valeur=Subquery(constats.values("valeur")[:1]),
            dernier_etat=Subquery(constats.values("etat")[:1]),
            derniere_source=Subquery(constats.values("source")[:1]),
            enjeu=Max("paliers__montant"),
        )
        .annotate(
            connu_le=Coalesce("dernier_le", "depuis", Value(contrat.signe_le), output_field=DateField()),
            origine=Case(
                When(~Q(code_declare=""), then=Value(OrigineValeur.ACTES)),
                When(derniere_source__startswith=SOURCE_FICHIER, then=Value(OrigineValeur.FICHIER)),
                default=Value(OrigineValeur.DECLARATION),
            ),
        )
        .annotate(
            etat_valeur=Case(
                When(en_retard, then=Value("retard")),
                When(dernier_le__isnull=True, then=Value("sans")),
                default=F("dernier_etat"),
            )
        )
    )


@dataclass(frozen=True, slots=True)
class Retard:
    """A value older than its periodicity allows; `le` None when there never was any."""

    indicateur: Indicateur
    le: date | None
    mois: int
    enjeu: Decimal

    @property
    def phrase(self) -> str:
        """« La valeur « Dépistage du cancer du sein » date de 7 mois. »"""
        if self.le is None:
            return f"« {self.indicateur.libelle} » n’a encore aucune valeur."
        return f"La valeur « {self.indicateur.libelle} » date de {compter(self.mois, 'mois', 'mois')}."


def find_retards(annee: AnneeContrat) -> list[Retard]:
    """Late values of the year in hand, the most euros first; no query."""
    on = annee.annee.on
    echeances: dict[Any, date] = dict(compute_echeances(on))
    retards = []
    for ligne in annee.indicateurs:
        indicateur = ligne.indicateur
        le = max((c.le for c in ligne.constats if c.le <= on), default=None)
        connu_le = le or indicateur.depuis or annee.contrat.signe_le
        if connu_le < echeances[indicateur.periodicite]:
            enjeu = max((p.montant for p in ligne.paliers), default=Decimal(0))
            retards.append(Retard(indicateur, le, count_mois(connu_le, on), enjeu))
    return sorted(retards, key=lambda retard: -retard.enjeu)


def say_retards(retards: Iterable[Retard]) -> str:
    """« La valeur « Dépistage… » date de 7 mois. », and how many others are late."""
    premier, *autres = retards
    if not autres:
        return premier.phrase
    mot = "autre valeur est en retard" if len(autres) == 1 else "autres valeurs sont en retard"
    return f"{premier.phrase} {len(autres)} {mot}."


def say_age(le: date | None, on: date) -> str:
    """« 7 mois », « 12 jours », or nothing."""
    if le is None:
        return ""
    mois = count_mois(le, on)
    return compter(mois, "mois", "mois") if mois else compter((on - le).days, "jour")
