"""What a bank says has happened: CAMT.053 statements and CSV exports. Pure; a bad file changes nothing."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.chiffrement import normalize
from maillon.socle.fichiers.tableaux import Ligne, Limites, Tableau, TableauIllisible, read_tableau

TAILLE_MAX = 10 * 1024 * 1024
MOUVEMENTS_MAX = 20_000
CAMT = re.compile(r"^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.\d{2}$")
LIMITES = Limites(
    lignes=MOUVEMENTS_MAX,
    cellules=MOUVEMENTS_MAX * 20,
    trop_de_lignes="Ce relevé a plus de 20 000 lignes. Exportez une période plus courte.",
    trop_de_cellules="Ce relevé a trop de cellules. Exportez une période plus courte.",
    trop_de_colonnes="Ce relevé a trop de colonnes\u00a0: exportez le relevé d’opérations de la banque.",
)
TITRES = {
    "date": ("date", "date operation", "date d operation", "date comptable", "date de valeur"),
    "libelle": ("libelle", "libelle operation", "intitule", "description", "nature", "libelle complet"),
    "debit": ("debit", "debit euros", "montant debit"),
    "credit": ("credit", "credit euros", "montant credit"),
    "montant": ("montant", "montant euros", "montant operation"),
}
# Reasons of ISO 20022 that a person may meet, in words.
MOTIFS = {
    "AC01": "IBAN inconnu de la banque",
    "AC04": "compte clos",
    "AC06": "compte bloqué",
    "AG01": "opération interdite sur ce compte",
    "AM04": "provision insuffisante",
    "BE05": "émetteur non reconnu",
    "MD07": "titulaire décédé",
    "MS02": "refusé par le bénéficiaire",
    "MS03": "motif non précisé par la banque",
    "RC01": "BIC faux",
    "RR04": "raison réglementaire",
}


@dataclass(frozen=True, slots=True)
class Mouvement:
    """A line of a statement: money out is positive. `rejet` is why a transfer came back, in words."""

    le: date
    montant: Decimal
    libelle: str
    reference: str = ""
    rejet: str = ""


def read_releve(contenu: bytes) -> tuple[Mouvement, ...]:
    """The movements of a CAMT.053 or a CSV/XLSX statement. Raises SaisieInvalide, which says what to do."""
    if len(contenu) > TAILLE_MAX:
        raise SaisieInvalide("Ce fichier dépasse 10 Mo\u00a0: exportez une période plus courte.")
    if contenu.lstrip()[:1] == b"<" or contenu.startswith(b"\xef\xbb\xbf<"):
        return read_camt(contenu)
    return _read_tableur(contenu)


def read_camt(contenu: bytes) -> tuple[Mouvement, ...]:
    """The movements of a CAMT.053 statement, of any version."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        racine = etree.fromstring(contenu, parser)
    except etree.XMLSyntaxError:
        raise SaisieInvalide("Ce fichier XML est abîmé ou incomplet\u00a0: téléchargez-le de nouveau.") from None
    if racine.getroottree().docinfo.doctype:
        raise SaisieInvalide("Ce fichier XML porte des déclarations qu’un relevé n’a pas\u00a0: il n’est pas lu.")
    espace = etree.QName(racine).namespace or ""
    if not CAMT.match(espace):
        raise SaisieInvalide(
            "Ce fichier XML n’est pas un relevé de compte CAMT.053\u00a0: demandez ce format à la banque."
        )
    ns = {"c": espace}
    mouvements: list[Mouvement] = []
    for entree in racine.iterfind(".//c:Stmt/c:Ntry", ns):
        mouvements += _read_entree(entree, ns)
        if len(mouvements) > MOUVEMENTS_MAX:
            raise SaisieInvalide(LIMITES.trop_de_lignes)
    return tuple(mouvements)


