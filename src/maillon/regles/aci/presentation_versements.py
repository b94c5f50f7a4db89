"""What ``maillon aci versements`` shows of one contract: JSON-ready values, aligned French tables, CSV rows."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from maillon.regles.aci.formats import format_euros
from maillon.regles.aci.presentation import (
    Json,
    explication_to_json,
    format_date,
    format_table,
    list_sources,
    mark,
    montant_to_json,
    say_montant,
    to_number,
)
from maillon.regles.aci.recus import Rapprochement
from maillon.regles.aci.resiliation import Resiliation
from maillon.regles.aci.versements import Echeancier, Versement

APRES_EVALUATION = "après évaluation"
ENTETES_CSV = ("contrat", "date", "annee_contrat", "poste", "nature", "montant", "certain", "statut")


def echeancier_to_json(echeancier: Echeancier, *, explained: bool = True) -> Json:
    """The schedule; without ``explained`` the amounts alone, for thousands of contracts at once."""
    reponse: Json = {
        "signature": echeancier.signature.isoformat(),
        "date_bareme": echeancier.on.isoformat(),
        "taille": echeancier.taille.value,
        "anniversaires": [jour.isoformat() for jour in echeancier.anniversaires[1:]],
        "versements": [versement_to_json(v) for v in echeancier.versements],
    }
    if len(echeancier.periodes) > 1:
        reponse["avenants"] = [
            {
                "effet": periode.debut.isoformat(),
                "date_bareme": periode.on.isoformat(),
                "taille": periode.taille.taille.value,
                "missions": [mission.value for mission in periode.missions],
            }
            for periode in echeancier.periodes[1:]
        ]
    if not explained:
        return reponse
    premiere = echeancier.between(echeancier.signature, echeancier.anniversaires[1])
    return reponse | {
        "premiere_annee": montant_to_json(premiere.total),
        "total": montant_to_json(echeancier.total),
        "au_plus": montant_to_json(echeancier.au_plus),
        "par_annee": {str(annee): montant_to_json(m) for annee, m in sorted(echeancier.by_annee().items())},
        "par_poste": {poste: montant_to_json(m) for poste, m in echeancier.by_poste().items()},
        "explication": explication_to_json(echeancier.explication),
    }


def versement_to_json(versement: Versement) -> Json:
    return {
        "date": versement.date.isoformat() if versement.date else None,
        "annee_contrat": versement.annee_contrat,
        "poste": versement.poste,
        "nature": versement.nature,
        "certain": versement.certain,
        "montant": to_number(versement.valeur),
        "statut": versement.statut,
        "a_confirmer": versement.statut.a_confirmer,
    }


def rapprochement_to_json(rapprochement: Rapprochement) -> Json:
    return {
        "date": rapprochement.on.isoformat(),
        "attendu": to_number(rapprochement.attendu),
        "recu": to_number(rapprochement.recu),
        "ecart": to_number(rapprochement.ecart),
        "lignes": [
            {
                "annee_contrat": ligne.annee,
                "poste": ligne.poste,
                "attendu": to_number(ligne.attendu),
                "recu": to_number(ligne.recu),
                "ecart": to_number(ligne.ecart),
            }
            for ligne in rapprochement.lignes
        ],
    }


def resiliation_to_json(resiliation: Resiliation) -> Json:
    return {
        "date": resiliation.le.isoformat(),
        "annee_contrat": resiliation.annee_contrat,
        "jours": resiliation.jours,
        "jours_annee": resiliation.jours_annee,
        "a_rembourser": to_number(resiliation.a_rembourser),
        "reste_du": to_number(resiliation.reste_du),
        "statut": resiliation.statut.value,
        "a_confirmer": resiliation.statut.a_confirmer,
        "lignes": [
            {
                "poste": ligne.poste,
                "paye": to_number(ligne.paye),
                "du": to_number(ligne.du),
                "a_rembourser": to_number(ligne.a_rembourser),
                "reste_du": to_number(ligne.reste_du),
                "regle": ligne.regle,
            }
            for ligne in resiliation.lignes
        ],
    }


def echeancier_to_csv(nom: str, echeancier: Echeancier) -> Iterator[tuple[object, ...]]:
    """One row a payment, under ``ENTETES_CSV``."""
    for v in echeancier.versements:
        oui_non = "oui" if v.certain else "non"
        jour = v.date.isoformat() if v.date else ""
        yield nom, jour, v.annee_contrat, v.poste, v.nature, _plain(v.valeur), oui_non, v.statut


def _plain(montant: Decimal) -> str:
    return f"{montant:.2f}"


def echeancier_to_text(echeancier: Echeancier) -> str:
    lignes = [
        (
            format_date(v.date) if v.date else APRES_EVALUATION,
            f"année {v.annee_contrat}" if v.annee_contrat else "avant",
            v.libelle,
            v.nature.libelle,
            format_euros(v.valeur),
            ", ".join(filter(None, ("" if v.certain else "au plus", mark(v.montant)))),
        )
        for v in echeancier.versements
    ]
    premiere = echeancier.between(echeancier.signature, echeancier.anniversaires[1]).total
    annees = [
        f"  – année {annee} : {say_montant(montant)}" if annee else f"  – avant le contrat : {say_montant(montant)}"
        for annee, montant in sorted(echeancier.by_annee().items())
    ]
    return "\n".join(
        [
            f"Versements du contrat signé le {format_date(echeancier.signature)}, {echeancier.taille.libelle}, "
            f"barème au {format_date(echeancier.on)}",
            "",
            format_table(("Date", "Pour", "Poste", "Nature", "Montant", ""), lignes, a_gauche=4),
            "",
            f"Avant le premier anniversaire : {say_montant(premiere)}",
            f"Sur tout le contrat, versements sûrs : {say_montant(echeancier.total)}, dont :",
            *annees,
            f"S’y ajoutent, selon les résultats, {say_montant(echeancier.au_plus)} au plus de parts variables, "
            "et l’activation de crise si l’ARS la reconnaît.",
            "",
            *list_sources(echeancier.explication),
        ]
    )


def rapprochement_to_text(rapprochement: Rapprochement) -> str:
    return (
        f"Reçu au {format_date(rapprochement.on)} : {format_euros(rapprochement.recu)} pour "
        f"{format_euros(rapprochement.attendu)} attendus, écart {format_euros(rapprochement.ecart, signe=True)}."
    )


def resiliation_to_text(resiliation: Resiliation) -> str:
    doute = " (à confirmer)" if resiliation.statut.a_confirmer else ""
    return "\n".join(
        [
            f"Résiliation le {format_date(resiliation.le)}, {resiliation.jours} jours sur "
            f"{resiliation.jours_annee} de l’année {resiliation.annee_contrat} : "
            f"{format_euros(resiliation.a_rembourser)} à rembourser, "
            f"{format_euros(resiliation.reste_du)} restant dus à la communauté{doute}.",
            *(f"  – {ligne.libelle} : {ligne.regle}" for ligne in resiliation.lignes),
        ]
    )
