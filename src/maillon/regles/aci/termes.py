"""Terms of a contract that change over time: a first set, then avenants, each from its date of effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from maillon.regles.aci.bareme import (
    TailleExpliquee,
    compute_parts,
    load_bareme,
    missions_of,
    read_missions,
    resolve_taille,
)
from maillon.regles.aci.types import Mission, Montant, MontantsContrat, Taille
from maillon.regles.erreurs import BaremeIncomplet, SaisieInvalide

CONVENTION = (
    "Les termes ont changé dans l’année : chaque période compte pour ses jours réels. Cette convention est à confirmer."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Termes:
    """What the contract says from ``depuis`` on. Give either ``population`` or ``taille``.

    ``missions`` are those contracted, all those of the accord when ``None``; ``demarrages`` the start of those that do
    not start when they enter the contract; ``on`` the date of the scale, ``depuis`` when ``None``.
    """

    depuis: date
    population: int | None = None
    taille: Taille | int | None = None
    missions: Sequence[Mission | str] | None = None
    demarrages: Mapping[Mission, date] = field(default_factory=dict)
    montants: MontantsContrat | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Avenant:
    """What an avenant changes from its date of effect; ``None`` leaves the terms as they were.

    ``missions`` is the whole list after the avenant, ``montants`` replaces all the contract's own amounts.
    """

    effet: date
    population: int | None = None
    taille: Taille | int | None = None
    missions: Sequence[Mission | str] | None = None
    demarrages: Mapping[Mission, date] = field(default_factory=dict)
    montants: MontantsContrat | None = None
    on: date | None = None

    def apply(self, termes: Termes) -> Termes:
        """The terms from the date of effect on."""
        change = self.population is not None or self.taille is not None
        return replace(
            termes,
            depuis=self.effet,
            population=self.population if change else termes.population,
            taille=self.taille if change else termes.taille,
            missions=termes.missions if self.missions is None else self.missions,
            demarrages={**termes.demarrages, **self.demarrages},
            montants=termes.montants if self.montants is None else self.montants,
            on=self.on or termes.on or termes.depuis,
        )


def apply_avenants(termes: Termes, avenants: Iterable[Avenant]) -> tuple[Termes, ...]:
    """The successive terms of a contract, the first included."""
    suite = [termes]
    for avenant in sorted(avenants, key=lambda a: a.effet):
        suite.append(avenant.apply(suite[-1]))
    return tuple(suite)


@dataclass(frozen=True, slots=True)
class Periode:
    """Terms that were checked, with the days [``debut``, ``fin``[ in which they are in force."""

    debut: date
    fin: date
    on: date
    taille: TailleExpliquee
    missions: tuple[Mission, ...]
    departs: Mapping[Mission, date]
    montants: MontantsContrat | None


@dataclass(frozen=True, slots=True)
class Tranche:
    """Days [``debut``, ``fin``[ of a contract year under one yearly amount."""

    debut: date
    fin: date
    annuel: Montant

    @property
    def jours(self) -> int:
        return (self.fin - self.debut).days


def add_years(jour: date, annees: int) -> date:
    """Anniversary of ``jour``; a 29 February falls on 28 February in ordinary years."""
    try:
        return jour.replace(year=jour.year + annees)
    except ValueError:
        return jour.replace(year=jour.year + annees, day=28)


def compute_anniversaires(signature: date, *, on: date) -> tuple[date, ...]:
    """Signature, then each anniversary to the end of the contract."""
    duree = int(load_bareme()["versements"].at(on).get("duree_contrat").nombre)
    if signature.year + duree > date.max.year:
        raise SaisieInvalide(f"La date de signature {signature:%d/%m/%Y} est impossible.")
    return tuple(add_years(signature, n) for n in range(duree + 1))


def compute_prorata(*, debut: date, annee_debut: date, annee_fin: date) -> Fraction:
    """Share of the contract year [``annee_debut``, ``annee_fin``[ from ``debut`` on, in real days; 1 for a full year.

    ``SaisieInvalide`` if ``debut`` is outside the year.
    """
    if not annee_debut <= debut < annee_fin:
        raise SaisieInvalide(
            f"Le {debut:%d/%m/%Y} n’est pas dans l’année de contrat du {annee_debut:%d/%m/%Y} au {annee_fin:%d/%m/%Y}."
        )
    return Fraction((annee_fin - debut).days, (annee_fin - annee_debut).days)


def read_termes(signature: date, termes: Sequence[Termes]) -> tuple[tuple[Periode, ...], tuple[date, ...]]:
    """The periods of a contract in order, and its anniversaries. Refuses terms that contradict each other."""
    if not termes or termes[0].depuis != signature:
        raise SaisieInvalide("Les premiers termes du contrat commencent à sa signature.")
    anniversaires = compute_anniversaires(signature, on=termes[0].on or signature)
    terme = anniversaires[-1]
    periodes: list[Periode] = []
    for rang, lus in enumerate(termes):
        if rang and not termes[rang - 1].depuis < lus.depuis < terme:
            raise _refuse_effet(lus.depuis, termes[rang - 1].depuis, signature, terme)
        fin = termes[rang + 1].depuis if rang + 1 < len(termes) else terme
        periodes.append(_read_periode(lus, fin, periodes, (signature, terme)))
    return tuple(periodes), anniversaires


def _refuse_effet(effet: date, precedent: date, signature: date, terme: date) -> SaisieInvalide:
    if effet == precedent and effet != signature:
        return SaisieInvalide(f"Deux avenants prennent effet le {effet:%d/%m/%Y} : réunissez-les en un seul.")
    return SaisieInvalide(
        f"Un avenant ne peut pas prendre effet le {effet:%d/%m/%Y} : le contrat va du {signature:%d/%m/%Y} "
        f"au {terme:%d/%m/%Y}, et un avenant vient après la signature."
    )


def _read_periode(lus: Termes, fin: date, avant: Sequence[Periode], bornes: tuple[date, date]) -> Periode:
    on = lus.on or lus.depuis
    taille = resolve_taille(population=lus.population, taille=lus.taille, on=on)
    missions = missions_of(on) if lus.missions is None else read_missions(lus.missions, on=on)
    connus = avant[-1].departs if avant else {}
    departs = {mission: connus.get(mission, lus.depuis) for mission in missions}
    for code, jour in lus.demarrages.items():
        mission = Mission.read(str(code))
        if mission not in departs:
            if any(mission in periode.missions for periode in avant):
                continue  # it left the contract with this avenant; its start counts before
            raise SaisieInvalide(f"La mission « {mission} » a une date de démarrage mais n’est pas au contrat.")
        if not bornes[0] <= jour < bornes[1]:
            raise SaisieInvalide(
                f"La mission « {mission} » ne peut pas démarrer le {jour:%d/%m/%Y} : "
                f"le contrat va du {bornes[0]:%d/%m/%Y} au {bornes[1]:%d/%m/%Y}."
            )
        departs[mission] = jour
    return Periode(lus.depuis, fin, on, taille, missions, departs, lus.montants)


def refuse_plafond_seul(periodes: Iterable[Periode]) -> None:
    """Payments ask for parts: refuse terms known by a single total."""
    if any(periode.montants and periode.montants.plafond is not None for periode in periodes):
        raise BaremeIncomplet(
            "Le contrat ne donne qu’un plafond total : ses versements demandent le fonctionnement et la part fixe "
            "de chaque mission."
        )


def list_postes(periodes: Iterable[Periode]) -> tuple[Mission | None, ...]:
    """The fonctionnement, then every mission that was ever at the contract, in the order of the accord."""
    vues = {mission for periode in periodes for mission in periode.missions}
    return (None, *(mission for mission in Mission if mission in vues))


def slice_annee(
    mission: Mission | None, annee: int, periodes: Iterable[Periode], debut: date, fin: date
) -> tuple[Tranche, ...]:
    """Days of contract year ``annee`` for which a poste is due, by yearly amount; equal neighbours are joined."""
    tranches: list[Tranche] = []
    for du, au, periode in _overlaps(mission, periodes, debut, fin):
        taille = periode.taille.taille
        annuel = compute_parts(
            mission, taille=taille, annee_contrat=annee, on=periode.on, montants=periode.montants
        ).fixe
        precedente = tranches[-1] if tranches else None
        if precedente and precedente.fin == du and precedente.annuel.valeur == annuel.valeur:
            tranches[-1] = Tranche(precedente.debut, au, precedente.annuel)
        else:
            tranches.append(Tranche(du, au, annuel))
    return tuple(tranches)


def _overlaps(
    mission: Mission | None, periodes: Iterable[Periode], debut: date, fin: date
) -> Iterator[tuple[date, date, Periode]]:
    for periode in periodes:
        du, au = max(periode.debut, debut), min(periode.fin, fin)
        if mission is not None:
            if mission not in periode.departs:
                continue
            du = max(du, periode.departs[mission])
        if du < au:
            yield du, au, periode


def find_periode(periodes: Sequence[Periode], jour: date) -> Periode:
    """Terms in force on a day of the contract; the first ones before it, the last ones after it."""
    return next((p for p in reversed(periodes) if p.debut <= jour), periodes[0])
