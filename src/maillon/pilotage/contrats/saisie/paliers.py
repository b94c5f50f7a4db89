"""The tiers of an annex as people write them: « 219–101 → 3 000 € ; 100–51 → 6 000 € ; ≤ 50 → 9 000 € ».

Read, then settled: a range pays from its easy end, which depends on the direction; « − 100 » is counted from the
baseline. Pure; nothing but Illisible is ever raised.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from maillon.regles.aci.formats import format_euros, format_nombre

from ..donnees import DonneesPalier
from ..enums import SensIndicateur
from .nombres import EURO, NOMBRE, Illisible, clean, fold, read_euros, spell_out, to_decimal

PALIERS_MAX = 12
BAISSE, HAUSSE = SensIndicateur.BAISSE, SensIndicateur.HAUSSE
_MONTANT = re.compile(rf"(?P<nombre>{NOMBRE})\s*(?P<signe>{EURO})", re.IGNORECASE)
_RANG = re.compile(
    r"\b(?:palier|niveau|tranche|seuil|etape|étape|n°)\s*(?:n°\s*)?\d{1,2}\s*(?=[:\-→=(]|$)\s*[:\-=]?", re.IGNORECASE
)
_NOMBRES = re.compile(rf"(?<![\w.,]){NOMBRE}")
_LIBELLES = (("socle", "socle"), ("intermediaire", "intermédiaire"), ("objectif", "objectif"), ("cible", "cible"))
_AU_PLUS = ("≤", "<=", "=<", "au plus", "ou moins", "et moins", "jusqu'a", "maximum", "max", "ne depass")
_AU_MOINS = ("≥", ">=", "=>", "au moins", "ou plus", "et plus", "a partir de", "minimum", "min")
_MOINS_DE = ("<", "moins de", "inferieur a")
_PLUS_DE = (">", "plus de", "superieur a")
_TOUT_OU_RIEN = {
    "oui",
    "oui non",
    "non oui",
    "fait",
    "realise",
    "realisee",
    "atteint",
    "tout ou rien",
    "produit",
    "livre",
    "0 ou 1",
}


@dataclass(frozen=True, slots=True)
class PalierLu:
    """A tier as written. `bas` and `haut` are the ends of a range (equal for one number); `relatif` counts from the
    baseline; `depart` is the baseline given by « 303 → 203 »; without number it is a deliverable."""

    montant: Decimal | None
    bas: Decimal | None = None
    haut: Decimal | None = None
    sens: SensIndicateur | None = None
    relatif: bool = False
    depart: Decimal | None = None
    pour_cent: bool = False
    libelle: str = ""

    @property
    def is_livrable(self) -> bool:
        return self.bas is None


def split_paliers(texte: str) -> list[str]:
    """The tiers of one cell: by semicolons, lines, bullets; after each « € » when there are several."""
    morceaux = []
    for morceau in re.split(r"[;\n|•●▪]|\bpuis\b", clean(texte)):
        if len(_MONTANT.findall(morceau)) > 1 and not re.match(rf"\s*{_MONTANT.pattern}", morceau, re.IGNORECASE):
            morceau = re.sub(rf"({EURO})", "\\1\n", morceau, flags=re.IGNORECASE)
        morceaux += [m.strip(" ,/.") for m in morceau.split("\n")]
    return [m for m in morceaux if m and m not in "-→"]


def read_paliers(texte: str) -> list[PalierLu]:
    """Every tier of a cell; [] for an empty one. Raises Illisible, naming what is not understood."""
    morceaux = split_paliers(texte)
    if len(morceaux) > PALIERS_MAX:
        raise Illisible(f"{len(morceaux)} paliers dans une seule case : {PALIERS_MAX} au plus.")
    return [read_palier(morceau) for morceau in morceaux]


def read_palier(texte: str) -> PalierLu:
    """One tier: its amount, then what remains is the threshold."""
    ecrit = spell_out(_RANG.sub(" ", clean(texte).replace("\n", " ")))
    montants = list(_MONTANT.finditer(ecrit))
    if len(montants) > 1:
        raise Illisible(f"« {_court(texte)} » donne deux montants : séparez les paliers par des points-virgules.")
    if montants:
        trouve = montants[0]
        montant = to_decimal(trouve["nombre"], euros=True) * (1000 if trouve["signe"].casefold()[0] == "k" else 1)
        reste = f"{ecrit[: trouve.start()]} {ecrit[trouve.end() :]}"
    else:
        gauche, separateur, droite = _cut(ecrit)
        if not separateur:
            raise Illisible(
                f"« {_court(texte)} » ne donne pas de montant : écrivez par exemple "
                "« ≤ 203 : 5 000 € » ou « oui/non 5 000 € »."
            )
        lu = read_euros(droite, nom="le montant du palier")
        if lu is None:
            raise Illisible(f"« {_court(texte)} » ne donne pas de montant après « {separateur} ».")
        montant, reste = lu, gauche
    return replace(read_seuil(reste), montant=montant)


def read_seuil(texte: str) -> PalierLu:
    """A threshold alone: « 219–101 », « ≤ 50 », « socle 69,70 % », « 303 → 203 », « − 100 », « oui/non »."""
    propre = spell_out(_RANG.sub(" ", clean(texte).replace("\n", " "))).strip(" :=,.()")
    propre = re.sub(r"\s*→\s*$|^\s*→\s*", "", propre).strip(" :=")
    plat = fold(propre)
    libelle = next((nom for mot, nom in _LIBELLES if mot in plat), "")
    if plat in _TOUT_OU_RIEN:
        return PalierLu(None)
    nombres = [to_decimal(n) for n in _NOMBRES.findall(propre)]
    lu = PalierLu(None, pour_cent="%" in propre, libelle=libelle)
    if not nombres:
        return lu
    if len(nombres) > 2:
        raise Illisible(
            f"« {_court(texte)} » donne {len(nombres)} nombres : écrivez un palier par segment, « seuil : montant »."
        )
    if len(nombres) == 2:
        return _read_intervalle(lu, propre, nombres, texte)
    return _read_un_nombre(lu, propre, nombres[0])


def _cut(ecrit: str) -> tuple[str, str, str]:
    """Split at the last arrow, colon or equals sign."""
    place = max(ecrit.rfind("→"), ecrit.rfind(":"), ecrit.rfind("="))
    return (ecrit[:place], ecrit[place], ecrit[place + 1 :]) if place >= 0 else (ecrit, "", "")


def _read_intervalle(lu: PalierLu, propre: str, nombres: list[Decimal], texte: str) -> PalierLu:
    premier, second = nombres
    if "→" in propre:
        vers = BAISSE if second < premier else HAUSSE
        return replace(lu, bas=second, haut=second, depart=premier, sens=vers)
    if not re.search(rf"{NOMBRE}\s*%?\s*(?:-|à|a|et|/)\s*{NOMBRE}", propre):
        raise Illisible(
            f"« {_court(texte)} » donne deux nombres sans dire leur lien : écrivez « 219–101 » ou « 303 → 203 »."
        )
    sens = BAISSE if premier > second else None
    return replace(lu, bas=min(nombres), haut=max(nombres), sens=sens)


def _read_un_nombre(lu: PalierLu, propre: str, nombre: Decimal) -> PalierLu:
    plat = unaccent(propre)
    if re.match(r"(?:\w+\s)?\s*[+-]\s*\d", propre) or re.match(r"(?:baisse|reduction|diminution) de\b", plat):
        vers = HAUSSE if "+" in propre else BAISSE
        return replace(lu, bas=nombre, haut=nombre, sens=vers, relatif=True)
    if re.match(r"(?:hausse|augmentation|progression) de\b", plat):
        return replace(lu, bas=nombre, haut=nombre, sens=HAUSSE, relatif=True)
    for bornes, vers in ((_AU_PLUS, BAISSE), (_AU_MOINS, HAUSSE)):
        if any(mot in plat for mot in bornes):
            return replace(lu, bas=nombre, haut=nombre, sens=vers)
    for mots, sens, pas in ((_MOINS_DE, BAISSE, -1), (_PLUS_DE, HAUSSE, 1)):
        if any(mot in plat for mot in mots):
            if nombre != int(nombre) or lu.pour_cent:
                raise Illisible(f"« {_court(propre)} » : pour un taux, écrivez « au plus » (≤) ou « au moins » (≥).")
            return replace(lu, bas=nombre + pas, haut=nombre + pas, sens=sens)
    return replace(lu, bas=nombre, haut=nombre)


def unaccent(texte: str) -> str:
    """Lower case without accents; signs are kept."""
    return "".join(
        {"à": "a", "â": "a", "é": "e", "è": "e", "ê": "e", "î": "i", "ô": "o", "û": "u", "’": "'"}.get(c, c)
        for c in texte.casefold()
    )


def find_sens(lus: Sequence[PalierLu], reference: Decimal | None) -> SensIndicateur | None:
    """The direction that the tiers say: written, or by their order, or by their place beside the baseline."""
    for lu in lus:
        if lu.sens is not None:
            return lu.sens
    seuils = [lu.bas for lu in lus if lu.bas is not None]
    payes = [lu for lu in lus if lu.bas is not None and lu.montant is not None]
    if len(payes) > 1 and payes[0].bas != payes[-1].bas and payes[0].montant != payes[-1].montant:
        monte = (payes[-1].bas or 0) > (payes[0].bas or 0)
        paie_plus = (payes[-1].montant or 0) > (payes[0].montant or 0)
        return HAUSSE if monte == paie_plus else BAISSE
    if seuils and reference is not None and seuils[-1] != reference:
        return BAISSE if seuils[-1] < reference else HAUSSE
    return None


def settle_paliers(lus: Sequence[PalierLu], *, sens: SensIndicateur, reference: Decimal | None) -> list[DonneesPalier]:
    """Thresholds as numbers. Raises Illisible when an amount or the baseline lacks, or a threshold is below zero."""
    return [_settle(lu, sens, reference) for lu in lus]


def _settle(lu: PalierLu, sens: SensIndicateur, reference: Decimal | None) -> DonneesPalier:
    if lu.montant is None:
        ecrit = format_nombre(lu.bas) if lu.bas is not None else "tout ou rien"
        raise Illisible(f"le palier « {ecrit} » n’a pas de montant.")
    if lu.bas is None or lu.haut is None:
        return DonneesPalier(seuil=Decimal(1), montant=lu.montant, libelle=lu.libelle)
    seuil = lu.haut if sens == BAISSE else lu.bas
    if lu.relatif:
        if reference is None:
            signe = "−" if lu.sens == BAISSE else "+"
            raise Illisible(f"« {signe} {format_nombre(lu.bas)} » se compte depuis la valeur de départ : donnez-la.")
        seuil = reference - lu.bas if lu.sens == BAISSE else reference + lu.bas
    if seuil < 0:
        raise Illisible(f"le seuil obtenu, {format_nombre(seuil)}, est sous zéro.")
    return DonneesPalier(seuil=seuil, montant=lu.montant, libelle=lu.libelle)


def write_paliers(
    paliers: Sequence[DonneesPalier], *, sens: SensIndicateur, unite: str = "", livrable: bool = False
) -> str:
    """The tiers written so that reading them again gives the same: « ≤ 219 : 3 000 € ; ≤ 100 : 6 000 € »."""
    if livrable and len(paliers) == 1 and paliers[0].seuil == 1:
        return f"oui/non : {format_euros(paliers[0].montant)}"
    signe, pour_cent = ("≤" if sens == BAISSE else "≥"), " %" if unite == "%" else ""
    return " ; ".join(
        f"{p.libelle} {signe} {format_nombre(p.seuil)}{pour_cent} : {format_euros(p.montant)}".strip() for p in paliers
    )


def _court(texte: str, longueur: int = 60) -> str:
    propre = " ".join(texte.split())
    return propre if len(propre) <= longueur else f"{propre[:longueur]}…"
