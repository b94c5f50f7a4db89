"""A contract as it is, and as it could be: what each of its five years would bring. Pure: no query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from maillon.regles import aci
from maillon.regles.aci import Mission
from maillon.regles.aci.types import libelle_of
from maillon.socle.ui.typographie import format_euros

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class IndicateurSimule:
    """An indicator and the euros of each level: 0 for none, then its tiers from the easiest; `prevu` is today's."""

    pk: UUID
    libelle: str
    mission: Mission
    paliers: tuple[tuple[str, Decimal], ...]
    prevu: int

    @property
    def choix(self) -> list[tuple[str, str]]:
        niveaux = [("0", "aucun palier")]
        return niveaux + [
            (str(rang), f"{condition}\u00a0: {format_euros(montant)}")
            for rang, (condition, montant) in enumerate(self.paliers, start=1)
        ]

    def pays(self, niveau: int) -> Decimal:
        """Euros of a level."""
        return self.paliers[niveau - 1][1] if 0 < niveau <= len(self.paliers) else ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class FaitsContrat:
    """What a scenario starts from. `montants` are the contract's own amounts, which only hold for its own size."""

    signature: date
    on: date
    population: int
    missions: tuple[Mission, ...]
    demarrages: Mapping[Mission, date] = field(default_factory=dict)
    montants: aci.MontantsContrat | None = None
    indicateurs: tuple[IndicateurSimule, ...] = ()
    annee: int = 1
    contrat: bool = True


@dataclass(frozen=True, slots=True)
class Hypothese:
    """What a person supposes: inhabitants, missions and their start, level reached by each indicator."""

    population: int
    missions: tuple[Mission, ...]
    demarrages: Mapping[Mission, date]
    paliers: Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class Poste:
    """One poste over the year shown: fixed part due, variable part reached and at most."""

    libelle: str
    fixe: aci.Montant
    variable: Decimal
    variable_max: aci.Montant
    activation: aci.Montant

    @property
    def total(self) -> Decimal:
        return self.fixe.valeur + self.variable


@dataclass(frozen=True, slots=True)
class Annee:
    """One contract year of a scenario, in euros; `recu` is what is due for it without crisis."""

    numero: int
    debut: date
    fixe: aci.Montant
    variable: Decimal
    hors_activation: aci.Montant
    plafond: aci.Montant

    @property
    def recu(self) -> Decimal:
        return self.fixe.valeur + self.variable


@dataclass(frozen=True, slots=True)
class Resultat:
    """A scenario computed: its size, the five years, and the postes of the year shown."""

    taille: aci.Taille
    annees: tuple[Annee, ...]
    postes: tuple[Poste, ...]
    annee: Annee
    sans_montants_propres: bool

    @property
    def total(self) -> Decimal:
        """What the five years bring, without crisis."""
        return sum((annee.recu for annee in self.annees), ZERO)

    @property
    def a_confirmer(self) -> bool:
        return any(a.fixe.a_confirmer or a.plafond.a_confirmer for a in self.annees)


def compute_scenario(faits: FaitsContrat, hypothese: Hypothese) -> Resultat:
    """The five years of a contract under a hypothesis. Raises an ErreurRegle when it is impossible."""
    taille = aci.compute_taille(hypothese.population, on=faits.on)
    change = faits.montants is not None and taille != aci.compute_taille(faits.population, on=faits.on)
    montants = None if change else faits.montants
    echeancier = aci.compute_versements(
        signature=faits.signature,
        on=faits.on,
        missions=hypothese.missions,
        demarrages=hypothese.demarrages,
        population=hypothese.population,
        montants=montants,
    )
    plafonds = [
        aci.compute_plafond(
            on=faits.on,
            missions=hypothese.missions,
            annee_contrat=numero,
            population=hypothese.population,
            montants=montants,
        )
        for numero in range(1, len(echeancier.anniversaires))
    ]
    reste = _reached(faits, hypothese, plafonds[0])
    annees = tuple(
        _year(numero, plafond, echeancier, hypothese, reste) for numero, plafond in enumerate(plafonds, start=1)
    )
    postes = tuple(_poste(ligne, faits.annee, echeancier, reste) for ligne in plafonds[faits.annee - 1].lignes)
    return Resultat(taille, annees, postes, annees[faits.annee - 1], change)


def _reached(faits: FaitsContrat, hypothese: Hypothese, plafond: aci.Plafond) -> dict[str, Decimal]:
    """Variable euros reached a year by each mission; without indicators, the whole of its variable part."""
    atteints = {}
    for ligne in plafond.lignes:
        siens = [i for i in faits.indicateurs if i.mission == ligne.mission]
        somme = sum((i.pays(hypothese.paliers.get(i.pk, i.prevu)) for i in siens), ZERO)
        atteints[ligne.poste] = min(somme, ligne.variable.valeur) if siens else ligne.variable.valeur
    return atteints


def _started(mission: Mission | None, hypothese: Hypothese, fin: date) -> bool:
    """Whether a mission has started before a year ends: its indicators cannot be reached before."""
    return mission is None or hypothese.demarrages.get(mission, date.min) < fin


def _year(
    numero: int,
    plafond: aci.Plafond,
    echeancier: aci.Echeancier,
    hypothese: Hypothese,
    atteints: Mapping[str, Decimal],
) -> Annee:
    debut, fin = echeancier.anniversaires[numero - 1 : numero + 1]
    variable = sum((atteints[ligne.poste] for ligne in plafond.lignes if _started(ligne.mission, hypothese, fin)), ZERO)
    fixe = aci.Montant.somme(v.montant for v in echeancier.for_annee(numero))
    return Annee(numero, debut, fixe, variable, plafond.hors_activation, plafond.total)


def _poste(ligne: aci.Parts, annee: int, echeancier: aci.Echeancier, atteints: Mapping[str, Decimal]) -> Poste:
    fixe = aci.Montant.somme(v.montant for v in echeancier.for_annee(annee) if v.poste == ligne.poste)
    return Poste(ligne.libelle, fixe, atteints[ligne.poste], ligne.variable, ligne.activation)


def align(scenarios: Sequence[Resultat]) -> list[tuple[str, list[Poste | None]]]:
    """Each poste that a scenario has, in the order of the accord, with that of every scenario or None."""
    lus = [{poste.libelle: poste for poste in resultat.postes} for resultat in scenarios]
    noms = [libelle_of(mission) for mission in (None, *Mission)]
    return [(nom, [lu.get(nom) for lu in lus]) for nom in noms if any(nom in lu for lu in lus)]
