"""Words that a mailing replaces for each person: `{prénom}` in a text becomes « Claire »."""

import re

from maillon.communaute.personnes.models import Personne
from maillon.socle.cpts.models import Cpts

VARIABLES = {
    "prénom": "le prénom",
    "nom": "le nom",
    "profession": "la profession, ou la fonction",
    "communauté": "le nom de la communauté",
}
ECRITE = re.compile(r"\{\s*([^{}\n]{1,40}?)\s*\}")


def _values(personne: Personne, cpts: Cpts) -> dict[str, str]:
    professionnel = personne.professionnel
    return {
        "prénom": personne.prenom,
        "nom": personne.nom,
        "profession": personne.fonction or (professionnel.libelle_profession if professionnel else ""),
        "communauté": cpts.nom,
    }


def fill_variables(texte: str, personne: Personne, cpts: Cpts) -> str:
    """The text for this person; what is not a variable stays as it was typed."""
    values = _values(personne, cpts)
    return ECRITE.sub(lambda found: values.get(found[1].lower(), found[0]), texte)


def find_inconnues(texte: str) -> list[str]:
    """What looks like a variable and is none: « {prenom} »."""
    return [found for found in ECRITE.findall(texte) if found.lower() not in VARIABLES]
