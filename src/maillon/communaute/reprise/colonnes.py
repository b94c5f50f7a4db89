"""Which column holds what: guessed from the titles. Pure."""

import hashlib
from collections.abc import Mapping, Sequence

from maillon.regles.catalogue import fold

from .enums import Champ

# Titles met in the lists of communities, folded; a title that begins with one is recognised too.
INDICES: dict[Champ, tuple[str, ...]] = {
    Champ.RPPS: ("rpps", "n rpps", "no rpps", "numero rpps", "num rpps", "identifiant rpps"),
    Champ.FINESS: ("finess", "n finess", "numero finess"),
    Champ.NOM_COMPLET: ("nom et prenom", "nom prenom", "prenom nom", "prenom et nom", "noms prenoms", "identite"),
    Champ.PRENOM: ("prenom", "prenoms"),
    Champ.NOM: ("nom", "nom d exercice", "nom de famille", "nom usuel"),
    Champ.PROFESSION: ("profession", "metier", "specialite", "categorie professionnelle"),
    Champ.COURRIEL: ("courriel", "mail", "e mail", "email", "adresse mail", "adresse e mail", "adresse electronique"),
    Champ.TELEPHONE: ("telephone", "tel", "portable", "mobile", "n de telephone", "numero de telephone"),
    Champ.CODE_POSTAL: ("code postal", "cp"),
    Champ.COMMUNE: ("commune", "ville", "lieu d exercice", "localite", "secteur"),
    Champ.ADRESSE: ("adresse", "rue", "voie"),
    Champ.FONCTION: ("fonction", "role", "poste", "qualite"),
    Champ.ADHESION: ("date d adhesion", "adhesion", "adherent depuis", "membre depuis", "date adhesion", "depuis"),
    Champ.COLLEGE: ("college",),
    Champ.GROUPES: ("groupe", "groupes", "groupe de travail", "groupes de travail", "commission", "commissions"),
}


def propose_colonnes(entetes: Sequence[str]) -> dict[str, Champ]:
    """For each title that is recognised, what its column holds; a field is given to one column only, the best."""
    proposees: dict[str, Champ] = {}
    for exact in (True, False):
        for champ, indices in INDICES.items():
            for titre in entetes:
                if champ in proposees.values():
                    break
                if titre not in proposees and _is_named(fold(titre), indices, exact=exact):
                    proposees[titre] = champ
    if Champ.NOM in proposees.values() and Champ.PRENOM in proposees.values():
        proposees = {titre: champ for titre, champ in proposees.items() if champ is not Champ.NOM_COMPLET}
    return proposees


def _is_named(titre: str, indices: Sequence[str], *, exact: bool) -> bool:
    return titre in indices if exact else any(titre.startswith(f"{indice} ") for indice in indices)


def sign_entetes(entetes: Sequence[str]) -> str:
    """The set of titles as one text: the same columns in another order are the same list."""
    return hashlib.sha256("\n".join(sorted(fold(titre) for titre in entetes)).encode()).hexdigest()


def find_manque(colonnes: Mapping[str, str]) -> str:
    """Why this mapping cannot be read, in a sentence; an empty text when it can."""
    choisis = [champ for champ in colonnes.values() if champ]
    doubles = sorted({Champ(c).label for c in choisis if choisis.count(c) > 1})
    if doubles:
        return f"Deux colonnes ne peuvent pas dire la même chose : {', '.join(doubles)}."
    if not {Champ.NOM, Champ.NOM_COMPLET, Champ.FINESS} & set(choisis):
        return "Dites quelle colonne porte le nom : sans lui, personne ne peut être reconnu."
    if Champ.NOM in choisis and Champ.NOM_COMPLET in choisis:
        return "Le nom est dit deux fois : gardez la colonne du nom, ou celle du nom et du prénom ensemble."
    return ""
