"""Variable part of a contract year: what is constaté, à confirmer, encore possible and perdu, indicator by indicator.

Three words that are never mixed: *constaté* is certified by the indicator's certifier, *à confirmer* is what Maillon's
forecast adds to it, *encore possible* is what remains up to the highest tier while the period runs. What closing the
period puts out of reach is *perdu*. For each indicator the four sum to the euros of its highest tier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.regles.aci.formats import format_euros, format_nombre
from maillon.regles.aci.indicateurs import Genre, Indicateur, Palier, Sens, check_indicateurs
from maillon.regles.aci.types import ZERO, LigneExplication, Mission, round_cent
from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.parametres import Statut


@dataclass(frozen=True, slots=True)
class Repartition:
    """Euros of an indicator, a mission or the year; the four sum to ``maximum``."""

    constate: Decimal = ZERO
    a_confirmer: Decimal = ZERO
    encore_possible: Decimal = ZERO
    perdu: Decimal = ZERO

    @property
    def maximum(self) -> Decimal:
        return self.constate + self.a_confirmer + self.encore_possible + self.perdu

    @property
    def prevu(self) -> Decimal:
        """What the year brings if the forecast is confirmed."""
        return self.constate + self.a_confirmer

    def __add__(self, autre: Repartition) -> Repartition:
        return Repartition(
            self.constate + autre.constate,
            self.a_confirmer + autre.a_confirmer,
            self.encore_possible + autre.encore_possible,
            self.perdu + autre.perdu,
        )


@dataclass(frozen=True, slots=True)
class ProchainPalier:
    """Next tier that would pay more; ``distance`` in the indicator's unit, ``None`` when no value is known."""

    palier: Palier
    distance: Decimal | None
    gain: Decimal
    phrase: str


@dataclass(frozen=True, slots=True)
class ResultatIndicateur:
    """Result of one indicator; ``palier_prevu`` is the best of the two tiers, certified and forecast."""

    indicateur: Indicateur
    valeur_constatee: Decimal | None
    valeur_prevue: Decimal | None
    palier_constate: Palier | None
    palier_prevu: Palier | None
    montants: Repartition
    prochain: ProchainPalier | None
    explication: tuple[LigneExplication, ...]


@dataclass(frozen=True, slots=True)
class ResultatVariable:
    """Result of a contract year; ``jours_restants`` is 0 once the period is closed."""

    on: date
    fin_periode: date
    evaluee: bool
    resultats: tuple[ResultatIndicateur, ...]

    @property
    def is_close(self) -> bool:
        return self.on >= self.fin_periode

    @property
    def jours_restants(self) -> int:
        return max((self.fin_periode - self.on).days, 0)

    @property
    def montants(self) -> Repartition:
        return sum((r.montants for r in self.resultats), Repartition())

    @property
    def statut(self) -> Statut:
        return Statut.weakest(r.indicateur.statut for r in self.resultats)

    @property
    def explication(self) -> tuple[LigneExplication, ...]:
        return tuple(ligne for r in self.resultats for ligne in r.explication)

    def by_mission(self) -> dict[Mission, Repartition]:
        """Totals of each mission that has indicators, in the order of the accord."""
        totaux: dict[Mission, Repartition] = {}
        for mission in Mission:
            parts = [r.montants for r in self.resultats if r.indicateur.mission is mission]
            if parts:
                totaux[mission] = sum(parts, Repartition())
        return totaux


def compute_variable(
    *,
    on: date,
    fin_periode: date,
    indicateurs: Iterable[Indicateur],
    constatees: Mapping[str, Decimal] | None = None,
    prevues: Mapping[str, Decimal] | None = None,
    enveloppes: Mapping[Mission, Decimal] | None = None,
    evaluee: bool = False,
) -> ResultatVariable:
    """Variable part by non-cumulative tiers, in euros, as known at ``on``.

    ``fin_periode`` is the anniversary that closes the year (first day of the next). ``constatees`` are the certified
    values and ``prevues`` the forecasts, by code of indicator; an absent value reaches no tier. ``enveloppes`` are
    checked when given. ``evaluee`` says that the closed year is certified: forecasts no longer count.

    Raises ``DefinitionContradictoire`` for contradictory definitions and ``SaisieInvalide`` for impossible values.
    """
    liste = tuple(indicateurs)
    check_indicateurs(liste, enveloppes=enveloppes)
    if evaluee and on < fin_periode:
        raise SaisieInvalide(
            f"Une année ne peut pas être évaluée le {on:%d/%m/%Y} : elle ne se clôt que le {fin_periode:%d/%m/%Y}."
        )
    constats = _check_valeurs(liste, constatees or {}, "constatée")
    previsions = _check_valeurs(liste, prevues or {}, "prévue")
    resultats = tuple(
        _compute_indicateur(
            indicateur,
            constats.get(indicateur.code),
            None if evaluee else previsions.get(indicateur.code),
            close=on >= fin_periode,
        )
        for indicateur in liste
    )
    return ResultatVariable(on, fin_periode, evaluee, resultats)


