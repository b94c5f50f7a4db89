"""Which column holds what: guessed from the titles. Pure."""

from collections.abc import Mapping, Sequence

from maillon.socle.fichiers.entetes import find_doubles, propose_champs

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
    """For each title that is recognised, what its column holds."""
    proposees = propose_champs(entetes, INDICES)
    if Champ.NOM in proposees.values() and Champ.PRENOM in proposees.values():
        proposees = {titre: champ for titre, champ in proposees.items() if champ is not Champ.NOM_COMPLET}
    return proposees


def find_manque(colonnes: Mapping[str, str]) -> str:
    """Why this mapping cannot be read, in a sentence; an empty text when it can."""
    choisis = [champ for champ in colonnes.values() if champ]
    if doubles := find_doubles(choisis):
        return f"Deux colonnes ne peuvent pas dire la même chose : {', '.join(Champ(c).label for c in doubles)}."
    if not {Champ.NOM, Champ.NOM_COMPLET, Champ.FINESS} & set(choisis):
        return "Dites quelle colonne porte le nom : sans lui, personne ne peut être reconnu."
    if Champ.NOM in choisis and Champ.NOM_COMPLET in choisis:
        return "Le nom est dit deux fois : gardez la colonne du nom, ou celle du nom et du prénom ensemble."
    return ""
