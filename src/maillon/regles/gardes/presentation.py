"""A plan and its verification as French text."""

from __future__ import annotations

from maillon.regles.gardes.phrases import say_personnes, say_poste
from maillon.regles.gardes.plan import Niveau, Objectif, Plan
from maillon.regles.gardes.types import Probleme
from maillon.regles.gardes.verification import Verification

_INSECABLE = "\u00a0"


def plan_to_text(probleme: Probleme, plan: Plan) -> str:
    """The roster, how good it is, and what it could not give."""
    tenants: dict[str, list[str]] = {}
    for affectation in plan.affectations:
        tenants.setdefault(affectation.poste, []).append(probleme.par_personne[affectation.personne].appel)
    postes = sorted(probleme.postes, key=lambda poste: (poste.debut.timestamp(), poste.profession, poste.cle))
    lignes = []
    for poste in postes:
        qui = ", ".join(tenants.get(poste.cle, ["personne"]))
        lignes.append(f"{_capital(say_poste(probleme, poste))} ({poste.profession}){_INSECABLE}: {qui}")
    lignes += ["", *(_say_niveau(niveau) for niveau in plan.niveaux)]
    for manque in plan.manques:
        quoi = say_poste(probleme, probleme.par_poste[manque.poste])
        lignes += ["", f"Il manque {say_personnes(manque.nombre)} pour {quoi}{_INSECABLE}:"]
        lignes += [f"- {raison.phrase}" for raison in manque.raisons] or ["- personne n’est de cette profession."]
    if plan.refus:
        lignes += ["", "Souhaits qui n’ont pas pu être suivis :"]
        lignes += [
            f"- {probleme.par_personne[refus.souhait.personne].appel}{_INSECABLE}: {refus.raison}"
            for refus in plan.refus
        ]
    return "\n".join(lignes)


def _say_niveau(niveau: Niveau) -> str:
    nom = {
        Objectif.COUVERTURE: "Manques (pondérés)",
        Objectif.CHANGEMENTS: "Changements",
        Objectif.EQUITE: "Inéquité (carrés des charges)",
        Objectif.SOUHAITS: "Souhaits suivis (poids)",
    }[niveau.objectif]
    sur = "optimum prouvé" if niveau.prouve else f"non prouvé, borne {niveau.borne}"
    return f"{nom}{_INSECABLE}: {niveau.valeur} ({sur})"


def verification_to_text(verification: Verification) -> str:
    """Each fault, or that there is none, then the objectives counted again."""
    lignes = [f"- {_capital(faute.phrase)}." for faute in verification.fautes]
    entete = f"{len(lignes)} faute{'s' if len(lignes) > 1 else ''}{_INSECABLE}:" if lignes else "Aucune faute."
    comptes = (
        f"Manques (pondérés){_INSECABLE}: {verification.couverture}. Inéquité (carrés des charges){_INSECABLE}: "
        f"{verification.equite}. Souhaits suivis (poids){_INSECABLE}: {verification.souhaits}."
    )
    return "\n".join([entete, *lignes, comptes])


def _capital(phrase: str) -> str:
    return f"{phrase[0].upper()}{phrase[1:]}"
