"""Fictitious people, always the same ones: a fixed seed, RPPS numbers of an impossible range, mail at example.org."""

import random
from dataclasses import dataclass

from maillon.communaute.annuaire.enums import Profession
from maillon.socle.chiffrement import normalize

PRENOMS_F = (
    "Amina Anaïs Camille Cécile Chloé Claire Élodie Émilie Fatima Françoise Hélène Inès Jeanne Julie Karine Léa Leïla "
    "Lucie Marie-Claude Maud Mélanie Nadia Nathalie Océane Pauline Salomé Sandrine Solène Sophie Yasmine"
).split()
PRENOMS_M = (
    "Adrien Ahmed Antoine Baptiste Benoît Cédric Damien Étienne Fabien François Gaël Guillaume Hugo Jean-Luc Julien "
    "Karim Laurent Lucas Mathieu Mehdi Nicolas Olivier Pascal Rémi Samuel Sébastien Thibault Vincent Xavier Yann"
).split()
NOMS = (
    "Abadie Arnaud Aubert Bâcle Barthélemy Benali Berger Besson Blanchard Bonnefoy Bouchet Boyer Brossard Chapuis "
    "Charpentier Chavanne Clément Colin Cuzin Dalmas Delorme Deschamps Diallo Dumas Dupré El-Amrani Fabre Faure Fayolle "
    "Ferrand Fontaine Fournel Gagnière Garnier Gay Gérentes Girard Granjon Guichard Haddad Jacquet Joubert Kaya Lacroix "
    "Lafay Lefèvre Lemoine Mallet Marcoux Martel Massardier Mercier Meunier Michalon Montagny Moulin Nguyen Noël Olagnier "
    "Oriol Pagès Pascal Peyrard Poncet Prévost Ravel Renaud Rivoire Robin Rochette Rousset Sabot Sahin Seguin Teyssier "
    "Thévenet Tissot Vacher Valette Verdier Vialla Villard Vray"
).split()
RUES = (
    "rue des Passementiers,rue de la Convention,cours Fauriel,rue du 11-Novembre,place Bellevue,rue de la Richelandière,"
    "avenue de la Libération,rue des Aciéries,rue Bergson,allée des Tilleuls,rue du Soleil,montée de la Grand'Côte"
).split(",")

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
        self._pris: set[str] = set()

    def personne(self) -> Personne:
        """A new person; raises RuntimeError when the names run out, which the counts of the demonstration never reach."""
        for _ in range(10_000):
            femme = self.hasard.random() < 0.55
            personne = Personne(self.hasard.choice(PRENOMS_F if femme else PRENOMS_M), self.hasard.choice(NOMS), femme)
            if personne.courriel not in self._pris:
                self._pris.add(personne.courriel)
                return personne
        raise RuntimeError("Plus de noms fictifs à tirer.")

    def telephone(self) -> str:
        """A number of the range that the ARCEP keeps for fiction (06 39 98 xx xx)."""
        return f"06 39 98 {self.hasard.randrange(100):02d} {self.hasard.randrange(100):02d}"

    def adresse(self) -> str:
        return f"{self.hasard.randrange(1, 120)} {self.hasard.choice(RUES)}"
