"""The three published files, recognised and read by the names of their columns. Pure.

Columns come in any order, some are missing from older files, an empty one may end the line.
"""

from dataclasses import dataclass, field

from maillon.communaute.lecture import FichierRefuse
from maillon.socle.chiffrement import normalize

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
        """Our columns, the fingerprint first."""
        return ("empreinte", *(("nom_recherche",) if self.is_activites else ()), *self.colonnes)


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
        "complement": f"complement destinataire{STRUCTURE}",
        "point_geographique": f"complement point geographique{STRUCTURE}",
        "numero_voie": f"numero voie{STRUCTURE}",
        "indice_voie": f"indice repetition voie{STRUCTURE}",
        "type_voie": f"libelle type de voie{STRUCTURE}",
        "voie": f"libelle voie{STRUCTURE}",
        "mention": f"mention distribution{STRUCTURE}",
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


@dataclass(frozen=True, slots=True)
class Entete:
    """The titles of one file, folded, and the form that they are of."""

    titres: tuple[str, ...]
    forme: Forme

    @property
    def gardees(self) -> list[tuple[int, str]]:
        """The columns kept, in the order of the file: their rank and our name for them."""
        rangs = {titre: rang for rang, titre in enumerate(self.titres)}
        return sorted((rangs[titre], champ) for champ, titre in self.forme.colonnes.items() if titre in rangs)

    @property
    def champs(self) -> list[str]:
        """Our columns in the order in which lines are written. Those that this file lacks stay empty."""
        calcules = ["empreinte", "nom_recherche"] if self.forme.is_activites else ["empreinte"]
        return [*calcules, *(champ for _, champ in self.gardees)]

    @property
    def libelles(self) -> dict[str, tuple[int, int]]:
        """Ranks of the code and of the label of each nomenclature that this file has."""
        return {
            nom: (self.titres.index(code), self.titres.index(libelle))
            for nom, (code, libelle) in self.forme.libelles.items()
            if code in self.titres and libelle in self.titres
        }

    def rank(self, champ: str) -> int:
        """Where one of our columns stands in this file; -1 when it has none."""
        titre = self.forme.colonnes[champ]
        return self.titres.index(titre) if titre in self.titres else -1


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
            f"« {nom} » n’est pas un fichier de l’annuaire des professionnels : ses titres de colonnes ne sont ceux ni "
            "de Personne_activite, ni de SavoirFaire, ni de Dipl_AutExerc. Déposez l’archive telle qu’elle est publiée."
        )
    needed = {**_PERSONNE, **({"prenom": "prenom d exercice"} if forme.is_activites else {})}
    if absents := [titre for titre in needed.values() if titre not in titres]:
        raise FichierRefuse(f"« {nom} » n’a pas la colonne « {absents[0]} ».")
    if len([t for t in titres if t]) != len({t for t in titres if t}):
        raise FichierRefuse(f"« {nom} » a deux colonnes du même titre.")
    return Entete(titres, forme)
