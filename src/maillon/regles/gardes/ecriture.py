"""A problem and a plan written as JSON values: what ``lecture`` reads."""

from __future__ import annotations

from typing import Any

from maillon.regles.gardes.lecture import FORMAT_PLAN, FORMAT_PROBLEME
from maillon.regles.gardes.plan import Bilan, Plan, Refus
from maillon.regles.gardes.types import Affectation, Indisponibilite, Limites, Personne, Poste, Probleme, Souhait
from maillon.regles.gardes.verification import Verification


def probleme_to_json(probleme: Probleme) -> dict[str, Any]:
    """The problem as ``read_probleme`` reads it: nothing is lost."""
    return {
        "format": FORMAT_PROBLEME,
        "fuseau": probleme.fuseau,
        "graine": probleme.graine,
        "personnes": [_write_personne(personne) for personne in probleme.personnes],
        "postes": [_write_poste(poste) for poste in probleme.postes],
        "indisponibilites": [_write_indisponibilite(i) for i in probleme.indisponibilites],
        "souhaits": [_write_souhait(souhait) for souhait in probleme.souhaits],
        "fixees": [_write_affectation(affectation) for affectation in probleme.fixees],
        "commencees": [_write_affectation(affectation) for affectation in probleme.commencees],
        "interdites": [_write_affectation(affectation) for affectation in probleme.interdites],
        "ailleurs": [
            {"personne": g.personne, "debut": g.debut.isoformat(), "fin": g.fin.isoformat(), "tableau": g.tableau}
            for g in probleme.ailleurs
        ],
    }


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan with everything that explains it."""
    return {
        "format": FORMAT_PLAN,
        "prouve": plan.prouve,
        "niveaux": [
            {"objectif": n.objectif.value, "valeur": n.valeur, "borne": n.borne, "ecart": n.ecart, "prouve": n.prouve}
            for n in plan.niveaux
        ],
        "affectations": [_write_affectation(affectation) for affectation in plan.affectations],
        "bilans": [_write_bilan(bilan) for bilan in plan.bilans],
        "manques": [
            {
                "poste": manque.poste,
                "nombre": manque.nombre,
                "raisons": [{"personne": r.personne, "code": r.code, "raison": r.phrase} for r in manque.raisons],
            }
            for manque in plan.manques
        ],
        "refus": [_write_refus(refus) for refus in plan.refus],
    }


def verification_to_json(verification: Verification) -> dict[str, Any]:
    """The faults, and the objectives counted again."""
    return {
        "valide": verification.valide,
        "fautes": [
            {"code": f.code, "phrase": f.phrase, "personnes": list(f.personnes), "postes": list(f.postes)}
            for f in verification.fautes
        ],
        "couverture": verification.couverture,
        "equite": verification.equite,
        "souhaits": verification.souhaits,
        "manques": [{"poste": poste, "nombre": nombre} for poste, nombre in verification.manques],
    }


def _write_personne(personne: Personne) -> dict[str, Any]:
    credits = None if personne.credits is None else {genre.value: n for genre, n in personne.credits.items()}
    return {
        "cle": personne.cle,
        "nom": personne.nom,
        "profession": personne.profession,
        "quotite": personne.quotite,
        "credits": credits,
        "limites": _write_limites(personne.limites),
    }


def _write_limites(limites: Limites) -> dict[str, int | None]:
    return {
        "semaine": limites.semaine,
        "mois": limites.mois,
        "periode": limites.periode,
        "consecutifs": limites.consecutifs,
        "week_ends": limites.week_ends,
        "ecart_heures": limites.ecart_heures,
    }


def _write_poste(poste: Poste) -> dict[str, Any]:
    return {
        "cle": poste.cle,
        "nom": poste.nom,
        "profession": poste.profession,
        "debut": poste.debut.isoformat(),
        "fin": poste.fin.isoformat(),
        "genre": poste.genre.value,
        "besoin": poste.besoin,
        "importance": poste.importance,
        "charge": poste.charge,
        "obligatoire": poste.obligatoire,
    }


def _write_indisponibilite(indisponibilite: Indisponibilite) -> dict[str, Any]:
    bornes = {"debut": indisponibilite.debut, "fin": indisponibilite.fin}
    return {
        "personne": indisponibilite.personne,
        "motif": indisponibilite.motif,
        **{cle: instant.isoformat() for cle, instant in bornes.items() if instant is not None},
    }


def _write_souhait(souhait: Souhait) -> dict[str, Any]:
    cible: dict[str, Any] = {"poste": souhait.poste, "jour_semaine": souhait.jour_semaine}
    if souhait.jour is not None:
        cible["jour"] = souhait.jour.isoformat()
    return {
        "personne": souhait.personne,
        "sens": souhait.sens.value,
        "poids": souhait.poids,
        **{cle: valeur for cle, valeur in cible.items() if valeur is not None},
    }


def _write_affectation(affectation: Affectation) -> dict[str, str]:
    return {"poste": affectation.poste, "personne": affectation.personne}


def _write_bilan(bilan: Bilan) -> dict[str, Any]:
    return {
        "personne": bilan.personne,
        "genre": None if bilan.genre is None else bilan.genre.value,
        "gardes": bilan.gardes,
        "charge": bilan.charge,
        "credit": bilan.credit,
        "part": float(bilan.part),
        "ecart": float(bilan.ecart),
    }


def _write_refus(refus: Refus) -> dict[str, Any]:
    cout = None
    if refus.cout is not None:
        cout = dict(zip(("couverture", "equite", "souhaits"), refus.cout, strict=True))
    return {
        "souhait": _write_souhait(refus.souhait),
        "possible": refus.possible,
        "raison": refus.raison,
        "cout": cout,
        "exact": refus.exact,
    }