def _read_entree(entree: etree._Element, ns: dict[str, str]) -> list[Mouvement]:
    """The transactions of an entry, or the entry itself when the bank gives no detail."""
    jour = entree.findtext("c:BookgDt/c:Dt", "", ns) or entree.findtext("c:BookgDt/c:DtTm", "", ns)[:10]
    sens = entree.findtext("c:CdtDbtInd", "", ns)
    details = entree.findall("c:NtryDtls/c:TxDtls", ns) or [entree]
    mouvements = []
    for detail in details:
        brut = detail.findtext("c:Amt", "", ns) or detail.findtext("c:AmtDtls/c:TxAmt/c:Amt", "", ns)
        brut = brut or (entree.findtext("c:Amt", "", ns) if len(details) == 1 else "")
        try:
            le, montant = date.fromisoformat(jour), _to_decimal(brut)
        except (ValueError, InvalidOperation):
            raise SaisieInvalide(
                "Une opération de ce relevé n’a pas de date ou de montant lisible\u00a0: rien n’est enregistré."
            ) from None
        code = detail.findtext("c:RtrInf/c:Rsn/c:Cd", "", ns)
        mouvements.append(
            Mouvement(
                le=le,
                montant=montant if (detail.findtext("c:CdtDbtInd", "", ns) or sens) == "DBIT" else -montant,
                libelle=(detail.findtext(".//c:Ustrd", "", ns) or entree.findtext("c:AddtlNtryInf", "", ns))[:140],
                reference=detail.findtext("c:Refs/c:EndToEndId", "", ns),
                rejet=MOTIFS.get(code, f"motif {code} de la banque") if code else "",
            )
        )
    return mouvements


def _read_tableur(contenu: bytes) -> tuple[Mouvement, ...]:
    try:
        tableau = read_tableau(contenu, limites=LIMITES)
    except TableauIllisible as refus:
        raise SaisieInvalide(str(refus)) from None
    rangs = _find_colonnes(tableau)
    if "date" not in rangs or "libelle" not in rangs or not rangs.keys() & {"debit", "montant"}:
        raise SaisieInvalide(
            "Les colonnes de ce relevé ne sont pas reconnues. Il faut une date, un libellé, et un débit ou un montant."
        )
    return tuple(mouvement for ligne in tableau.lignes if (mouvement := _read_ligne(ligne, rangs)) is not None)


def _find_colonnes(tableau: Tableau) -> dict[str, int]:
    """Rank of each column known by its title."""
    titres = [normalize(str(titre)) for titre in tableau.entetes]
    return {
        nom: next(rang for rang, titre in enumerate(titres) if titre in mots)
        for nom, mots in TITRES.items()
        if any(titre in mots for titre in titres)
    }


def _read_ligne(ligne: Ligne, rangs: dict[str, int]) -> Mouvement | None:
    def cell(nom: str) -> object:
        rang = rangs.get(nom)
        return ligne.cellules[rang] if rang is not None and rang < len(ligne.cellules) else None

    if not any(ligne.cellules):
        return None
    le = _to_date(cell("date"))
    if "debit" in rangs:
        montant = abs(_to_euros(cell("debit"))) - abs(_to_euros(cell("credit")))
    else:
        montant = -_to_euros(cell("montant"))
    if le is None:
        raise SaisieInvalide(f"Ligne {ligne.numero}\u00a0: la date ne se lit pas. Rien n’est enregistré.")
    return Mouvement(le=le, montant=montant, libelle=str(cell("libelle") or "")[:140])


def _to_date(valeur: object) -> date | None:
    if isinstance(valeur, date):
        return valeur
    trouve = re.fullmatch(r"(\d{2})[/.-](\d{2})[/.-](\d{4})", str(valeur or "").strip())
    try:
        if trouve:
            return date(int(trouve[3]), int(trouve[2]), int(trouve[1]))
        return date.fromisoformat(str(valeur or "").strip())
    except ValueError:
        return None


def _to_decimal(texte: str) -> Decimal:
    """A number, never « NaN » nor « Infinity »; raises InvalidOperation."""
    if not (nombre := Decimal(texte)).is_finite():
        raise InvalidOperation
    return nombre


def _to_euros(valeur: object) -> Decimal:
    if isinstance(valeur, Decimal):
        return valeur
    texte = re.sub(r"[\s\u00a0\u202f€]", "", str(valeur or "")).replace(",", ".")
    if not texte:
        return Decimal(0)
    try:
        return _to_decimal(texte)
    except InvalidOperation:
        raise SaisieInvalide(f"« {valeur} » n’est pas un montant\u00a0: rien n’est enregistré.") from None
