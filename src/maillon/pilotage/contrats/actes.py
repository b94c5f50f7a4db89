"""The acts behind a figure: one selector of rows, so that a figure and what it opens onto never differ."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Aggregate, Count, FloatField, Q, QuerySet, Sum, Value

from maillon.socle.chiffrement import blind_index
from maillon.socle.declarations import Acte, Agregat, IndicateurDeclare, collect

from .models import Preuve

UN_JOUR = timedelta(days=1)


class Mediane(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "Mediane"


@dataclass(frozen=True, slots=True)
class Fenetre:
    """Half-open period [debut, fin[ in which acts are counted."""

    debut: date
    fin: date

    @property
    def is_vide(self) -> bool:
        return self.debut >= self.fin


class Calcule(Protocol):
    """An indicator of a contract, kept or being entered."""

    @property
    def code(self) -> str: ...

    @property
    def code_declare(self) -> str: ...


def find_declare(indicateur: Calcule) -> IndicateurDeclare | None:
    """The figure that feeds this indicator, among those that the installed apps offer; of a figure whose acts are
    attached by hand, those attached to this indicator."""
    if not indicateur.code_declare:
        return None
    declare = next((declare for declare in collect("indicateurs") if declare.code == indicateur.code_declare), None)
    return declare.bind(indicateur.code) if declare is not None else None


def list_discrets() -> list[str]:
    """Codes of the figures whose list says what few may know of a person."""
    return [declare.code for declare in collect("indicateurs") if declare.discret]


def get_rows(declare: IndicateurDeclare, cpts_id: UUID, fenetre: Fenetre) -> QuerySet[Any]:
    """The acts of a window; what a figure counts and what its page lists."""
    rows = declare.rows(cpts_id, fenetre.debut, max(fenetre.debut, fenetre.fin))
    return rows.none() if fenetre.is_vide else rows


def list_actes(cpts_id: UUID, voulus: Sequence[tuple[IndicateurDeclare, Fenetre]]) -> list[list[Acte]]:
    """The acts of each figure over its window, in the order of its rows. Figures whose acts come together are read
    once, whatever their windows."""
    listes: list[list[Acte]] = [[] for _ in voulus]
    ensembles: dict[Any, list[tuple[str, Fenetre, list[Acte]]]] = {}
    for (declare, fenetre), liste in zip(voulus, listes, strict=True):
        if declare.actes is not None:
            ensembles.setdefault(declare.actes, []).append((declare.code, fenetre, liste))
        else:
            liste += [declare.to_acte(row) for row in get_rows(declare, cpts_id, fenetre)]
    for lit, lecteurs in ensembles.items():
        debut, fin = min(f.debut for _, f, _ in lecteurs), max(f.fin for _, f, _ in lecteurs)
        for acte, codes in lit(cpts_id, debut, fin):
            for code, fenetre, liste in lecteurs:
                if code in codes and fenetre.debut <= acte.le < fenetre.fin:
                    liste.append(acte)
    return listes


def find_preuves(cpts_id: UUID) -> dict[str, Preuve]:
    """The last document in force joined to each act, by the act's own reference."""
    jointes = Preuve.objects.en_vigueur().select_related("indicateur").filter(cpts_id=cpts_id).exclude(acte="")
    return {preuve.acte: preuve for preuve in jointes.order_by("jointe_le")}


def show_acte(acte: Acte, *, code: str, cpts_id: UUID, jointe: Preuve | None = None) -> Acte:
    """The act as the indicator `code` of the contract shows it, to members, CPAM and ARS alike.

    One act feeds several indicators: under one reference or one hash, their lists would be crossed and say of one
    person what each says alone. Both are therefore made again for each indicator. Who holds the document finds the
    hash again: it is the SHA-256 of « code|SHA-256 of the document », both in ASCII, the latter in hexadecimal.
    """
    empreinte = jointe.empreinte if jointe else acte.empreinte
    return replace(
        acte,
        reference=make_reference(acte.reference, code=code, cpts_id=cpts_id),
        empreinte=make_empreinte(empreinte, code=code) if empreinte else "",
        preuve=jointe.libelle_publie if jointe else acte.preuve,
    )


def make_reference(reference: str, *, code: str, cpts_id: UUID) -> str:
    """The pseudonym of an act for the indicator `code`."""
    return "A-" + blind_index(reference, cpts_id=cpts_id, kind=f"acte|{code}").hex()[:12].upper()


def make_empreinte(empreinte: str, *, code: str) -> str:
    """The hash of an act's evidence for the indicator `code`."""
    return hashlib.sha256(f"{code}|{empreinte}".encode()).hexdigest()


class Compteur:
    """Counts each declared figure once a page: one query for each figure and window, whatever the number of acts.

    Of the figures that the page will ask, `attendus`, those of one selector are counted together.
    """

    def __init__(self, cpts_id: UUID, attendus: Iterable[IndicateurDeclare | None] = ()) -> None:
        self.cpts_id = cpts_id
        comptes = (declare for declare in attendus if declare is not None and declare.agregat is Agregat.COUNT)
        self.attendus = [declare for declare in comptes if declare.ensemble is not None]
        self._connus: dict[tuple[str, str, Fenetre], tuple[int, Decimal | None]] = {}

    def count(self, declare: IndicateurDeclare, fenetre: Fenetre) -> int:
        return self._measure(declare, fenetre)[0]

    def aggregate(self, declare: IndicateurDeclare, fenetre: Fenetre) -> Decimal | None:
        """The declared figure over the window; None for a rate or a median of nothing. Durations are in days."""
        return self._measure(declare, fenetre)[1]

    def _measure(self, declare: IndicateurDeclare, fenetre: Fenetre) -> tuple[int, Decimal | None]:
        cle = (declare.code, declare.indicateur, fenetre)
        if cle not in self._connus:
            if declare.totaux is not None and not fenetre.is_vide:
                for code, (nombre, valeur) in declare.totaux(self.cpts_id, fenetre.debut, fenetre.fin).items():
                    self._connus[code, declare.indicateur, fenetre] = (nombre, to_decimal(valeur))
                return self._connus[cle]
            ensemble = [attendu for attendu in self.attendus if attendu.ensemble is declare.ensemble]
            if declare in ensemble and len(ensemble) > 1 and not fenetre.is_vide:
                self._connus |= self._measure_ensemble(ensemble, fenetre)
            else:
                self._connus[cle] = measure(declare, get_rows(declare, self.cpts_id, fenetre))
        return self._connus[cle]

    def _measure_ensemble(
        self, declares: list[IndicateurDeclare], fenetre: Fenetre
    ) -> dict[tuple[str, str, Fenetre], tuple[int, Decimal | None]]:
        """The counts of one selector, in one query."""
        assert declares[0].ensemble is not None
        rows = declares[0].ensemble(self.cpts_id, fenetre.debut, fenetre.fin).order_by()
        noms = {f"nombre{rang}": declare for rang, declare in enumerate(declares)}
        faits = rows.aggregate(**{nom: Count(Value(1), filter=declare.parmi) for nom, declare in noms.items()})
        return {
            (declare.code, declare.indicateur, fenetre): (faits[nom], Decimal(faits[nom]))
            for nom, declare in noms.items()
        }


def measure(declare: IndicateurDeclare, rows: QuerySet[Any]) -> tuple[int, Decimal | None]:
    """How many rows, and the figure that the declared aggregation makes of them."""
    if declare.agregat in (Agregat.COUNT, Agregat.STOCK):
        nombre = rows.count()
        return nombre, Decimal(nombre)
    rows = rows.order_by()
    if declare.agregat is Agregat.SUM:
        faits = rows.aggregate(nombre=Count("*"), valeur=Sum(declare.fact))
        return faits["nombre"], to_decimal(faits["valeur"]) or Decimal(0)
    if declare.agregat is Agregat.MEDIAN:
        faits = rows.aggregate(
            nombre=Count("*"), valeur=Mediane(declare.fact, output_field=_median_field(declare, rows))
        )
        return faits["nombre"], to_decimal(faits["valeur"])
    faits = rows.aggregate(nombre=Count("*"), oui=Count(Value(1), filter=Q(**{declare.fact: True})))
    taux = Decimal(faits["oui"] * 100) / faits["nombre"] if faits["nombre"] else None
    return faits["nombre"], taux.quantize(Decimal("0.01")) if taux is not None else None


def _median_field(declare: IndicateurDeclare, rows: QuerySet[Any]) -> Any:
    """A median of durations is a duration; of anything else, a number."""
    annotation = rows.query.annotations.get(declare.fact)
    champ = annotation.output_field if annotation is not None else rows.model._meta.get_field(declare.fact)
    return champ if champ.get_internal_type() == "DurationField" else FloatField()


def to_decimal(valeur: Any) -> Decimal | None:
    """A database figure with two decimals; a duration in days."""
    if valeur is None:
        return None
    if isinstance(valeur, timedelta):
        valeur = valeur / UN_JOUR
    return Decimal(str(valeur)).quantize(Decimal("0.01"))
