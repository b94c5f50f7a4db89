"""One row of a waiting list as what it says of a person, or why it cannot be taken."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from maillon.communaute.patients.identites import SaisieIdentite, normalize_telephone
from maillon.regles.catalogue import fold
from maillon.socle.fichiers.tableaux import Cellule, write_cell

from ..enums import ChampAttente, Langue
from .colonnes import DOUTE, NIR_ECARTE, OUI_NON, C

FORMATS = ("%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y")
LANGUES = {fold(langue.label): langue.value for langue in Langue} | {"anglais": "en", "lsf": "lsf"}
CIVILITES = re.compile(r"^(?:(?:mme|madame|mlle|m|mr|monsieur)\b\.?\s+)+", re.IGNORECASE)


class LigneRefusee(ValueError):
    """Why a row is not taken, in one French sentence that names nobody."""


@dataclass(frozen=True, slots=True)
class Territoire:
    """The communes where the desk works: code by folded name, codes by postal code."""

    par_nom: Mapping[str, tuple[str, ...]]
    par_postal: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class LigneLue:
    """What a row says; `remarques` tell what was left out."""

    numero: int
    identite: SaisieIdentite
    commune_id: str
    annee_naissance: int | None
    demandee_le: date | None
    faits: tuple[str, ...] = ()
    langue: str = Langue.FRANCAIS
    remarques: tuple[str, ...] = field(default=())

    @property
    def noms(self) -> str:
        return f"{self.identite.nom} {self.identite.prenom}"

    @property
    def telephones(self) -> tuple[str, ...]:
        numeros = (self.identite.telephone, self.identite.proche_telephone)
        return tuple(normalize_telephone(numero) for numero in numeros if numero)


def read_ligne(numero: int, cellules: Mapping[ChampAttente, Cellule], *, territoire: Territoire, on: date) -> LigneLue:
    """The row as it says; `on` is today. Raises LigneRefusee."""
    textes = {champ: write_cell(cellule).strip() for champ, cellule in cellules.items()}
    if any(NIR_ECARTE in texte for texte in textes.values()):
        raise LigneRefusee("Un numéro de sécurité sociale y était écrit : retirez-le du fichier.")
    if any(texte.startswith(("=", "@")) for texte in textes.values()):
        raise LigneRefusee("Une cellule ressemble à une formule de tableur.")
    nom, prenom = _read_noms(textes)
    remarques: list[str] = []
    telephone = _read_telephone(textes.get(C.TELEPHONE, ""))
    proche = _read_telephone(textes.get(C.PROCHE_TELEPHONE, ""))
    if not telephone and not proche:
        raise LigneRefusee("Aucun numéro de téléphone complet : la personne ne pourrait pas être rappelée.")
    courriel = textes.get(C.COURRIEL, "")
    if courriel and not _is_courriel(courriel):
        courriel = ""
        remarques.append("adresse électronique illisible")
    for champ in OUI_NON & set(cellules):
        if textes[champ] == DOUTE:
            remarques.append(f"« {ChampAttente(champ).label.split(' (')[0]} » n’est ni oui ni non")
    demandee_le = _read_jour(cellules.get(C.DEMANDEE_LE))
    if demandee_le is None and textes.get(C.DEMANDEE_LE):
        remarques.append("date de la demande illisible")
    if demandee_le is not None and not date(2000, 1, 1) <= demandee_le <= on:
        demandee_le = None
        remarques.append("date de la demande impossible")
    return LigneLue(
        numero=numero,
        identite=SaisieIdentite(
            nom=nom,
            prenom=prenom,
            telephone=telephone,
            courriel=courriel,
            adresse=textes.get(C.ADRESSE, "")[:200],
            proche_nom=textes.get(C.PROCHE_NOM, "")[:120],
            proche_telephone=proche,
        ),
        commune_id=_read_commune(textes, territoire),
        annee_naissance=_read_annee(cellules, on=on),
        demandee_le=demandee_le,
        faits=tuple(sorted(champ.value for champ in OUI_NON if textes.get(champ) == "oui")),
        langue=LANGUES.get(fold(textes.get(C.LANGUE, "")), Langue.AUTRE if textes.get(C.LANGUE) else Langue.FRANCAIS),
        remarques=tuple(sorted(remarques)),
    )


def _read_noms(textes: Mapping[ChampAttente, str]) -> tuple[str, str]:
    nom, prenom = textes.get(C.NOM, ""), textes.get(C.PRENOM, "")
    if complet := CIVILITES.sub("", textes.get(C.NOM_COMPLET, "")).strip():
        mots = complet.split()
        capitales = [mot for mot in mots if mot.isupper() and len(mot) > 1]
        if capitales and len(capitales) < len(mots):
            nom, prenom = " ".join(capitales), " ".join(mot for mot in mots if mot not in capitales)
        else:
            nom, prenom = mots[0], " ".join(mots[1:])
    nom = CIVILITES.sub("", nom).strip()[:80]
    if not any(lettre.isalpha() for lettre in nom):
        raise LigneRefusee("Le nom manque.")
    return nom, prenom.strip()[:80]


def _read_telephone(texte: str) -> str:
    """The first number that can be called; a spreadsheet eats the leading zero."""
    for morceau in re.split(r"[/;,]| ou ", texte):
        chiffres = normalize_telephone(morceau)
        chiffres = f"0{chiffres}" if len(chiffres) == 9 and chiffres[0] != "0" else chiffres
        if 10 <= len(chiffres) <= 15:
            return chiffres
    return ""


def _is_courriel(texte: str) -> bool:
    try:
        validate_email(texte)
    except ValidationError:
        return False
    return True


def _read_jour(cellule: Cellule) -> date | None:
    if isinstance(cellule, date):
        return cellule
    for forme in FORMATS:
        try:
            return datetime.strptime(write_cell(cellule), forme).date()  # noqa: DTZ007 - a day, without hour nor zone
        except ValueError:
            continue
    return None


def _read_annee(cellules: Mapping[ChampAttente, Cellule], *, on: date) -> int | None:
    jour = _read_jour(cellules.get(C.NAISSANCE))
    brut = write_cell(cellules.get(C.NAISSANCE))
    annee = jour.year if jour else int(brut) if re.fullmatch(r"(18|19|20)\d\d", brut) else None
    if annee is None and re.fullmatch(r"\d{1,3}( ans)?", age := write_cell(cellules.get(C.AGE))):
        annee = on.year - int(Decimal(age.removesuffix(" ans")))
    if annee is not None and annee > on.year and jour is not None:  # « 12/03/44 » read as 2044
        annee -= 100
    return annee if annee is not None and on.year - 120 <= annee <= on.year else None


def _read_commune(textes: Mapping[ChampAttente, str], territoire: Territoire) -> str:
    nom, postal = textes.get(C.COMMUNE, ""), textes.get(C.CODE_POSTAL, "")
    if found := re.search(r"\b\d{5}\b", nom):
        postal = postal or found[0]
        nom = nom.replace(found[0], "")
    postal = postal.zfill(5) if postal.isdigit() else postal
    par_nom = territoire.par_nom.get(_fold_commune(nom), ()) if nom.strip() else ()
    par_postal = territoire.par_postal.get(postal, ())
    choix: Sequence[str] = [code for code in par_nom if not par_postal or code in par_postal] or (
        par_postal if not nom.strip() else ()
    )
    if len(choix) == 1:
        return choix[0]
    if not nom.strip() and not postal:
        raise LigneRefusee("La commune manque.")
    if not choix:
        raise LigneRefusee("La commune n’est pas dans le territoire de la communauté, ou son nom n’est pas reconnu.")
    raise LigneRefusee("Plusieurs communes portent ce nom ou ce code postal : précisez les deux.")


def _fold_commune(nom: str) -> str:
    return re.sub(r"\b(st|ste)\b", lambda m: {"st": "saint", "ste": "sainte"}[m[0]], fold(nom))


def build_territoire(communes: Sequence[tuple[str, str, Sequence[str]]]) -> Territoire:
    """From (code, name, postal codes) of each commune."""
    par_nom: dict[str, tuple[str, ...]] = {}
    par_postal: dict[str, tuple[str, ...]] = {}
    for code, nom, postaux in communes:
        cle = _fold_commune(nom)
        par_nom[cle] = (*par_nom.get(cle, ()), code)
        for postal in postaux:
            par_postal[postal] = (*par_postal.get(postal, ()), code)
    return Territoire(par_nom, par_postal)
