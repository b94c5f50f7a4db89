"""Schedule of payments of a contract: fonctionnement and fixed parts, from signature to the closing of the last year.

Rounding: what is due for a year is rounded to the cent, half up; the advance is rounded the same way; the balance is
the difference, so that the parts of a year always sum to what is due.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from maillon.regles.aci.bareme import (
    TailleExpliquee,
    compute_parts,
    load_bareme,
    missions_of,
    read_missions,
    resolve_taille,
)
from maillon.regles.aci.types import (
    LigneExplication,
    Mission,
    Montant,
    MontantsContrat,
    Taille,
    libelle_of,
    round_cent,
)
from maillon.regles.erreurs import BaremeIncomplet, SaisieInvalide


class Nature(StrEnum):
    """What a payment is."""

    TOTALITE = "totalite"
    """Fonctionnement of year 1, whole, at signature."""
    AVANCE = "avance"
    SOLDE = "solde"

    @property
    def libelle(self) -> str:
        return {"totalite": "totalité", "avance": "avance", "solde": "solde"}[self.value]


@dataclass(frozen=True, slots=True)
class Versement:
    """One payment on one date for one contract year; ``mission`` is ``None`` for the fonctionnement."""

    date: date
    annee_contrat: int
    mission: Mission | None
    nature: Nature
    montant: Montant

    @property
    def poste(self) -> str:
        return self.mission.value if self.mission else "fonctionnement"

    @property
    def libelle(self) -> str:
        return libelle_of(self.mission)


@dataclass(frozen=True, slots=True)
class Echeancier:
    """Payments by date, then year and poste.

    ``anniversaires[0]`` is the signature and ``anniversaires[n]`` the n-th anniversary: contract year n runs from
    ``anniversaires[n - 1]`` included to ``anniversaires[n]`` excluded.
    """

    signature: date
    taille: Taille
    on: date
    anniversaires: tuple[date, ...]
    versements: tuple[Versement, ...]
    ligne_taille: LigneExplication

    @property
    def total(self) -> Montant:
        """Sum of the payments."""
        return Montant.somme(v.montant for v in self.versements).weaken(self.ligne_taille.statut)

    @property
    def explication(self) -> tuple[LigneExplication, ...]:
        return (self.ligne_taille, *self.total.explication)

    def for_annee(self, annee_contrat: int) -> tuple[Versement, ...]:
        """Payments due for a contract year, whenever they are paid."""
        return tuple(v for v in self.versements if v.annee_contrat == annee_contrat)

    def between(self, debut: date, fin: date) -> Echeancier:
        """Payments paid from ``debut`` included to ``fin`` excluded."""
        gardes = tuple(v for v in self.versements if debut <= v.date < fin)
        return Echeancier(self.signature, self.taille, self.on, self.anniversaires, gardes, self.ligne_taille)

    def by_date(self) -> dict[date, Montant]:
        """Total of each date of payment."""
        jours = dict.fromkeys(v.date for v in self.versements)
        return {jour: Montant.somme(v.montant for v in self.versements if v.date == jour) for jour in jours}


def add_years(jour: date, annees: int) -> date:
    """Anniversary of ``jour``; a 29 February falls on 28 February in ordinary years."""
    try:
        return jour.replace(year=jour.year + annees)
    except ValueError:
        return jour.replace(year=jour.year + annees, day=28)


def compute_prorata(*, debut: date, annee_debut: date, annee_fin: date) -> Fraction:
    """Share of the contract year [``annee_debut``, ``annee_fin``[ from ``debut`` on, in real days; 1 for a full year.

    ``SaisieInvalide`` if ``debut`` is outside the year.
    """
    if not annee_debut <= debut < annee_fin:
        raise SaisieInvalide(
            f"Le {debut:%d/%m/%Y} n’est pas dans l’année de contrat du {annee_debut:%d/%m/%Y} au {annee_fin:%d/%m/%Y}."
        )
    return Fraction((annee_fin - debut).days, (annee_fin - annee_debut).days)


def compute_anniversaires(signature: date, *, on: date) -> tuple[date, ...]:
    """Signature, then each anniversary to the end of the contract."""
    duree = int(load_bareme()["versements"].at(on).get("duree_contrat").nombre)
    if signature.year + duree > date.max.year:
        raise SaisieInvalide(f"La date de signature {signature:%d/%m/%Y} est impossible.")
    return tuple(add_years(signature, n) for n in range(duree + 1))


def compute_versements(
    *,
    signature: date,
    on: date | None = None,
    missions: Iterable[Mission | str] | None = None,
    demarrages: Mapping[Mission, date] | None = None,
    population: int | None = None,
    taille: Taille | int | None = None,
    montants: MontantsContrat | None = None,
) -> Echeancier:
    """Schedule of the fonctionnement and of the missions' fixed parts over the whole contract, in euros.

    Fonctionnement: 100 % of year 1 at signature, then at each anniversary 75 % of the year that begins. Mission: at
    its start 75 % of the fixed part, prorated from the start to the next anniversary; then 75 % at each anniversary.
    Balances come at the anniversary that closes the year. The variable parts and the crisis activation depend on what
    happens and are not in the schedule.

    ``on`` chooses the scale (the signature by default); ``demarrages`` gives the start of missions that do not start
    at signature. Same errors as ``compute_plafond``.
    """
    on = on or signature
    expliquee = resolve_taille(population=population, taille=taille, on=on)
    if montants and montants.plafond is not None:
        raise BaremeIncomplet(
            "Le contrat ne donne qu’un plafond total : ses versements demandent le fonctionnement et la part fixe "
            "de chaque mission."
        )
    choisies = missions_of(on) if missions is None else read_missions(missions, on=on)
    anniversaires = compute_anniversaires(signature, on=on)
    departs = _read_demarrages(demarrages or {}, choisies, anniversaires)
    versements = list(_fonctionnement(expliquee, on, montants, anniversaires))
    for mission in choisies:
        versements += _mission(mission, departs[mission], expliquee, on, montants, anniversaires)
    # The sort is stable: within one date and year, the fonctionnement comes first, then missions in order.
    versements.sort(key=lambda v: (v.date, v.annee_contrat))
    return Echeancier(signature, expliquee.taille, on, anniversaires, tuple(versements), expliquee.ligne)


def compute_versements_premiere_annee(
    *,
    signature: date,
    on: date | None = None,
    missions: Iterable[Mission | str] | None = None,
    demarrages: Mapping[Mission, date] | None = None,
    population: int | None = None,
    taille: Taille | int | None = None,
    montants: MontantsContrat | None = None,
) -> Echeancier:
    """Payments made before the first anniversary; arguments and errors of ``compute_versements``."""
    echeancier = compute_versements(
        signature=signature,
        on=on,
        missions=missions,
        demarrages=demarrages,
        population=population,
        taille=taille,
        montants=montants,
    )
    return echeancier.between(signature, echeancier.anniversaires[1])


def _read_demarrages(
    demarrages: Mapping[Mission, date], missions: tuple[Mission, ...], anniversaires: tuple[date, ...]
) -> dict[Mission, date]:
    departs = dict.fromkeys(missions, anniversaires[0])
    for code, jour in demarrages.items():
        mission = Mission.read(str(code))
        if mission not in departs:
            raise SaisieInvalide(f"La mission « {mission} » a une date de démarrage mais n’est pas au contrat.")
        if not anniversaires[0] <= jour < anniversaires[-1]:
            raise SaisieInvalide(
                f"La mission « {mission} » ne peut pas démarrer le {jour:%d/%m/%Y} : "
                f"le contrat va du {anniversaires[0]:%d/%m/%Y} au {anniversaires[-1]:%d/%m/%Y}."
            )
        departs[mission] = jour
    return departs


def _fonctionnement(
    expliquee: TailleExpliquee, on: date, montants: MontantsContrat | None, anniversaires: tuple[date, ...]
) -> Iterator[Versement]:
    # The fonctionnement is the same every year: one reading serves the whole contract.
    annuel = compute_parts(None, taille=expliquee.taille, annee_contrat=1, on=on, montants=montants).fixe
    initial = load_bareme()["versements"].at(on).get("taux_fonctionnement_initial").nombre
    for annee in range(1, len(anniversaires)):
        taux = initial if annee == 1 else _taux_avance(on)
        yield from _split(None, annee, annuel, taux, anniversaires[annee - 1], anniversaires[annee])


def _mission(
    mission: Mission,
    depart: date,
    expliquee: TailleExpliquee,
    on: date,
    montants: MontantsContrat | None,
    anniversaires: tuple[date, ...],
) -> Iterator[Versement]:
    for annee in range(1, len(anniversaires)):
        debut, fin = anniversaires[annee - 1], anniversaires[annee]
        if depart >= fin:
            continue
        annuel = compute_parts(mission, taille=expliquee.taille, annee_contrat=annee, on=on, montants=montants).fixe
        jour = max(depart, debut)
        prorata = compute_prorata(debut=jour, annee_debut=debut, annee_fin=fin)
        du, precision = annuel, ""
        if prorata != 1:
            precision = (
                f"Prorata du {jour:%d/%m/%Y} au {fin:%d/%m/%Y} : {(fin - jour).days} jours sur {(fin - debut).days}."
            )
            valeur = round_cent(Fraction(annuel.valeur) * prorata)
            du = annuel.derive(valeur, libelle=f"{mission.libelle} : part fixe de l’année {annee}", regle=precision)
        yield from _split(mission, annee, du, _taux_avance(on), jour, fin, precision)


def _split(
    mission: Mission | None, annee: int, du: Montant, taux: Decimal, debut: date, fin: date, precision: str = ""
) -> Iterator[Versement]:
    """Advance at the beginning and balance at the anniversary that closes the year; they sum to what is due."""
    pour_cent = f"{taux * 100:.0f} %"
    nature = Nature.TOTALITE if taux == 1 else Nature.AVANCE
    avance = round_cent(du.valeur * taux)
    solde = du.valeur - avance
    for jour, valeur, sorte, regle in (
        (debut, avance, nature, f"{pour_cent} du montant de l’année {annee}. {precision}".strip()),
        (fin, solde, Nature.SOLDE, f"Solde de l’année {annee} à l’anniversaire qui la clôt. {precision}".strip()),
    ):
        if valeur:
            libelle = f"{libelle_of(mission)}, année {annee} : {sorte.libelle}"
            yield Versement(jour, annee, mission, sorte, du.derive(valeur, libelle=libelle, regle=regle))


def _taux_avance(on: date) -> Decimal:
    return load_bareme()["versements"].at(on).get("taux_avance").nombre
