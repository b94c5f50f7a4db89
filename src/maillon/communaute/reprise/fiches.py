"""One row of a list as what it says of a person, or why it cannot be read. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from maillon.communaute.annuaire.enums import Profession
from maillon.regles.catalogue import fold
from maillon.socle.fichiers.tableaux import Cellule, write_cell

from .enums import Champ

Ecrit = TypeVar("Ecrit")
Lu = TypeVar("Lu")

METIERS: dict[str, Profession] = {
    **{fold(label): Profession(code) for code, label in Profession.choices},
    "generaliste": Profession.MEDECIN,
    "mg": Profession.MEDECIN,
    "docteur": Profession.MEDECIN,
    "medecine generale": Profession.MEDECIN,
    "idel": Profession.INFIRMIER,
    "ide": Profession.INFIRMIER,
    "ipa": Profession.INFIRMIER,
    "infirmiere": Profession.INFIRMIER,
    "pharmacienne": Profession.PHARMACIEN,
    "kine": Profession.MASSEUR_KINESITHERAPEUTE,
    "kinesitherapeute": Profession.MASSEUR_KINESITHERAPEUTE,
    "mk": Profession.MASSEUR_KINESITHERAPEUTE,
    "mkde": Profession.MASSEUR_KINESITHERAPEUTE,
    "dentiste": Profession.CHIRURGIEN_DENTISTE,
    "maieuticien": Profession.SAGE_FEMME,
    "podologue": Profession.PEDICURE_PODOLOGUE,
    "pedicure": Profession.PEDICURE_PODOLOGUE,
    "dieteticienne": Profession.DIETETICIEN,
    "psychomotricienne": Profession.PSYCHOMOTRICIEN,
    "orthophonistes": Profession.ORTHOPHONISTE,
}
TITRES = re.compile(r"^(?:(?:docteur|docteure|dr|pr|professeur|mme|madame|mlle|m|mr|monsieur)\b\.?\s+)+", re.IGNORECASE)
SEPARE = re.compile(r"[;/|\n]")


class LigneRefusee(ValueError):
    """Why a row is not taken, in one French sentence."""


@dataclass(frozen=True, slots=True)
class Fiche:
    """What a row says."""

    numero: int
    nom: str = ""
    prenom: str = ""
    rpps: str = ""
    finess: str = ""
    profession: str = ""
    courriel: str = ""
    telephone: str = ""
    commune: str = ""
    code_postal: str = ""
    adresse: str = ""
    fonction: str = ""
    adhesion: date | None = None
    college: str = ""
    groupes: tuple[str, ...] = ()

    @property
    def is_structure(self) -> bool:
        """A row without a person's name, with the number of a structure."""
        return bool(self.finess) and not self.nom

    @property
    def cle_nom(self) -> str:
        """Surname and first name as they are compared."""
        return fold_nom(self.nom, self.prenom)

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}".strip() or self.finess


def fold_nom(nom: str, prenom: str) -> str:
    return f"{fold(nom)}|{fold(prenom)}"


def read_fiche(numero: int, cellules: Mapping[Champ, Cellule], *, on: date) -> Fiche:
    """The row as it says; `on` is today. Raises LigneRefusee, with all that is wrong: one correction is enough."""
    textes = {champ: write_cell(cellule).strip() for champ, cellule in cellules.items()}
    for texte in textes.values():
        if texte.startswith(("=", "@")) or (texte[:1] in "+-" and texte[1:2].isalpha()):
            raise LigneRefusee(f"« {texte[:40]} » ressemble à une formule de tableur : elle n’est pas lue.")
    fautes: list[str] = []
    nom, prenom = _read_noms(textes)
    fiche = Fiche(
        numero=numero,
        nom=nom,
        prenom=prenom,
        rpps=_gather(fautes, "", _read_rpps, textes.get(Champ.RPPS, "")),
        finess=_gather(fautes, "", _read_finess, textes.get(Champ.FINESS, "")),
        profession=read_profession(textes.get(Champ.PROFESSION, "")),
        courriel=_gather(fautes, "", _read_courriel, textes.get(Champ.COURRIEL, "")),
        telephone=_gather(fautes, "", read_telephone, textes.get(Champ.TELEPHONE, "")),
        commune=textes.get(Champ.COMMUNE, "")[:60],
        code_postal=_read_code_postal(textes.get(Champ.CODE_POSTAL, "")),
        adresse=textes.get(Champ.ADRESSE, "")[:200],
        fonction=textes.get(Champ.FONCTION, "")[:120],
        adhesion=_gather(fautes, None, lambda cellule: _read_jour(cellule, on=on), cellules.get(Champ.ADHESION)),
        college=textes.get(Champ.COLLEGE, "")[:80],
        groupes=_read_groupes(textes.get(Champ.GROUPES, "")),
    )
    if not nom and not textes.get(Champ.FINESS):
        fautes.insert(0, "Le nom manque.")
    elif nom and not prenom and not textes.get(Champ.RPPS):
        fautes.insert(0, f"Le prénom de {nom} manque : sans lui ni numéro RPPS, personne n’est reconnu.")
    if fautes:
        raise LigneRefusee(" ".join(fautes))
    return fiche


