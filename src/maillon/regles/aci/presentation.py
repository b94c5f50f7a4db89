"""What the commands show: JSON-ready values, and aligned French tables.

In JSON an amount is a number of euros: an integer when it is whole, else a number with at most two decimals. An amount
comes with its ``statut`` and ``a_confirmer``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from maillon.regles.aci.bareme import Parts
from maillon.regles.aci.formats import format_euros, format_nombre
from maillon.regles.aci.plafond import Plafond
from maillon.regles.aci.types import LigneExplication, Montant
from maillon.regles.aci.variable import Repartition, ResultatIndicateur, ResultatVariable

A_CONFIRMER = "à confirmer"

Json = dict[str, object]


def to_number(valeur: Decimal) -> int | float:
    """JSON number of an amount or a value."""
    return int(valeur) if valeur == valeur.to_integral_value() else float(valeur)


def _optional_number(valeur: Decimal | None) -> int | float | None:
    return None if valeur is None else to_number(valeur)


def montant_to_json(montant: Montant) -> Json:
    return {"montant": to_number(montant.valeur), "statut": montant.statut.value, "a_confirmer": montant.a_confirmer}


def explication_to_json(lignes: Iterable[LigneExplication]) -> list[Json]:
    return [
        {
            "libelle": ligne.libelle,
            "montant": _optional_number(ligne.montant),
            "regle": ligne.regle,
            "source": ligne.source,
            "date": ligne.date.isoformat() if ligne.date else None,
            "statut": ligne.statut.value,
            "a_confirmer": ligne.a_confirmer,
        }
        for ligne in lignes
    ]


def plafond_to_json(plafond: Plafond, *, population: int | None) -> Json:
    return {
        "date": plafond.on.isoformat(),
        "population": population,
        "taille": plafond.taille.value,
        "annee_contrat": plafond.annee_contrat,
        "missions": [mission.value for mission in plafond.missions],
        "plafond": montant_to_json(plafond.total),
        "hors_activation": montant_to_json(plafond.hors_activation),
        "activation": montant_to_json(plafond.activation),
        "fixe": montant_to_json(plafond.fixe) if plafond.fixe else None,
        "variable": montant_to_json(plafond.variable) if plafond.variable else None,
        "lignes": [_parts_to_json(ligne) for ligne in plafond.lignes],
        "explication": explication_to_json(plafond.explication),
    }


def _parts_to_json(parts: Parts) -> Json:
    return {
        "poste": parts.poste,
        "libelle": parts.libelle,
        "fixe": montant_to_json(parts.fixe),
        "variable": montant_to_json(parts.variable),
        "activation": montant_to_json(parts.activation),
        "total": montant_to_json(parts.total),
    }


def variable_to_json(resultat: ResultatVariable) -> Json:
    return {
        "date": resultat.on.isoformat(),
        "fin_periode": resultat.fin_periode.isoformat(),
        "jours_restants": resultat.jours_restants,
        "close": resultat.is_close,
        "evaluee": resultat.evaluee,
        "montants": _repartition_to_json(resultat.montants),
        "statut": resultat.statut.value,
        "a_confirmer": resultat.statut.a_confirmer,
        "missions": [
            {"mission": mission.value, "montants": _repartition_to_json(total)}
            for mission, total in resultat.by_mission().items()
        ],
        "indicateurs": [_indicateur_to_json(r) for r in resultat.resultats],
        "explication": explication_to_json(resultat.explication),
    }


def _repartition_to_json(repartition: Repartition) -> Json:
    return {
        "constate": to_number(repartition.constate),
        "a_confirmer": to_number(repartition.a_confirmer),
        "encore_possible": to_number(repartition.encore_possible),
        "perdu": to_number(repartition.perdu),
        "maximum": to_number(repartition.maximum),
    }


def _indicateur_to_json(resultat: ResultatIndicateur) -> Json:
    indicateur, prochain = resultat.indicateur, resultat.prochain
    return {
        "code": indicateur.code,
        "libelle": indicateur.libelle,
        "mission": indicateur.mission.value,
        "genre": indicateur.genre.value,
        "certificateur": indicateur.certificateur,
        "valeur_constatee": _optional_number(resultat.valeur_constatee),
        "valeur_prevue": _optional_number(resultat.valeur_prevue),
        "palier_constate": _optional_number(resultat.palier_constate.seuil) if resultat.palier_constate else None,
        "palier_prevu": _optional_number(resultat.palier_prevu.seuil) if resultat.palier_prevu else None,
        "montants": _repartition_to_json(resultat.montants),
        "statut": indicateur.statut.value,
        "a_confirmer": indicateur.statut.a_confirmer,
        "prochain_palier": prochain
        and {
            "seuil": to_number(prochain.palier.seuil),
            "distance": _optional_number(prochain.distance),
            "gain": to_number(prochain.gain),
            "phrase": prochain.phrase,
        },
    }


def format_date(jour: date) -> str:
    return f"{jour:%d/%m/%Y}"


def format_table(entetes: Sequence[str], lignes: Iterable[Sequence[str]], *, a_gauche: int = 1) -> str:
    """Aligned table: the first ``a_gauche`` columns to the left, the amounts to the right, a last free column."""
    rangs = [tuple(entetes), *(tuple(ligne) for ligne in lignes)]
    largeurs = [max(len(rang[n]) for rang in rangs) for n in range(len(entetes))]
    dernier = len(entetes) - 1

    def write(rang: Sequence[str]) -> str:
        cases = (
            texte.ljust(largeur) if n < a_gauche or n == dernier else texte.rjust(largeur)
            for n, (texte, largeur) in enumerate(zip(rang, largeurs, strict=True))
        )
        return "  ".join(cases).rstrip()

    trait = "  ".join("─" * largeur for largeur in largeurs).rstrip()
    return "\n".join([write(rangs[0]), trait, *(write(rang) for rang in rangs[1:])])


def mark(montant: Montant) -> str:
    return A_CONFIRMER if montant.a_confirmer else ""


def _cell(montant: Montant) -> str:
    return format_euros(montant.valeur) if montant.explication else ""


def plafond_to_text(plafond: Plafond) -> str:
    titre = (
        f"Plafond de l’année {plafond.annee_contrat} du contrat, {plafond.taille.libelle}, "
        f"barème au {format_date(plafond.on)}"
    )
    lignes = [
        (p.libelle, _cell(p.fixe), _cell(p.variable), _cell(p.activation), _cell(p.total), mark(p.total))
        for p in plafond.lignes
    ]
    total = plafond.total
    if plafond.fixe and plafond.variable:
        lignes.append(
            (
                "Total",
                _cell(plafond.fixe),
                _cell(plafond.variable),
                _cell(plafond.activation),
                _cell(total),
                mark(total),
            )
        )
        corps = format_table(("", "Fixe", "Variable", "Si crise", "Total", ""), lignes)
    else:
        corps = "Seul le plafond total est connu, sans le détail par mission."
    phrases = [f"Plafond : {say_montant(total)}"]
    if plafond.activation.valeur:
        phrases = [
            f"Plafond si l’ARS reconnaît une crise : {say_montant(total)}",
            f"Plafond sans crise reconnue : {say_montant(plafond.hors_activation)}",
        ]
    return "\n".join([titre, "", corps, "", *phrases, "", *_reasons(plafond), "", *list_sources(plafond.explication)])


def _reasons(plafond: Plafond) -> list[str]:
    """Lines that the table does not hold: the size, the published total that corroborates it, or replaces it."""
    postes = {ligne for parts in plafond.lignes for ligne in parts.total.explication}
    lignes = [ligne for ligne in plafond.explication if ligne not in postes]
    montants = ["" if ligne.montant is None else f"{format_euros(ligne.montant)}, " for ligne in lignes]
    return [
        "Explication :",
        *(
            f"  – {ligne.libelle} : {montant}{ligne.statut.libelle}. {ligne.regle}"
            for ligne, montant in zip(lignes, montants, strict=True)
        ),
    ]


def say_montant(montant: Montant) -> str:
    marque = f" ({A_CONFIRMER})" if montant.a_confirmer else ""
    return f"{format_euros(montant.valeur)}{marque}"


def variable_to_text(resultat: ResultatVariable) -> str:
    entetes = ("", "Constaté", "À confirmer", "Encore possible", "Perdu", "Prochain palier")
    lignes = [
        (r.indicateur.libelle, *_repartition_cells(r.montants), r.prochain.phrase if r.prochain else "")
        for r in resultat.resultats
    ]
    lignes.append(("Total", *_repartition_cells(resultat.montants), ""))
    if resultat.is_close:
        etat = f"année close le {format_date(resultat.fin_periode)}, {'' if resultat.evaluee else 'pas encore '}évaluée"
    else:
        etat = f"encore {format_nombre(resultat.jours_restants)} j, jusqu’au {format_date(resultat.fin_periode)}"
    return "\n".join(
        [f"Part variable au {format_date(resultat.on)} ({etat})", "", format_table(entetes, lignes), ""]
    ).rstrip()


def _repartition_cells(repartition: Repartition) -> tuple[str, str, str, str]:
    return (
        format_euros(repartition.constate),
        format_euros(repartition.a_confirmer),
        format_euros(repartition.encore_possible),
        format_euros(repartition.perdu),
    )


def list_sources(lignes: Iterable[LigneExplication]) -> list[str]:
    """Each text once."""
    sources = dict.fromkeys(ligne.source for ligne in lignes)
    return ["Sources :", *(f"  – {source}" for source in sources)]
