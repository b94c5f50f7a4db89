"""The facts of a duty roster, as data: people, posts, rules, wishes. Times are aware; their local dates count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar
from zoneinfo import ZoneInfo

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.gardes.controles import check_cle, check_entier, check_fuseau, check_intervalle

T = TypeVar("T", "Personne", "Poste")


class Genre(StrEnum):
    """Kinds of duty, shared fairly one by one."""

    SEMAINE = "semaine"
    SAMEDI = "samedi"
    DIMANCHE = "dimanche"
    FERIE = "ferie"


class Sens(StrEnum):
    """What a wish asks for."""

    PREFERE = "prefere"
    EVITE = "evite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limites:
    """Rules that nobody may break for one person; ``None`` is no limit.

    ``semaine``: duties from Monday to Sunday. ``mois``: in a calendar month. ``periode``: in the whole roster.
    ``consecutifs``: days on duty in a row. ``week_ends``: Saturdays and Sundays worked, by pair, in the month of their
    Saturday. ``ecart_heures``: true hours between the end of a duty and the start of the next; at 0 they may touch.
    """

    semaine: int | None = None
    mois: int | None = None
    periode: int | None = None
    consecutifs: int | None = None
    week_ends: int | None = None
    ecart_heures: int = 0

    def __post_init__(self) -> None:
        nombres = (self.semaine, self.mois, self.periode, self.consecutifs, self.week_ends, self.ecart_heures)
        for nombre in nombres:
            if nombre is not None:
                check_entier(nombre, "Une limite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Personne:
    """Somebody who takes duties of one profession.

    ``quotite`` is the share of a full load, in percent: 50 is due half of what 100 is due. ``credits`` are the loads
    carried from former rosters, by kind, in the unit of ``Poste.charge``; ``None`` is a newcomer, credited with the
    mean of the others of the profession, at their quotité, so that nothing is to be caught up.
    """

    cle: str
    profession: str
    quotite: int = 100
    credits: Mapping[Genre, int] | None = None
    limites: Limites = Limites()
    nom: str = ""

    def __post_init__(self) -> None:
        check_cle(self.cle, "La clé d’une personne")
        check_cle(self.profession, "La profession d’une personne")
        check_entier(self.quotite, "Une quotité", minimum=1, maximum=100)
        if self.credits is not None:
            for credit in self.credits.values():
                check_entier(credit, "Un crédit")
            object.__setattr__(self, "credits", MappingProxyType(dict(self.credits)))

    @property
    def appel(self) -> str:
        return self.nom or self.cle


@dataclass(frozen=True, slots=True, kw_only=True)
class Poste:
    """One duty to be held by ``besoin`` people of a profession.

    ``importance`` is what each person missing weighs in the cover; ``charge`` what the duty weighs in the fairness
    (shifts, points or minutes). A roster that leaves an ``obligatoire`` duty uncovered is not a roster.
    """

    cle: str
    profession: str
    debut: datetime
    fin: datetime
    genre: Genre
    besoin: int = 1
    importance: int = 1
    charge: int = 1
    obligatoire: bool = False
    nom: str = ""

    def __post_init__(self) -> None:
        check_cle(self.cle, "La clé d’un poste")
        check_cle(self.profession, "La profession d’un poste")
        check_intervalle(self.debut, self.fin, f"Le poste « {self.cle} »")
        check_entier(self.besoin, "Le nombre de personnes d’un poste", minimum=1, maximum=100)
        check_entier(self.importance, "L’importance d’un poste", minimum=1, maximum=1000)
        check_entier(self.charge, "La charge d’un poste", minimum=1, maximum=10_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indisponibilite:
    """A person takes no duty that touches this time; a missing end is open."""

    personne: str
    debut: datetime | None = None
    fin: datetime | None = None
    motif: str = ""

    def __post_init__(self) -> None:
        if self.debut is not None and self.fin is not None:
            check_intervalle(self.debut, self.fin, f"Une indisponibilité de « {self.personne} »")
        for instant in (self.debut, self.fin):
            check_fuseau(instant, f"Une indisponibilité de « {self.personne} »")

    def touches(self, poste: Poste) -> bool:
        avant = self.fin is not None and self.fin.timestamp() <= poste.debut.timestamp()
        apres = self.debut is not None and poste.fin.timestamp() <= self.debut.timestamp()
        return not (avant or apres)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailleurs:
    """A duty that a person holds outside this roster: it takes their time, and counts in every limit but ``periode``.

    ``tableau`` is what that other roster is called.
    """

    personne: str
    debut: datetime
    fin: datetime
    tableau: str = ""

    def __post_init__(self) -> None:
        check_intervalle(self.debut, self.fin, f"Une garde de « {self.personne} » dans un autre tableau")


@dataclass(frozen=True, slots=True, kw_only=True)
class Souhait:
    """A wish about one post, one date, or one day of the week (1 is Monday): exactly one of the three.

    Each duty held that matches counts ``poids``, for or against.
    """

    personne: str
    sens: Sens
    poids: int = 1
    poste: str | None = None
    jour: date | None = None
    jour_semaine: int | None = None

    def __post_init__(self) -> None:
        check_entier(self.poids, "Le poids d’un souhait", minimum=1, maximum=1000)
        if sum(cible is not None for cible in (self.poste, self.jour, self.jour_semaine)) != 1:
            raise SaisieInvalide(
                f"Un souhait de « {self.personne} » doit viser un poste, ou un jour, ou un jour de la semaine."
            )
        if self.jour_semaine is not None:
            check_entier(self.jour_semaine, "Le jour de la semaine d’un souhait", minimum=1, maximum=7)

    @property
    def signe(self) -> int:
        return self.poids if self.sens is Sens.PREFERE else -self.poids


@dataclass(frozen=True, slots=True, order=True)
class Affectation:
    """One person on one post."""

    poste: str
    personne: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Probleme:
    """All the facts. ``fixees`` are assignments already published, which a plan keeps; ``interdites`` may not be.

    ``commencees`` are facts too late to change: a plan keeps them, and no rule is broken by them alone.
    """

    personnes: tuple[Personne, ...]
    postes: tuple[Poste, ...]
    indisponibilites: tuple[Indisponibilite, ...] = ()
    souhaits: tuple[Souhait, ...] = ()
    fixees: tuple[Affectation, ...] = ()
    commencees: tuple[Affectation, ...] = ()
    interdites: tuple[Affectation, ...] = ()
    ailleurs: tuple[Ailleurs, ...] = ()
    fuseau: str = "Europe/Paris"
    graine: int = 1
    par_personne: Mapping[str, Personne] = field(init=False, repr=False, compare=False)
    par_poste: Mapping[str, Poste] = field(init=False, repr=False, compare=False)
    _dehors: Mapping[str, tuple[Ailleurs, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "par_personne", _index(self.personnes, "personnes"))
        object.__setattr__(self, "par_poste", _index(self.postes, "postes"))
        try:
            ZoneInfo(self.fuseau)
        except (KeyError, ValueError, OSError):
            raise SaisieInvalide(f"Le fuseau « {self.fuseau} » n’existe pas.") from None
        check_entier(self.graine, "La graine", maximum=2**31 - 1)
        for indisponibilite in self.indisponibilites:
            self.check_personne(indisponibilite.personne, "Une indisponibilité")
        for souhait in self.souhaits:
            self.check_personne(souhait.personne, "Un souhait")
            if souhait.poste is not None:
                self.check_poste(souhait.poste, "Un souhait")
        dehors: dict[str, tuple[Ailleurs, ...]] = {}
        for ailleurs in self.ailleurs:
            self.check_personne(ailleurs.personne, "Une garde d’un autre tableau")
            dehors[ailleurs.personne] = (*dehors.get(ailleurs.personne, ()), ailleurs)
        object.__setattr__(self, "_dehors", MappingProxyType(dehors))
        self.check_affectations(self.fixees, "Une affectation fixée")
        self.check_affectations(self.interdites, "Une affectation interdite")
        self.check_affectations(self.commencees, "Une garde commencée")
        presents = Counter(commencee.poste for commencee in self.commencees)
        for cle, nombre in presents.items():
            if nombre > self.par_poste[cle].besoin:
                raise SaisieInvalide(f"« {cle} » est commencée par plus de personnes qu’il n’en faut.")
        for fixee in (*self.fixees, *self.commencees):
            if self.par_personne[fixee.personne].profession != self.par_poste[fixee.poste].profession:
                raise SaisieInvalide(
                    f"« {fixee.personne} » est fixé sur « {fixee.poste} », qui demande une autre profession."
                )

    def check_personne(self, cle: str, sujet: str) -> None:
        if cle not in self.par_personne:
            raise SaisieInvalide(f"{sujet} nomme la personne « {cle} », qui n’est pas dans la liste des personnes.")

    def check_poste(self, cle: str, sujet: str) -> None:
        if cle not in self.par_poste:
            raise SaisieInvalide(f"{sujet} nomme le poste « {cle} », qui n’est pas dans la liste des postes.")

    def check_affectations(self, affectations: Iterable[Affectation], sujet: str) -> None:
        """Every assignment names a known person and a known post, once."""
        vues: set[Affectation] = set()
        for affectation in affectations:
            self.check_personne(affectation.personne, sujet)
            self.check_poste(affectation.poste, sujet)
            if affectation in vues:
                raise SaisieInvalide(
                    f"{sujet} est écrite deux fois : « {affectation.personne} » sur « {affectation.poste} »."
                )
            vues.add(affectation)

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(ZoneInfo(self.fuseau))

    def jour(self, garde: Poste | Ailleurs) -> date:
        """The date of a duty is that of its start, on the clocks of the place."""
        return self.local(garde.debut).date()

    def list_ailleurs(self, personne: str) -> tuple[Ailleurs, ...]:
        """What this person holds outside this roster."""
        return self._dehors.get(personne, ())

    def credits_of(self, personne: Personne) -> dict[Genre, int]:
        """Loads carried; a newcomer is given the mean of the others at their quotité, rounded to the nearest."""
        if personne.credits is not None:
            return {genre: personne.credits.get(genre, 0) for genre in Genre}
        anciens = [p for p in self.personnes if p.profession == personne.profession and p.credits is not None]
        poids = sum(ancien.quotite for ancien in anciens)
        if not poids:
            return dict.fromkeys(Genre, 0)
        sommes = {g: sum(p.credits.get(g, 0) for p in anciens if p.credits is not None) for g in Genre}
        return {g: (2 * personne.quotite * somme + poids) // (2 * poids) for g, somme in sommes.items()}

    def matches(self, souhait: Souhait, poste: Poste) -> bool:
        """Whether holding this post is what the wish speaks of."""
        if souhait.poste is not None:
            return souhait.poste == poste.cle
        jour = self.jour(poste)
        return jour == souhait.jour or jour.isoweekday() == souhait.jour_semaine


def _index(elements: tuple[T, ...], nom: str) -> Mapping[str, T]:
    par_cle = {element.cle: element for element in elements}
    if len(par_cle) < len(elements):
        double = next(cle for cle, nombre in Counter(e.cle for e in elements).items() if nombre > 1)
        raise SaisieInvalide(f"« {double} » est écrit deux fois dans la liste des {nom}.")
    return MappingProxyType(par_cle)
