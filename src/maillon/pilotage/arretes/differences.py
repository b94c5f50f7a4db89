"""What differs between a sealed period and the same period today, in plain sentences. Pure: no query."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from maillon.socle.ui.typographie import INSECABLE, compter, format_euros, format_nombre

from .models import Arrete

NOMMES = 3  # acts or documents named one by one; the others are counted
CONTRAT = "Le contrat"
DEFINITION = {
    "libelle": "le libellé",
    "definition": "la définition",
    "nature": "la nature",
    "sens": "le sens",
    "unite": "l’unité",
    "reference": "la valeur de référence",
    "certificateur": "le certificateur",
    "preuve_demandee": "le justificatif demandé",
    "paliers": "les paliers",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. `indicateur` is the indicator's id, empty for what concerns the whole contract."""

    indicateur: str
    libelle: str
    phrase: str


def compare(arrete: Arrete, actuel: dict[str, Any]) -> list[Difference]:
    """What changed between the seal and `actuel` (the content of today, or what is published for CPAM and ARS).

    Only what a reader may compare: communes hidden or shown again by secrecy, and words of method, are not changes.
    """
    return compare_contenus(arrete.contenu, actuel)


def compare_contenus(avant: dict[str, Any], apres: dict[str, Any]) -> list[Difference]:
    """The same between two contents."""
    differences = [Difference("", CONTRAT, phrase) for phrase in _of_contrat(avant["chiffres"], apres["chiffres"])]
    anciens, nouveaux = _indicateurs(avant["chiffres"]), _indicateurs(apres["chiffres"])
    for cle in [*anciens, *(cle for cle in nouveaux if cle not in anciens)]:
        ancien, nouveau = anciens.get(cle), nouveaux.get(cle)
        libelle = (ancien or nouveau or {})["libelle"]
        if ancien is None or nouveau is None:
            phrase = (
                "Cet indicateur n’est plus au contrat." if nouveau is None else "Cet indicateur est entré au contrat."
            )
            differences.append(Difference(cle, libelle, phrase))
            continue
        actes = (avant["actes"].get(cle, []), apres["actes"].get(cle, []))
        differences += [Difference(cle, libelle, phrase) for phrase in _of_indicateur(ancien, nouveau, *actes)]
    return differences


