"""Termination: what the advances of the current year overpaid, pro rata temporis, poste by poste."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.regles.aci.exercice import Exercice, to_euros
from maillon.regles.aci.formats import format_euros
from maillon.regles.aci.termes import Termes
from maillon.regles.aci.types import ZERO, LigneExplication, Mission, Montant, libelle_of
from maillon.regles.aci.versement import Nature, Versement
from maillon.regles.aci.versements import compute_versements_termes, list_exercices
from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.parametres import Statut

TEXTE = "Accord conventionnel interprofessionnel des CPTS du 20/06/2019, arrêté du 21/08/2019"


ENSEMBLE = "ensemble"
FONCTIONNEMENT = "fonctionnement"


@dataclass(frozen=True, slots=True)
class LigneResiliation:
    """One poste of the year in which the contract ends, in euros; ``ensemble`` when receipts name no poste."""

    poste: str
    libelle: str
    paye: Decimal
    du: Decimal
    statut: Statut
    regle: str

    @property
    def a_rembourser(self) -> Decimal:
        return max(self.paye - self.du, ZERO)

    @property
    def reste_du(self) -> Decimal:
        """What the Assurance Maladie still owes for the days elapsed."""
        return max(self.du - self.paye, ZERO)


@dataclass(frozen=True, slots=True)
class Resiliation:
    """The account of a contract ended on ``le``, excluded, in year [``debut``, ``fin``[.

    Poste by poste, and no poste is set off against another: no text was found that says so.
    """

    le: date
    annee_contrat: int
    debut: date
    fin: date
    lignes: tuple[LigneResiliation, ...]

    @property
    def jours(self) -> int:
        """Days elapsed in the year."""
        return (self.le - self.debut).days

    @property
    def jours_annee(self) -> int:
        return (self.fin - self.debut).days

    @property
    def paye(self) -> Decimal:
        return sum((ligne.paye for ligne in self.lignes), ZERO)

    @property
    def du(self) -> Decimal:
        return sum((ligne.du for ligne in self.lignes), ZERO)

    @property
    def a_rembourser(self) -> Decimal:
        return sum((ligne.a_rembourser for ligne in self.lignes), ZERO)

    @property
    def reste_du(self) -> Decimal:
        return sum((ligne.reste_du for ligne in self.lignes), ZERO)

    @property
    def statut(self) -> Statut:
        return Statut.weakest(ligne.statut for ligne in self.lignes)

    @property
    def explication(self) -> tuple[LigneExplication, ...]:
        return tuple(
            LigneExplication(ligne.libelle, ligne.a_rembourser, ligne.regle, TEXTE, self.le, ligne.statut)
            for ligne in self.lignes
        )


def compute_resiliation(
    *, signature: date, termes: Sequence[Termes], le: date, recus: Mapping[str, Decimal] | None = None
) -> Resiliation:
    """What is repaid when the contract ends on ``le`` (first day without contract), pro rata temporis in real days.

    Each poste of the current year compares its advances with what its elapsed days are due. The advances are those of
    the schedule up to ``le``, or ``recus``: euros really received for that year, by poste (``fonctionnement`` or a
    mission's code), or under ``ensemble`` when they name no poste (then only the whole is compared). The variable
    part of the year is not in the account: it is not evaluated.
    """
    echeancier = compute_versements_termes(signature=signature, termes=termes)
    debut, terme = echeancier.anniversaires[0], echeancier.anniversaires[-1]
    if not debut < le < terme:
        raise SaisieInvalide(
            f"Le contrat ne peut pas être résilié le {le:%d/%m/%Y} : il va du {debut:%d/%m/%Y} au {terme:%d/%m/%Y}."
        )
    annee = sum(jour < le for jour in echeancier.anniversaires)
    exercices = [e for e in list_exercices(echeancier.periodes, echeancier.anniversaires) if e.annee == annee]
    attendus: dict[str, Decimal] = {}
    for versement in echeancier.for_annee(annee):
        if versement.date and versement.date < le:
            attendus[versement.poste] = attendus.get(versement.poste, ZERO) + versement.valeur
    lignes = _compare(exercices, attendus, recus, le)
    return Resiliation(le, annee, echeancier.anniversaires[annee - 1], echeancier.anniversaires[annee], lignes)


def list_versements(compte: Resiliation) -> tuple[Versement, ...]:
    """The account as payments of the day it ends, by poste: what is taken back, or what completes the advances.

    For an account made from the schedule: with these, the payments of the year sum to what its elapsed days are due.
    """
    return tuple(_pay(compte, ligne) for ligne in compte.lignes if ligne.paye != ligne.du)


def _pay(compte: Resiliation, ligne: LigneResiliation) -> Versement:
    mission = None if ligne.poste == FONCTIONNEMENT else Mission(ligne.poste)
    valeur = ligne.du - ligne.paye
    nature = Nature.SOLDE if valeur > 0 else Nature.REPRISE
    explication = LigneExplication(ligne.libelle, valeur, ligne.regle, TEXTE, compte.le, ligne.statut)
    montant = Montant(valeur, ligne.statut, (explication,))
    return Versement(compte.le, compte.annee_contrat, mission, nature, valeur, ligne.statut, lambda _: montant)


def _compare(
    exercices: Iterable[Exercice], attendus: Mapping[str, Decimal], recus: Mapping[str, Decimal] | None, le: date
) -> tuple[LigneResiliation, ...]:
    payes = attendus if recus is None else recus
    for poste, montant in payes.items():
        if poste not in (ENSEMBLE, FONCTIONNEMENT):
            Mission.read(poste)
        if not montant.is_finite():
            raise SaisieInvalide(f"Le montant reçu « {montant} » n’est pas un nombre d’euros.")
    postes: dict[str, Exercice | None] = {_poste(e): e for e in exercices if e.tranches[0].debut < le}
    # What was received for a mission that is due nothing is repaid whole.
    postes |= {poste: None for poste in payes if poste != ENSEMBLE and poste not in postes}
    lignes = tuple(_ligne(poste, e, payes.get(poste, ZERO), le) for poste, e in postes.items())
    return lignes if ENSEMBLE not in payes else (_merge(lignes, payes),)


def _poste(exercice: Exercice) -> str:
    return exercice.mission.value if exercice.mission else FONCTIONNEMENT


def _ligne(poste: str, exercice: Exercice | None, paye: Decimal, le: date) -> LigneResiliation:
    libelle = libelle_of(None if poste == FONCTIONNEMENT else Mission(poste))
    if exercice is None:
        return LigneResiliation(poste, libelle, paye, ZERO, Statut.VERIFIE, _say(paye, ZERO, "rien n’est dû"))
    du = to_euros(exercice.due_until(le))
    ecoulees = [(t, (min(t.fin, le) - t.debut).days) for t in exercice.tranches if t.debut < le]
    compte = " + ".join(f"{format_euros(t.annuel.valeur)} × {jours}/{exercice.jours} jours" for t, jours in ecoulees)
    statut = Statut.MEMOIRE if len(ecoulees) > 1 else ecoulees[0][0].annuel.statut
    return LigneResiliation(poste, libelle, paye, du, statut, _say(paye, du, compte))


def _merge(lignes: Sequence[LigneResiliation], payes: Mapping[str, Decimal]) -> LigneResiliation:
    paye, du = sum(payes.values(), ZERO), sum((ligne.du for ligne in lignes), ZERO)
    regle = _say(paye, du, "somme des postes, les versements reçus n’étant pas répartis entre eux")
    return LigneResiliation(ENSEMBLE, "Ensemble", paye, du, Statut.weakest(li.statut for li in lignes), regle)


def _say(paye: Decimal, du: Decimal, compte: str) -> str:
    suite = "à rembourser" if paye > du else "restent dus à la communauté" if paye < du else "rien à rembourser"
    ecart = f" : {format_euros(abs(paye - du))} {suite}" if paye != du else f" : {suite}"
    return f"Payé {format_euros(paye)}, dû {format_euros(du)} ({compte}){ecart}."
