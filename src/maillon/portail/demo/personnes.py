"""Fictitious people, always the same ones: a fixed seed, RPPS numbers of an impossible range, mail at example.org."""

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from maillon.communaute.annuaire.enums import Profession
from maillon.socle.chiffrement import normalize

DONNEES = Path(__file__).parent / "donnees"


@cache
def read_donnees(nom: str) -> Any:
    """One of the files of `donnees/`."""
    return yaml.safe_load((DONNEES / f"{nom}.yaml").read_text(encoding="utf-8"))


# Codes of the professions (TRE_G15), and the savoir-faire of a doctor.
METIERS: dict[str, tuple[Profession, list[str]]] = {
    "medecin_generaliste": (Profession.MEDECIN, ["SM54"]),
    "medecin_specialiste": (Profession.MEDECIN, ["SM04"]),
    "infirmier": (Profession.INFIRMIER, []),
    "pharmacien": (Profession.PHARMACIEN, []),
    "masseur_kinesitherapeute": (Profession.MASSEUR_KINESITHERAPEUTE, []),
    "orthophoniste": (Profession.ORTHOPHONISTE, []),
    "sage_femme": (Profession.SAGE_FEMME, []),
    "pedicure_podologue": (Profession.PEDICURE_PODOLOGUE, []),
    "psychomotricien": (Profession.PSYCHOMOTRICIEN, []),
    "chirurgien_dentiste": (Profession.CHIRURGIEN_DENTISTE, []),
    "dieteticien": (Profession.DIETETICIEN, []),
}


@dataclass(frozen=True, slots=True)
class Personne:
    prenom: str
    nom: str
    femme: bool

    @property
    def courriel(self) -> str:
        local = f"{self.prenom} {self.nom}"
        return f"{normalize(local).replace(' ', '.')}@example.org"


class Tirage:
    """Draws people without giving the same name twice."""

    def __init__(self, graine: str) -> None:
        self.hasard = random.Random(graine)  # noqa: S311 - fictitious people, not secrets
        # Those who have an account keep their name to themselves.
        comptes = [Personne(row["prenom"], row["nom"], femme=False) for row in read_donnees("comptes")]
        self._pris = {compte.courriel for compte in comptes}

    def personne(self) -> Personne:
        """A new person; raises RuntimeError when the names run out, which no count of the demonstration reaches."""
        noms = read_donnees("noms")
        for _ in range(10_000):
            femme = self.hasard.random() < 0.55
            personne = Personne(
                self.hasard.choice(noms["prenoms_f" if femme else "prenoms_m"]), self.hasard.choice(noms["noms"]), femme
            )
            if personne.courriel not in self._pris:
                self._pris.add(personne.courriel)
                return personne
        raise RuntimeError("Plus de noms fictifs à tirer.")

    def telephone(self) -> str:
        """A number of the range that the ARCEP keeps for fiction (06 39 98 xx xx)."""
        return f"06 39 98 {self.hasard.randrange(100):02d} {self.hasard.randrange(100):02d}"

    def adresse(self) -> str:
        return f"{self.hasard.randrange(1, 120)} {self.hasard.choice(read_donnees('noms')['rues'])}"
