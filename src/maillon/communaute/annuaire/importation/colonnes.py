"""The three published files, recognised and read by the names of their columns. Pure.

Columns come in any order, some are missing from older files, an empty one may end the line.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from maillon.socle.chiffrement import normalize

from .lecture import FichierRefuse

STRUCTURE = " coord structure"


@dataclass(frozen=True, slots=True)
class Forme:
    """One of the published files: what it is recognised by, and which columns go where.

    `colonnes` gives the folded title of each column kept, by the name of our field; `cle` are the fields by which a
    line that changed is the same activity as before; `libelles`, the titles of code and label of each nomenclature.
    """

    genre: str
    titre: str
    reperes: tuple[str, ...]
    colonnes: dict[str, str]
    cle: tuple[str, ...]
    libelles: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def table(self) -> str:
        return f"annuaire_{self.genre}"

    @property
    def is_activites(self) -> bool:
        return self.genre == "inscription"

    @property
    def champs(self) -> tuple[str, ...]:
        """Our columns in the order in which lines are written, the fingerprint first."""
        calcules = ("nom_recherche", "adresse", "complement") if self.is_activites else ()
        return ("empreinte", *calcules, *self.colonnes)


_PERSONNE = {"type_identifiant": "type d identifiant pp", "identifiant": "identifiant pp"}
_EXERCICE = {
    "profession": "code profession",
    "categorie": "code categorie professionnelle",
    "type_savoir_faire": "code type savoir faire",
}
_LIBELLES = {
    "profession": ("code profession", "libelle profession"),
    "categorie": ("code categorie professionnelle", "libelle categorie professionnelle"),
    "type_savoir_faire": ("code type savoir faire", "libelle type savoir faire"),
    "savoir_faire": ("code savoir faire", "libelle savoir faire"),
}

ACTIVITES = Forme(
    genre="inscription",
    titre="Personne_activite",
    reperes=("code mode exercice", "nom d exercice", "code profession"),
    colonnes={
        **_PERSONNE,
        "nom": "nom d exercice",
        "prenom": "prenom d exercice",
        "titre": "code civilite d exercice",
        "civilite": "code civilite",
        **_EXERCICE,
        "savoir_faire": "code savoir faire",
        "mode_exercice": "code mode exercice",
        "secteur": "code secteur d activite",
        "section": "code section tableau pharmaciens",
        "role": "code role",
        "genre_activite": "code genre activite",
        "siret": "numero siret site",
        "finess": "numero finess site",
        "finess_ej": "numero finess etablissement juridique",
        "structure": "identifiant technique de la structure",
        "raison_sociale": "raison sociale site",
        "enseigne": "enseigne commerciale site",
        "code_postal": f"code postal{STRUCTURE}",
        "commune": f"code commune{STRUCTURE}",
        "libelle_commune": f"libelle commune{STRUCTURE}",
        "pays": f"code pays{STRUCTURE}",
        "telephone": f"telephone{STRUCTURE}",
        "telephone_2": f"telephone 2{STRUCTURE}",
        "courriel": f"adresse e mail{STRUCTURE}",
        "departement": "code departement structure",
    },
    cle=("identifiant", "profession", "savoir_faire", "structure"),
    libelles={
        **_LIBELLES,
        "secteur": ("code secteur d activite", "libelle secteur d activite"),
        "role": ("code role", "libelle role"),
        "genre_activite": ("code genre activite", "libelle genre activite"),
    },
)
SAVOIR_FAIRE = Forme(
    genre="savoirfaire",
    titre="SavoirFaire",
    reperes=("code savoir faire", "code profession"),
    colonnes={**_PERSONNE, **_EXERCICE, "code": "code savoir faire"},
    cle=("identifiant", "code"),
    libelles=_LIBELLES,
)
DIPLOMES = Forme(
    genre="diplome",
    titre="Dipl_AutExerc",
    reperes=("code diplome obtenu", "code type autorisation"),
    colonnes={
        **_PERSONNE,
        "type_diplome": "code type diplome obtenu",
        "diplome": "code diplome obtenu",
        "type_autorisation": "code type autorisation",
        "discipline": "code discipline autorisation",
    },
    cle=("identifiant", "diplome"),
    libelles={
        "type_diplome": ("code type diplome obtenu", "libelle type diplome obtenu"),
        "diplome": ("code diplome obtenu", "libelle diplome obtenu"),
        "type_autorisation": ("code type autorisation", "libelle type autorisation"),
        "discipline": ("code discipline autorisation", "libelle discipline autorisation"),
    },
)
FORMES = (ACTIVITES, DIPLOMES, SAVOIR_FAIRE)  # the narrowest titles first: all that SavoirFaire has, the first has too
# Parts of an address, in the order of an envelope.
VOIE = tuple(
    titre + STRUCTURE
    for titre in (
        "numero voie",
        "indice repetition voie",
        "libelle type de voie",
        "libelle voie",
        "mention distribution",
    )
)
COMPLEMENT = tuple(titre + STRUCTURE for titre in ("complement destinataire", "complement point geographique"))


@dataclass(frozen=True, slots=True)
class Entete:
    """The titles of one file, folded, and the form that they are of."""

    titres: tuple[str, ...]
    forme: Forme

    def ranks(self, titres: Sequence[str]) -> list[int]:
        """Where each title stands; one that this file lacks is after the end, where the reader puts an empty text."""
        return [self.titres.index(t) if t in self.titres else len(self.titres) for t in titres]


def read_entete(ligne: bytes, nom: str) -> Entete:
    """The header of a file. Raises FichierRefuse when it is not one of the three."""
    try:
        texte = ligne.decode("utf-8-sig")
    except UnicodeDecodeError:
        texte = ligne.decode("cp1252", "replace")
    titres = tuple(normalize(titre) for titre in texte.strip("\r\n").split("|"))
    forme = next((forme for forme in FORMES if all(repere in titres for repere in forme.reperes)), None)
    if forme is None:
        raise FichierRefuse(
            f"« {nom} » n’est pas un fichier de l’annuaire des professionnels : ses titres de colonnes ne sont ceux ni "
            "de Personne_activite, ni de SavoirFaire, ni de Dipl_AutExerc. Déposez l’archive telle qu’elle est publiée."
        )
    if absents := [titre for titre in _PERSONNE.values() if titre not in titres]:
        raise FichierRefuse(f"« {nom} » n’a pas la colonne « {absents[0]} ».")
    if len([t for t in titres if t]) != len({t for t in titres if t}):
        raise FichierRefuse(f"« {nom} » a deux colonnes du même titre.")
    return Entete(titres, forme)
