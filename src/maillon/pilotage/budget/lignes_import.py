"""From the rows of a file to operations, each one accepted, already known, or refused with its reason. No query."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices

from .donnees import DonneesOperation
from .enums import Categorie, EtatOperation, Poste, SensOperation
from .tableur import Rangee, read_jour, read_montant, read_texte

# Our fields, their head in exports, and what other files call them.
CHAMPS: dict[str, tuple[str, ...]] = {
    "reference": ("Référence", "ref", "n°", "numéro", "pièce", "n° de pièce"),
    "le": ("Date", "jour", "date de paiement", "date d’opération", "échéance"),
    "sens": ("Sens", "type"),
    "etat": ("État", "statut"),
    "poste": ("Mission ou fonctionnement", "mission", "poste", "enveloppe", "axe"),
    "categorie": ("Catégorie", "nature"),
    "libelle": ("Libellé", "objet", "désignation", "description", "intitulé"),
    "tiers": ("Bénéficiaire ou payeur", "bénéficiaire", "tiers", "fournisseur", "payeur"),
    "montant": ("Montant", "euros", "montant ttc", "ttc", "total"),
    "recurrente": ("Mensuelle", "récurrente"),
    "contrepasse": ("Contre-passe",),
}
OBLIGATOIRES = ("le", "poste", "categorie", "libelle", "montant")
LIBELLE_MAX, TIERS_MAX, REFERENCE_MAX = 160, 120, 40


def normalise(texte: str) -> str:
    """Without accents, case nor doubled spaces, so that two ways to write a word agree."""
    nu = unicodedata.normalize("NFKD", texte.replace("’", "'"))
    return " ".join("".join(c for c in nu if not unicodedata.combining(c)).casefold().split())


def guess_colonnes(entetes: Sequence[str]) -> dict[str, str]:
    """Which head gives which field, by the names they usually bear."""
    by_nom = {normalise(entete): entete for entete in reversed(entetes) if entete}
    colonnes = {}
    for champ, noms in CHAMPS.items():
        trouve = next((by_nom[normalise(nom)] for nom in (*noms, champ) if normalise(nom) in by_nom), "")
        if trouve:
            colonnes[champ] = trouve
    return colonnes


def list_manquantes(colonnes: Mapping[str, str]) -> list[str]:
    """The fields without which no row can be read, and for which no column is chosen."""
    return [CHAMPS[champ][0] for champ in OBLIGATOIRES if not colonnes.get(champ)]


@dataclass(frozen=True, slots=True)
class Connue:
    """An operation that the community has already, as an import compares with it."""

    etat: str
    sens: str
    poste: str
    categorie: str
    montant: Decimal
    contrepasse: bool


@dataclass(frozen=True, slots=True)
class LigneLue:
    """One row: what it would create, or why not. `doublon` says that it is already known."""

    numero: int
    donnees: DonneesOperation | None = None
    etat: str = EtatOperation.ENGAGEE.value
    contrepasse: str = ""
    refus: str = ""
    doublon: str = ""

    @property
    def bonne(self) -> bool:
        return not self.refus and not self.doublon


@dataclass(slots=True)
class Contexte:
    """What the rows are compared with. `connues` by reference; `sans_reference` counts operations by what they say."""

    aujourdhui: date
    seuil: Decimal | None
    connues: dict[str, Connue]
    sans_reference: Counter[tuple[Any, ...]] = field(default_factory=Counter)


def read_lignes(
    entetes: Sequence[str], lignes: Sequence[Rangee], colonnes: Mapping[str, str], contexte: Contexte
) -> list[LigneLue]:
    """Every row, in the order of the file; `numero` is its number in the spreadsheet."""
    rangs = {champ: entetes.index(entete) for champ, entete in colonnes.items() if entete in entetes}
    lues = []
    vues: dict[str, int] = {}
    for numero, ligne in lignes:
        valeurs = {champ: ligne[rang] if rang < len(ligne) else None for champ, rang in rangs.items()}
        lue = _read_ligne(numero, valeurs, contexte, vues)
        if lue.donnees is not None and lue.donnees.reference:
            vues.setdefault(lue.donnees.reference, numero)
        lues.append(lue)
    return _check_contrepassations(lues, contexte)


class _Refus(Exception):
    """Why a row is refused, in a sentence."""


def _read_ligne(numero: int, valeurs: Mapping[str, Any], contexte: Contexte, vues: Mapping[str, int]) -> LigneLue:
    try:
        donnees = _read_donnees(valeurs)
        etat = _read_choix(EtatOperation, valeurs.get("etat"), "l’état", EtatOperation.ENGAGEE)
        contrepasse = read_texte(valeurs.get("contrepasse"))
        if donnees.reference in vues:
            raise _Refus(f"La référence « {donnees.reference} » est déjà à la ligne {vues[donnees.reference]}.")
        doublon = _find_doublon(donnees, contexte)
        if not doublon:
            _check_etat(donnees, etat, contrepasse, contexte)
    except _Refus as refus:
        return LigneLue(numero, refus=str(refus))
    return LigneLue(numero, donnees, etat, contrepasse, doublon=doublon)


def _read_donnees(valeurs: Mapping[str, Any]) -> DonneesOperation:
    le = read_jour(valeurs.get("le"))
    if le is None:
        raise _Refus(f"« {read_texte(valeurs.get('le'))} » n’est pas une date (attendu : 03/03/2026).")
    montant = read_montant(valeurs.get("montant"))
    if montant is None or montant <= 0:
        raise _Refus(f"« {read_texte(valeurs.get('montant'))} » n’est pas un montant positif.")
    libelle = read_texte(valeurs.get("libelle"))
    if not libelle:
        raise _Refus("Le libellé est vide.")
    reference, tiers = read_texte(valeurs.get("reference")), read_texte(valeurs.get("tiers"))
    for nom, texte, limite in (
        ("Le libellé", libelle, LIBELLE_MAX),
        ("Le bénéficiaire", tiers, TIERS_MAX),
        ("La référence", reference, REFERENCE_MAX),
    ):
        if len(texte) > limite:
            raise _Refus(f"{nom} dépasse {limite} caractères.")
    return DonneesOperation(
        le=le,
        poste=_read_choix(Poste, valeurs.get("poste"), "la mission"),
        categorie=_read_choix(Categorie, valeurs.get("categorie"), "la catégorie"),
        libelle=libelle,
        montant=montant,
        sens=_read_choix(SensOperation, valeurs.get("sens"), "le sens", SensOperation.DEPENSE),
        tiers=tiers,
        reference=reference,
        recurrente=normalise(read_texte(valeurs.get("recurrente"))) in {"oui", "x", "1", "true", "vrai"},
    )


def _read_choix(choix: type[TextChoices], valeur: Any, nom: str, defaut: str = "") -> str:
    texte = read_texte(valeur)
    if not texte and defaut:
        return str(defaut)
    for option in choix:
        if normalise(texte) in (normalise(option.label), normalise(option.value)):
            return str(option.value)
    possibles = ", ".join(str(option.label) for option in choix)
    raise _Refus(f"« {texte} » n’est pas reconnu pour {nom}. Possibles : {possibles}.")


def sign_ligne(donnees: DonneesOperation) -> tuple[Any, ...]:
    """What makes a row without reference the same as an operation already known."""
    return donnees.le, donnees.sens, donnees.montant, normalise(donnees.libelle), normalise(donnees.tiers)


def _find_doublon(donnees: DonneesOperation, contexte: Contexte) -> str:
    if donnees.reference:
        return f"La référence « {donnees.reference} » est déjà connue." if donnees.reference in contexte.connues else ""
    signature = sign_ligne(donnees)
    if contexte.sans_reference[signature] > 0:
        contexte.sans_reference[signature] -= 1
        return "Même date, même montant, même libellé : déjà connue."
    return ""


def _check_etat(donnees: DonneesOperation, etat: str, contrepasse: str, contexte: Contexte) -> None:
    if etat == EtatOperation.PAYEE and donnees.le > contexte.aujourdhui:
        raise _Refus(f"Payée le {donnees.le:%d/%m/%Y}, qui n’est pas encore passé.")
    if abs(donnees.le.year - contexte.aujourdhui.year) > 10:
        raise _Refus(f"Le {donnees.le:%d/%m/%Y} n’est pas une date possible : vérifiez l’année.")
    depense = donnees.sens == SensOperation.DEPENSE and not contrepasse
    if depense and etat == EtatOperation.PAYEE and contexte.seuil is not None and donnees.montant >= contexte.seuil:
        raise _Refus("Elle dépasse le seuil du bureau : importez-la « engagée », faites-la approuver, puis payez-la.")
    if contrepasse and etat != EtatOperation.PAYEE:
        raise _Refus("Une contre-passation est payée.")


def _check_contrepassations(lues: list[LigneLue], contexte: Contexte) -> list[LigneLue]:
    """A reversal names a paid operation of the community or of the file, with the same amounts, once."""
    fichier = {
        lue.donnees.reference: Connue(
            lue.etat,
            lue.donnees.sens,
            lue.donnees.poste,
            lue.donnees.categorie,
            lue.donnees.montant,
            bool(lue.contrepasse),
        )
        for lue in lues
        if lue.bonne and lue.donnees is not None and lue.donnees.reference
    }
    prises: set[str] = set()
    resultat = []
    for lue in lues:
        origine = contexte.connues.get(lue.contrepasse) or fichier.get(lue.contrepasse)
        refus = ""
        if lue.bonne and lue.contrepasse and lue.donnees is not None:
            d = lue.donnees
            meme = Connue(EtatOperation.PAYEE, d.sens, d.poste, d.categorie, d.montant, contrepasse=False)
            if origine != meme or lue.contrepasse in prises:
                refus = f"« {lue.contrepasse} » n’est pas une opération payée identique, pas encore contre-passée."
            prises.add(lue.contrepasse)
        resultat.append(LigneLue(lue.numero, refus=refus) if refus else lue)
    return resultat