def _gather(fautes: list[str], sinon: Lu, read: Callable[[Ecrit], Lu], ecrit: Ecrit) -> Lu:
    """What a cell says; when it is refused, `sinon`, and why goes with the other faults of the row."""
    try:
        return read(ecrit)
    except LigneRefusee as refus:
        fautes.append(str(refus))
        return sinon


def _read_noms(textes: Mapping[Champ, str]) -> tuple[str, str]:
    """Surname and first name, from two columns or one: capitals are the surname, else the last word."""
    if Champ.NOM_COMPLET not in textes:
        return TITRES.sub("", textes.get(Champ.NOM, ""))[:80], textes.get(Champ.PRENOM, "")[:80]
    mots = TITRES.sub("", textes[Champ.NOM_COMPLET]).replace(",", " ").split()
    capitales = [mot for mot in mots if mot.isupper() and len(mot) > 1]
    if capitales and len(capitales) < len(mots):
        return " ".join(capitales)[:80], " ".join(m for m in mots if m not in capitales)[:80]
    return " ".join(mots[-1:])[:80], " ".join(mots[:-1])[:80]


def _read_rpps(texte: str) -> str:
    chiffres = re.sub(r"[\s.\u00a0]", "", texte)
    if len(chiffres) == 12 and chiffres.startswith("8"):
        chiffres = chiffres[1:]  # the national identifier: 8, then the RPPS number
    if chiffres and not (len(chiffres) == 11 and chiffres.isdecimal()):
        raise LigneRefusee(f"Le numéro RPPS « {texte[:20]} » n’a pas 11 chiffres.")
    return chiffres


def _read_finess(texte: str) -> str:
    numero = re.sub(r"[\s.\u00a0]", "", texte).upper()
    numero = numero.zfill(9) if numero.isdecimal() and len(numero) == 8 else numero
    if numero and not re.fullmatch(r"[0-9][0-9AB][0-9]{7}", numero):
        raise LigneRefusee(f"Le numéro FINESS « {texte[:20]} » n’a pas 9 caractères.")
    return numero


def read_profession(texte: str) -> str:
    """The code of a profession as people write it; an empty text for one that is not in the nomenclature."""
    mots = fold(texte)
    if mots in METIERS:
        return METIERS[mots]
    connus = [metier for metier in METIERS if len(metier) > 3 and mots.startswith(metier)]
    return METIERS[max(connus, key=len)] if connus else ""


def _read_courriel(texte: str) -> str:
    courriel = texte.removeprefix("mailto:").strip().lower()
    if courriel:
        try:
            validate_email(courriel)
        except ValidationError:
            raise LigneRefusee(f"« {texte[:60]} » n’est pas une adresse de courriel.") from None
    return courriel


def read_telephone(texte: str) -> str:
    """« 06 12 34 56 78 »; a workbook drops the first zero. What is not a French number is kept as it is."""
    chiffres = re.sub(r"[\s.()\-/\u00a0\u202f]", "", texte)
    chiffres = re.sub(r"^(?:\+33|0033)0?", "0", chiffres)
    if len(chiffres) == 9 and chiffres.isdecimal() and chiffres[0] != "0":
        chiffres = f"0{chiffres}"
    if len(chiffres) == 10 and chiffres.isdecimal():
        return " ".join(chiffres[rang : rang + 2] for rang in range(0, 10, 2))
    if texte and not re.fullmatch(r"[+\d][\d\s.()\-/]{3,}", texte):
        raise LigneRefusee(f"« {texte[:30]} » n’est pas un numéro de téléphone.")
    return texte[:20]


def _read_code_postal(texte: str) -> str:
    code = texte.replace(" ", "")
    code = code.zfill(5) if code.isdecimal() and len(code) == 4 else code
    return code if re.fullmatch(r"\d{5}", code) else ""


def _read_jour(cellule: Cellule, *, on: date) -> date | None:
    if cellule is None:
        return None
    jour = cellule if isinstance(cellule, date) else _parse_jour(write_cell(cellule))
    if jour is None:
        raise LigneRefusee(f"« {write_cell(cellule)[:30]} » n’est pas une date : écrivez-la 31/01/2026.")
    if jour > on:
        raise LigneRefusee(f"La date d’adhésion, {jour:%d/%m/%Y}, n’est pas encore passée.")
    return jour


def _parse_jour(texte: str) -> date | None:
    """A day, or the first of January of a year alone."""
    try:
        if lu := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", texte):
            return date(int(lu[3]), int(lu[2]), int(lu[1]))
        if lu := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?", texte):
            return date(int(lu[1]), int(lu[2]), int(lu[3]))
        if lu := re.fullmatch(r"(19|20)\d\d", texte):
            return date(int(texte), 1, 1)
    except ValueError:
        return None
    return None


def _read_groupes(texte: str) -> tuple[str, ...]:
    noms = (" ".join(nom.split())[:120] for nom in SEPARE.split(texte))
    return tuple(dict.fromkeys(nom for nom in noms if nom))
