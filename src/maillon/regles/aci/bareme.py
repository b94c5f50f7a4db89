"""The scale: sizes, missions in force, and the parts of a contract year, from dated parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from maillon.regles.aci.formats import format_nombre
from maillon.regles.aci.types import (
    RIEN,
    LigneExplication,
    Mission,
    Montant,
    MontantsContrat,
    MontantsMission,
    Taille,
    libelle_of,
    round_cent,
)
from maillon.regles.erreurs import BaremeIncomplet, ParametreAbsent, SaisieInvalide
from maillon.regles.parametres import Parametre, Statut, load_parametres


@dataclass(frozen=True, slots=True, eq=False)
class Bareme:
    """Parameters by name. Compared by identity: what is computed from it alone can be remembered."""

    parametres: Mapping[str, Parametre]

    def __getitem__(self, nom: str) -> Parametre:
        return self.parametres[nom]


_choisi: ContextVar[Bareme | None] = ContextVar("maillon_bareme_aci", default=None)


@cache
def _load_publie() -> Bareme:
    return Bareme(load_parametres(files(__package__) / "baremes"))


def load_bareme() -> Bareme:
    """Parameters of the ACI (the files of ``baremes/``), or those chosen by ``use_bareme``."""
    return _choisi.get() or _load_publie()


@contextmanager
def use_bareme(dossier: Traversable) -> Iterator[Bareme]:
    """Inside this block every amount comes from the files of ``dossier``: a draft of avenant, a simulation."""
    bareme = Bareme(load_parametres(dossier))
    token = _choisi.set(bareme)
    try:
        yield bareme
    finally:
        _choisi.reset(token)


@dataclass(frozen=True, slots=True)
class TailleExpliquee:
    """A size and the line that says why."""

    taille: Taille
    ligne: LigneExplication


@dataclass(frozen=True, slots=True)
class Parts:
    """Yearly euros of one poste; ``mission`` is ``None`` for the fonctionnement.

    ``activation`` is paid only if the ARS recognises a health crisis.
    """

    mission: Mission | None
    fixe: Montant
    variable: Montant
    activation: Montant

    @property
    def poste(self) -> str:
        return self.mission.value if self.mission else "fonctionnement"

    @property
    def libelle(self) -> str:
        return libelle_of(self.mission)

    @property
    def total(self) -> Montant:
        return Montant.somme((self.fixe, self.variable, self.activation))

    @property
    def hors_activation(self) -> Montant:
        return Montant.somme((self.fixe, self.variable))


def check_accord(on: date) -> None:
    """Refuse a date before the accord."""
    if not load_bareme()["missions"].is_known(on):
        debut = load_bareme()["missions"].versions[0].depuis
        raise ParametreAbsent(
            f"L’accord des CPTS n’existe que depuis le {debut:%d/%m/%Y} : aucun barème ne s’applique le {on:%d/%m/%Y}."
        )


def compute_taille(population: int, *, on: date, borne_incluse: str | None = None) -> Taille:
    """Size of a CPTS of ``population`` inhabitants (arrêté du 21/08/2019).

    ``borne_incluse`` says which size an exact bound belongs to: ``superieure`` (the one that begins there, by default)
    or ``inferieure``. ``SaisieInvalide`` unless the population is a positive integer.
    """
    return explain_taille(population, on=on, borne_incluse=borne_incluse).taille


def explain_taille(population: int, *, on: date, borne_incluse: str | None = None) -> TailleExpliquee:
    """Same as ``compute_taille``, with its line of explanation; an exact bound is « à confirmer »."""
    check_accord(on)
    if isinstance(population, bool) or not isinstance(population, int) or population <= 0:
        raise SaisieInvalide(f"La population « {population} » n’est pas un nombre d’habitants supérieur à zéro.")
    cote = borne_incluse or load_bareme()["tailles_borne_incluse"].at(on).text()
    if cote not in {"superieure", "inferieure"}:
        raise SaisieInvalide(f"« {cote} » n’est pas un côté de borne : superieure ou inferieure.")
    bornes = load_bareme()["tailles"].at(on)
    taille, statut, reference = Taille.TAILLE_1, Statut.VERIFIE, bornes.reference
    for candidate in (Taille.TAILLE_2, Taille.TAILLE_3, Taille.TAILLE_4):
        borne = bornes.get(candidate.code).nombre
        if population > borne or (population == borne and cote == "superieure"):
            taille = candidate
        if population == borne:
            borne_exacte = load_bareme()["tailles_borne_incluse"].at(on)
            statut, reference = Statut.MEMOIRE, borne_exacte.reference
    regle = f"{format_nombre(population)} habitants : {taille.libelle}."
    if statut.a_confirmer:
        regle += " La population tombe exactement sur une borne : le côté est à confirmer."
    return TailleExpliquee(
        taille, LigneExplication("Taille de la communauté", None, regle, reference.texte, bornes.depuis, statut)
    )


def resolve_taille(*, population: int | None, taille: Taille | int | None, on: date) -> TailleExpliquee:
    """Size given, or computed from the population; exactly one of the two must be given."""
    if (population is None) == (taille is None):
        raise SaisieInvalide("Donnez soit la population, soit la taille de la communauté.")
    if population is not None:
        return explain_taille(population, on=on)
    assert taille is not None
    check_accord(on)
    connue = Taille.read(taille)
    ligne = LigneExplication(
        "Taille de la communauté",
        None,
        f"La {connue.libelle} est donnée par le contrat.",
        "contrat",
        None,
        Statut.VERIFIE,
    )
    return TailleExpliquee(connue, ligne)


def missions_of(on: date) -> tuple[Mission, ...]:
    """Missions that the accord provides at a date (the crisis mission begins with avenant 2)."""
    return tuple(Mission(code) for code in load_bareme()["missions"].at(on).branches())


def read_missions(missions: Iterable[Mission | str], *, on: date) -> tuple[Mission, ...]:
    """Missions in the order of the accord; refuses an unknown one, one given twice, one not yet in force."""
    lues = [Mission.read(str(mission)) for mission in missions]
    en_vigueur = missions_of(on)
    for mission in lues:
        if lues.count(mission) > 1:
            raise SaisieInvalide(f"La mission « {mission} » est donnée deux fois.")
        if mission not in en_vigueur:
            raise SaisieInvalide(
                f"La mission « {mission} » n’existe pas encore le {on:%d/%m/%Y} : "
                "elle vient avec l’avenant 2, en vigueur depuis le 31/03/2022."
            )
    return tuple(mission for mission in Mission if mission in lues)


def compute_parts(
    mission: Mission | None, *, taille: Taille, annee_contrat: int, on: date, montants: MontantsContrat | None = None
) -> Parts:
    """Yearly euros of one poste (``None``: the fonctionnement) of a contract year, before any prorata.

    ``on`` chooses the scale. The contract's own ``montants`` win amount by amount. ``BaremeIncomplet`` when the
    scale of that date does not publish the parts (2019).
    """
    if mission is None:
        if montants and montants.fonctionnement is not None:
            propre = Montant.of_contrat(montants.fonctionnement, libelle=libelle_of(None), source=montants.source)
            return Parts(None, propre, RIEN, RIEN)
        parametre = load_bareme()["fonctionnement"]
        return _parts_of_bareme(load_bareme(), None, taille, False, parametre.at(on).depuis)
    propres = montants.missions.get(mission) if montants else None
    if montants is None or propres is None:
        parametre = _mission_parametre(mission, on)
        return _parts_of_bareme(load_bareme(), mission, taille, annee_contrat > 1, parametre.at(on).depuis)
    return _parts(mission, taille, annee_contrat, on, propres, montants.source)


@lru_cache(maxsize=1024)
def _parts_of_bareme(bareme: Bareme, mission: Mission | None, taille: Taille, suivante: bool, depuis: date) -> Parts:
    """Parts that the scale alone gives, remembered: a scale has a few dozens of them."""
    if mission is None:
        valeur = bareme["fonctionnement"].at(depuis).get(taille.code)
        return Parts(None, Montant.of_bareme(valeur, libelle=f"{libelle_of(None)}, {taille.libelle}"), RIEN, RIEN)
    return _parts(mission, taille, 2 if suivante else 1, depuis, MontantsMission(), "")


def _parts(mission: Mission, taille: Taille, annee: int, on: date, propres: MontantsMission, source: str) -> Parts:
    return Parts(
        mission,
        _fixe(mission, taille, annee, on, propres, source),
        _part(mission, "variable", "part variable", taille, on, propres, source),
        _part(mission, "activation", "activation, seulement si l’ARS reconnaît une crise", taille, on, propres, source),
    )


def _fixe(mission: Mission, taille: Taille, annee: int, on: date, propres: MontantsMission, source: str) -> Montant:
    libelle = f"{mission.libelle} : part fixe"
    if annee > 1 and propres.fixe_suivantes is not None:
        return Montant.of_contrat(propres.fixe_suivantes, libelle=libelle, source=source)
    if propres.fixe is not None:
        if annee > 1 and mission is Mission.CRISE:
            regle = "Moitié du montant propre au contrat : le plan de crise est mis à jour à partir de l’année 2."
            return Montant.of_contrat(round_cent(propres.fixe / 2), libelle=libelle, source=source, regle=regle)
        return Montant.of_contrat(propres.fixe, libelle=libelle, source=source)
    version = _mission_parametre(mission, on).at(on)
    libelle = f"{libelle}, {taille.libelle}"
    if annee > 1 and version.has(taille.code, "fixe_suivantes"):
        regle = "À partir de l’année 2, le plan de crise est mis à jour : la moitié de la première année."
        return Montant.of_bareme(version.get(taille.code, "fixe_suivantes"), libelle=libelle, regle=regle)
    return Montant.of_bareme(version.get(taille.code, "fixe"), libelle=libelle)


def _part(
    mission: Mission, nom: str, libelle: str, taille: Taille, on: date, propres: MontantsMission, source: str
) -> Montant:
    """Variable part or crisis activation; nothing when neither the contract nor the scale has one."""
    libelle = f"{mission.libelle} : {libelle}"
    propre = propres.variable if nom == "variable" else propres.activation
    if propre is not None:
        return Montant.of_contrat(propre, libelle=libelle, source=source)
    # The crisis mission has an activation in place of a variable part; the others have no activation.
    if (nom == "activation") != (mission is Mission.CRISE):
        return RIEN
    valeur = _mission_parametre(mission, on).at(on).get(taille.code, nom)
    return Montant.of_bareme(valeur, libelle=f"{libelle}, {taille.libelle}")


def _mission_parametre(mission: Mission, on: date) -> Parametre:
    parametre = load_bareme()[f"mission_{mission}"]
    if not parametre.is_known(on):
        raise BaremeIncomplet(
            f"Le barème en vigueur le {on:%d/%m/%Y} ne publie que le plafond de chaque taille, "
            f"toutes missions réunies : la part de la mission « {mission} » ne peut pas en être déduite. "
            "Donnez les montants du contrat, ou demandez le plafond de toutes les missions."
        )
    return parametre
