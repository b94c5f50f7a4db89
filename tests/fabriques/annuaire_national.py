"""Files of the national directory, as they are published: fictitious people, RPPS numbers of an impossible range."""

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

PP = ("Type d'identifiant PP", "Identifiant PP", "Identification nationale PP")
EXERCICE = (
    "Code profession", "Libellé profession", "Code catégorie professionnelle", "Libellé catégorie professionnelle",
    "Code type savoir-faire", "Libellé type savoir-faire", "Code savoir-faire", "Libellé savoir-faire",
)  # fmt: skip
ADRESSE = (
    "Complément destinataire", "Complément point géographique", "Numéro Voie", "Indice répétition voie",
    "Code type de voie", "Libellé type de voie", "Libellé Voie", "Mention distribution", "Bureau cedex", "Code postal",
    "Code commune", "Libellé commune", "Code pays", "Libellé pays", "Téléphone", "Téléphone 2", "Télécopie",
    "Adresse e-mail",
)  # fmt: skip
# The 56 columns published today.
TITRES = (
    *PP, "Code civilité d'exercice", "Libellé civilité d'exercice", "Code civilité", "Libellé civilité",
    "Nom d'exercice", "Prénom d'exercice", *EXERCICE, "Code mode exercice", "Libellé mode exercice",
    "Numéro SIRET site", "Numéro SIREN site", "Numéro FINESS site", "Numéro FINESS établissement juridique",
    "Identifiant technique de la structure", "Raison sociale site", "Enseigne commerciale site",
    *(f"{titre} (coord. structure)" for titre in ADRESSE),
    "Code Département (structure)", "Libellé Département (structure)", "Ancien identifiant de la structure",
    "Autorité d'enregistrement", "Code secteur d'activité", "Libellé secteur d'activité",
    "Code section tableau pharmaciens", "Libellé section tableau pharmaciens", "Code rôle", "Libellé rôle",
    "Code genre activité", "Libellé genre activité",
)  # fmt: skip
# What was published before roles and kinds of activity were.
ANCIENS = TITRES[:52]
TITRES_SAVOIR_FAIRE = (*PP, "Nom d'exercice", "Prénom d'exercice", *EXERCICE)
TITRES_DIPLOMES = (
    *PP, "Nom d'exercice", "Prénom d'exercice", "Code type diplôme obtenu", "Libellé type diplôme obtenu",
    "Code diplôme obtenu", "Libellé diplôme obtenu", "Code type autorisation", "Libellé type autorisation",
    "Code discipline autorisation", "Libellé discipline autorisation",
)  # fmt: skip


def make_activite(numero: int, **champs: str) -> dict[str, str]:
    """A nurse of Saint-Étienne; keywords replace titles, by the beginnings that `ALIAS` gives."""
    rpps = f"998{numero:08d}"
    ligne = {
        "Type d'identifiant PP": "8",
        "Identifiant PP": rpps,
        "Identification nationale PP": f"8{rpps}",
        "Nom d'exercice": f"VALMONT {numero}",
        "Prénom d'exercice": "Chloé",
        "Code profession": "60",
        "Libellé profession": "Infirmier",
        "Code catégorie professionnelle": "C",
        "Libellé catégorie professionnelle": "Civil",
        "Code mode exercice": "L",
        "Libellé mode exercice": "Libéral",
        "Identifiant technique de la structure": f"R{numero}",
        "Raison sociale site": "CABINET VALMONT",
        "Numéro Voie (coord. structure)": "12",
        "Libellé type de voie (coord. structure)": "RUE",
        "Libellé Voie (coord. structure)": "DES FORGES",
        "Code postal (coord. structure)": "42000",
        "Code commune (coord. structure)": "42218",
        "Libellé commune (coord. structure)": "Saint-Étienne",
        "Téléphone (coord. structure)": "0639980000",
    }
    return ligne | {ALIAS[champ]: valeur for champ, valeur in champs.items()}


ALIAS = {
    "type": "Type d'identifiant PP",
    "identifiant": "Identifiant PP",
    "titre": "Code civilité d'exercice",
    "nom": "Nom d'exercice",
    "prenom": "Prénom d'exercice",
    "profession": "Code profession",
    "libelle_profession": "Libellé profession",
    "savoir_faire": "Code savoir-faire",
    "libelle_savoir_faire": "Libellé savoir-faire",
    "mode": "Code mode exercice",
    "finess": "Numéro FINESS site",
    "structure": "Identifiant technique de la structure",
    "raison": "Raison sociale site",
    "commune": "Code commune (coord. structure)",
    "telephone": "Téléphone (coord. structure)",
    "courriel": "Adresse e-mail (coord. structure)",
    "diplome": "Code diplôme obtenu",
    "libelle_diplome": "Libellé diplôme obtenu",
}


def write_ligne(ligne: dict[str, str], titres: Sequence[str] = TITRES) -> str:
    return "|".join(ligne.get(titre, "") for titre in titres)


def write_fichier(
    chemin: Path,
    lignes: Iterable[dict[str, str] | str],
    *,
    titres: Sequence[str] = TITRES,
    codage: str = "utf-8",
    fin: str = "\n",
) -> Path:
    """A text of lines, given by their fields or as they stand."""
    textes = [ligne if isinstance(ligne, str) else write_ligne(ligne, titres) for ligne in lignes]
    chemin.write_bytes("".join(texte + fin for texte in ["|".join(titres), *textes]).encode(codage))
    return chemin


def write_archive(chemin: Path, *fichiers: Path) -> Path:
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
        for fichier in fichiers:
            archive.write(fichier, fichier.name)
    return chemin
