"""Lines of the FINESS extract: the old stock file without titles, and the newer ones with. Pure."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass

from maillon.communaute.lecture import FichierRefuse
from maillon.communaute.recherche import normalize_nom

from .enums import TypeStructure

# The columns of `structureet`, in the order of the file without titles.
CHAMPS = (
    "section", "nofinesset", "nofinessej", "rs", "rslongue", "complrs", "compldistrib", "numvoie", "typvoie", "voie",
    "compvoie", "lieuditbp", "commune", "departement", "libdepartement", "ligneacheminement", "telephone", "telecopie",
    "categetab", "libcategetab", "categagretab", "libcategagretab", "siret", "codeape", "codemft", "libmft", "codesph",
    "libsph", "dateouv", "dateautor", "datemaj", "numuai",
)  # fmt: skip
SECTION = "structureet"
# What newer files call these columns.
AUTRES_TITRES = {
    "nofinesset": ("no finess et", "numero finess et", "numero finess", "finess et", "finess"),
    "nofinessej": ("no finess ej", "numero finess ej", "finess ej"),
    "rs": ("raison sociale",),
    "rslongue": ("raison sociale longue",),
    "commune": ("code commune", "com code"),
    "departement": ("code departement",),
    "ligneacheminement": ("ligne acheminement", "adresse ligne acheminement"),
    "categetab": ("categorie", "code categorie", "categetab code", "code categorie etablissement"),
    "libcategetab": ("libelle categorie", "categorie libelle", "libelle categorie etablissement"),
}
NECESSAIRES = ("nofinesset", "rs", "categetab", "libcategetab")
# What the file calls each kind; the first that a label contains wins.
LIBELLES = (
    ("communaute professionnelle territoriale", TypeStructure.CPTS),
    ("communautes professionnelles territoriales", TypeStructure.CPTS),
    ("examens de sante", TypeStructure.CENTRE_EXAMENS_SANTE),
    ("maison de sante", TypeStructure.MSP),
    ("maisons de sante", TypeStructure.MSP),
    ("centre de sante", TypeStructure.CENTRE_SANTE),
    ("ehpad", TypeStructure.EHPAD),
    ("personnes agees dependantes", TypeStructure.EHPAD),
    ("residence autonomie", TypeStructure.RESIDENCE_AUTONOMIE),
    ("residences autonomie", TypeStructure.RESIDENCE_AUTONOMIE),
    ("soins infirmiers a domicile", TypeStructure.SSIAD),
    ("aide et soins a domicile", TypeStructure.SSIAD),
    ("aide a domicile", TypeStructure.AIDE_DOMICILE),
    ("aide et d accompagnement a domicile", TypeStructure.AIDE_DOMICILE),
    ("service autonomie aide", TypeStructure.AIDE_DOMICILE),
    ("pharmacie", TypeStructure.PHARMACIE),
    ("laboratoire de biologie", TypeStructure.LABORATOIRE),
    ("laboratoire d analyse", TypeStructure.LABORATOIRE),
    ("maternite", TypeStructure.MATERNITE),
    ("centre hospitalier", TypeStructure.HOPITAL),
    ("hopital", TypeStructure.HOPITAL),
    ("hopitaux", TypeStructure.HOPITAL),
    ("clinique", TypeStructure.HOPITAL),
    ("lutte contre le cancer", TypeStructure.HOPITAL),
    ("soins pluridisciplinaires", TypeStructure.HOPITAL),
    ("soins chirurgicaux", TypeStructure.HOPITAL),
    ("soins medicaux", TypeStructure.HOPITAL),
    ("soins de longue duree", TypeStructure.HOPITAL),
    ("soins de suite", TypeStructure.HOPITAL),
)
_FINESS = re.compile(r"[0-9][0-9AB][0-9]{7}")
_OUTRE_MER = re.compile(r"9[A-F]")
COLONNES = "nombre de colonnes inattendu"
NUMERO = "numéro FINESS qui n’a pas neuf caractères"
SANS_NOM = "établissement sans nom"


@dataclass(frozen=True, slots=True)
class LigneFiness:
    """An establishment as the file says it; the commune may be unknown to us."""

    finess: str
    type: str
    nom: str
    siret: str
    commune: str
    adresse: str
    code_postal: str
    telephone: str


class LecteurFiness:
    """Reads lines once the first one has said which form the file has."""

    def __init__(self, premiere: str, nom: str) -> None:
        titres = [normalize_nom(titre) for titre in _split(premiere)]
        self.has_titres = not titres or titres[0] != "finess" or "etalab" not in titres
        self._rangs = self._find(titres) if self.has_titres else {champ: rang for rang, champ in enumerate(CHAMPS)}
        if absents := [champ for champ in NECESSAIRES if champ not in self._rangs]:
            raise FichierRefuse(
                f"« {nom} » n’est pas l’extraction des établissements de FINESS : la colonne « {absents[0]} » manque. "
                "Déposez le fichier tel qu’il est publié."
            )
        self._largeur = max(self._rangs.values()) + 1

    @staticmethod
    def _find(titres: list[str]) -> dict[str, int]:
        rangs = {}
        for champ in CHAMPS:
            for titre in (champ, *AUTRES_TITRES.get(champ, ())):
                if titre in titres:
                    rangs[champ] = titres.index(titre)
                    break
        return rangs

    def read(self, ligne: str) -> LigneFiness | str | None:
        """The establishment of a line; why it is refused; None for a line of another section."""
        valeurs = [valeur.strip() for valeur in _split(ligne)]
        if not self.has_titres and valeurs[0] != SECTION:
            return None
        if len(valeurs) < self._largeur:
            return COLONNES
        champs = {champ: valeurs[rang] for champ, rang in self._rangs.items()}
        if not _FINESS.fullmatch(champs["nofinesset"]):
            return NUMERO
        nom = champs.get("rslongue") or champs["rs"]
        return _build(champs, nom) if nom else SANS_NOM


def _split(ligne: str) -> list[str]:
    return next(csv.reader([ligne], delimiter=";"), [])


def _build(champs: Mapping[str, str], nom: str) -> LigneFiness:
    siret = champs.get("siret", "").replace(" ", "")
    postal = champs.get("ligneacheminement", "")[:5]
    voie = ("numvoie", "typvoie", "voie", "compvoie", "lieuditbp")
    return LigneFiness(
        finess=champs["nofinesset"],
        type=find_type(champs["libcategetab"]),
        nom=nom[:160],
        siret=siret if re.fullmatch(r"[0-9]{14}", siret) else "",
        commune=build_commune(champs.get("departement", ""), champs.get("commune", "")),
        adresse=" ".join(champs[partie] for partie in voie if champs.get(partie))[:200],
        code_postal=postal if postal.isdigit() and len(postal) == 5 else "",
        telephone=champs.get("telephone", "")[:20],
    )


def find_type(libelle: str) -> TypeStructure:
    """The kind of structure that a category's label says."""
    texte = normalize_nom(libelle)
    return next((type_ for mots, type_ in LIBELLES if mots in texte), TypeStructure.AUTRE)


def build_commune(departement: str, commune: str) -> str:
    """The INSEE code: five characters as they stand, or département and three digits (9A to 9F: 97, overseas)."""
    if len(commune) == 5:
        return commune
    if _OUTRE_MER.fullmatch(departement):
        departement = "97"
    return (departement[:2] + commune) if departement and len(commune) == 3 else ""