def _indicateurs(chiffres: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {i["id"]: i for mission in chiffres["missions"] for i in mission["indicateurs"]}


def _of_contrat(avant: dict[str, Any], apres: dict[str, Any]) -> Iterator[str]:
    yield from _of_montant("Plafond de l’année", avant["plafond"]["total"], apres["plafond"]["total"])
    yield from _of_montant("Fonctionnement", avant["fonctionnement"], apres["fonctionnement"])
    if avant["taille"] != apres["taille"]:
        yield f"Taille{INSECABLE}: {avant['taille']} → {apres['taille']}."
    if avant["population"] != apres["population"]:
        yield f"Population{INSECABLE}: {_nombre(avant['population'])} → {_nombre(apres['population'])} habitants."
    anciennes = {mission["code"]: mission for mission in avant["missions"]}
    nouvelles = {mission["code"]: mission for mission in apres["missions"]}
    for code in [*anciennes, *(code for code in nouvelles if code not in anciennes)]:
        if code not in nouvelles or code not in anciennes:
            libelle = (nouvelles.get(code) or anciennes[code])["libelle"]
            yield f"Mission {libelle}{INSECABLE}: {'entrée au contrat' if code in nouvelles else 'sortie du contrat'}."
            continue
        yield from _of_mission(anciennes[code], nouvelles[code])


def _of_mission(avant: dict[str, Any], apres: dict[str, Any]) -> Iterator[str]:
    nom = f"Mission {avant['libelle']}"
    if (avant["statut"], avant["debut"]) != (apres["statut"], apres["debut"]):
        yield f"{nom}{INSECABLE}: {_statut(avant)} → {_statut(apres)}."
    yield from _of_montant(f"{nom}, part fixe", avant["fixe"], apres["fixe"])
    yield from _of_montant(f"{nom}, part variable", avant["variable"], apres["variable"])


def _of_indicateur(
    avant: dict[str, Any], apres: dict[str, Any], actes: Sequence[dict[str, Any]], actuels: Sequence[dict[str, Any]]
) -> Iterator[str]:
    changes = [nom for cle, nom in DEFINITION.items() if avant[cle] != apres[cle]]
    if changes:
        yield f"Définition changée{INSECABLE}: {_join(changes)}."
    if (avant["constate"], avant["constate_le"]) != (apres["constate"], apres["constate_le"]):
        yield f"Valeur constatée{INSECABLE}: {_constat(avant)} → {_constat(apres)}."
    yield from _of_actes(actes, actuels)
    if avant["prevu"] != apres["prevu"]:
        yield f"Valeur prévue{INSECABLE}: {_nombre(avant['prevu'])} → {_nombre(apres['prevu'])}."
    for cle, nom in (("constate", "Euros constatés"), ("a_confirmer", "Euros à confirmer")):
        somme, nouvelle = Decimal(avant["montants"][cle]), Decimal(apres["montants"][cle])
        if somme != nouvelle:
            yield f"{nom}{INSECABLE}: {format_euros(somme)} → {format_euros(nouvelle)}."
    yield from _of_documents(avant["preuves"], apres["preuves"])


def _of_actes(avant: Sequence[dict[str, Any]], apres: Sequence[dict[str, Any]]) -> Iterator[str]:
    """« 12 actes → 11 : l’acte A-… n’y est plus, rouvert ou corrigé. »"""
    anciens = {acte["reference"]: acte["empreinte"] for acte in avant}
    nouveaux = {acte["reference"]: acte["empreinte"] for acte in apres}
    partis = [reference for reference in anciens if reference not in nouveaux]
    venus = [reference for reference in nouveaux if reference not in anciens]
    causes = [
        *_say(partis, "n’y est plus, rouvert ou corrigé", "n’y sont plus, rouverts ou corrigés"),
        *_say(venus, "s’y ajoute", "s’y ajoutent"),
    ]
    if causes:
        suite = f"{INSECABLE}; ".join(causes)
        yield f"{compter(len(anciens), 'acte')} → {len(nouveaux)}{INSECABLE}: {suite}."
    yield from _of_empreintes([(r, anciens[r], nouveaux[r]) for r in anciens if r in nouveaux])


def _of_empreintes(actes: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    """What became of the evidence of acts that are in both: reference, hash then, hash now."""
    groupes = (
        ([r for r, a, n in actes if n and not a], "a reçu un justificatif", "ont reçu un justificatif"),
        ([r for r, a, n in actes if a and not n], "n’a plus de justificatif", "n’ont plus de justificatif"),
        ([r for r, a, n in actes if a and n and a != n], "a un autre justificatif", "ont un autre justificatif"),
    )
    for references, un, plusieurs in groupes:
        for phrase in _say(references, un, plusieurs):
            yield f"{phrase[0].upper()}{phrase[1:]}."


def _of_documents(avant: Sequence[dict[str, Any]], apres: Sequence[dict[str, Any]]) -> Iterator[str]:
    anciens, nouveaux = {p["empreinte"] for p in avant}, {p["empreinte"] for p in apres}
    for preuve in apres:
        if preuve["empreinte"] not in anciens:
            yield f"Justificatif ajouté{INSECABLE}: {preuve['libelle']} ({_jour(preuve['le'])})."
    for preuve in avant:
        if preuve["empreinte"] not in nouveaux:
            yield f"Justificatif remplacé ou retiré{INSECABLE}: {preuve['libelle']} ({_jour(preuve['le'])})."


def _of_montant(nom: str, avant: dict[str, Any] | None, apres: dict[str, Any] | None) -> Iterator[str]:
    somme, nouvelle = (None if m is None else Decimal(m["euros"]) for m in (avant, apres))
    if somme != nouvelle:
        yield f"{nom}{INSECABLE}: {format_euros(somme)} → {format_euros(nouvelle)}."


def _say(references: Sequence[str], un: str, plusieurs: str) -> list[str]:
    """« les actes A-1, A-2, A-3 et 4 autres s’y ajoutent »; nothing for none."""
    if not references:
        return []
    if len(references) == 1:
        return [f"l’acte {references[0]} {un}"]
    reste = len(references) - NOMMES
    noms = [*references[:NOMMES], *([compter(reste, "autre")] if reste > 0 else [])]
    return [f"les actes {_join(noms)} {plusieurs}"]


def _join(noms: Iterable[str]) -> str:
    """« a, b et c »."""
    *debut, fin = noms
    return f"{', '.join(debut)} et {fin}" if debut else fin


def _statut(mission: dict[str, Any]) -> str:
    return f"{mission['statut']} le {_jour(mission['debut'])}" if mission["debut"] else str(mission["statut"])


def _constat(indicateur: dict[str, Any]) -> str:
    if indicateur["constate"] is None:
        return "aucune"
    return f"{_nombre(indicateur['constate'])} au {_jour(indicateur['constate_le'])}"


def _nombre(valeur: str | int | None) -> str:
    return "aucune" if valeur is None else format_nombre(Decimal(valeur))


def _jour(le: str) -> str:
    return f"{date.fromisoformat(le):%d/%m/%Y}"