def _check_valeurs(
    indicateurs: tuple[Indicateur, ...], valeurs: Mapping[str, Decimal], nom: str
) -> Mapping[str, Decimal]:
    connus = {indicateur.code: indicateur for indicateur in indicateurs}
    for code, valeur in valeurs.items():
        if code not in connus:
            raise SaisieInvalide(f"Une valeur est {nom} pour l’indicateur « {code} », qui n’est pas au contrat.")
        if not valeur.is_finite() or valeur < 0:
            raise SaisieInvalide(f"La valeur {nom} de « {code} » est « {valeur} » : donnez un nombre positif ou nul.")
        if connus[code].genre is Genre.TAUX and valeur > 100:
            raise SaisieInvalide(f"La valeur {nom} de « {code} » est {format_nombre(valeur)} % : elle dépasse 100 %.")
    return valeurs


def _compute_indicateur(
    indicateur: Indicateur, constatee: Decimal | None, prevue: Decimal | None, *, close: bool
) -> ResultatIndicateur:
    palier_constate = indicateur.find_palier(constatee)
    meilleure = _best(indicateur, constatee, prevue)
    palier_prevu = indicateur.find_palier(meilleure)
    constate = _montant(palier_constate)
    prevu = _montant(palier_prevu)
    reste = round_cent(indicateur.maximum) - prevu
    montants = Repartition(
        constate=constate,
        a_confirmer=prevu - constate,
        encore_possible=ZERO if close else reste,
        perdu=reste if close else ZERO,
    )
    return ResultatIndicateur(
        indicateur=indicateur,
        valeur_constatee=constatee,
        valeur_prevue=prevue,
        palier_constate=palier_constate,
        palier_prevu=palier_prevu,
        montants=montants,
        prochain=None if close else _find_prochain(indicateur, meilleure, prevu),
        explication=tuple(_explain(indicateur, constatee, prevue, montants)),
    )


def _montant(palier: Palier | None) -> Decimal:
    return round_cent(palier.montant) if palier else ZERO


def _best(indicateur: Indicateur, constatee: Decimal | None, prevue: Decimal | None) -> Decimal | None:
    """The better value: a forecast below what is certified takes nothing back."""
    connues = [v for v in (constatee, prevue) if v is not None]
    if not connues:
        return None
    return min(connues) if indicateur.direction is Sens.BAISSE else max(connues)


def _find_prochain(indicateur: Indicateur, valeur: Decimal | None, acquis: Decimal) -> ProchainPalier | None:
    suivant = next((p for p in indicateur.paliers_by_difficulty() if round_cent(p.montant) > acquis), None)
    if suivant is None:
        return None
    depart = indicateur.initial if valeur is None else valeur
    if depart is None and indicateur.direction is Sens.HAUSSE and indicateur.genre is not Genre.TAUX:
        # Nothing counted yet: a count begins at zero. A stock or a rate nobody measured is unknown.
        depart = ZERO
    gain = round_cent(suivant.montant) - acquis
    if depart is None:
        phrase = f"valeur inconnue : le palier {format_nombre(suivant.seuil)} paierait {format_euros(gain, signe=True)}"
        return ProchainPalier(suivant, None, gain, phrase)
    distance = abs(suivant.seuil - depart)
    if indicateur.genre is Genre.LIVRABLE and not indicateur.unite and distance == 1:
        reste = "à réaliser"
    else:
        reste = f"encore {format_nombre(distance)} {indicateur.format_unite(distance)}"
    phrase = f"{reste} pour {format_euros(gain)} de plus"
    return ProchainPalier(suivant, distance, gain, phrase)


def _explain(
    indicateur: Indicateur, constatee: Decimal | None, prevue: Decimal | None, montants: Repartition
) -> list[LigneExplication]:
    certificateur = f" par {indicateur.certificateur}" if indicateur.certificateur else ""
    lignes = [
        (f"constaté{certificateur}", constatee, montants.constate),
        ("prévu, à confirmer", prevue, montants.a_confirmer),
    ]
    textes = [(nom, _explain_palier(indicateur, valeur), montant) for nom, valeur, montant in lignes]
    if montants.encore_possible:
        textes.append(("encore possible", "Jusqu’au palier le plus haut.", montants.encore_possible))
    if montants.perdu:
        textes.append(("perdu", "L’année de contrat est close.", montants.perdu))
    return [
        LigneExplication(f"{indicateur.libelle} : {nom}", montant, regle, indicateur.source, None, indicateur.statut)
        for nom, regle, montant in textes
    ]


def _explain_palier(indicateur: Indicateur, valeur: Decimal | None) -> str:
    if valeur is None:
        return "Aucune valeur."
    palier = indicateur.find_palier(valeur)
    if palier is None:
        return f"Valeur {format_nombre(valeur)} : aucun palier atteint."
    nom = f" ({palier.libelle})" if palier.libelle else ""
    return (
        f"Valeur {format_nombre(valeur)} : palier {format_nombre(palier.seuil)}{nom}, {format_euros(palier.montant)} ; "
        "seul le plus haut palier atteint paie."
    )
