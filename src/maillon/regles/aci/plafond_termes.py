"""Ceiling of a contract year whose terms may change inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from maillon.regles.aci.bareme import Parts
from maillon.regles.aci.exercice import Exercice, to_euros
from maillon.regles.aci.plafond import Plafond, check_annee_contrat, compute_plafond_of, plafond_seul
from maillon.regles.aci.termes import CONVENTION, Periode, Termes, Tranche, read_termes
from maillon.regles.aci.types import RIEN, LigneExplication, Mission, Montant, round_cent
from maillon.regles.parametres import Statut


def compute_plafond_termes(*, signature: date, termes: Sequence[Termes], annee_contrat: int) -> Plafond:
    """Ceiling of contract year ``annee_contrat`` under successive terms.

    Under one set of terms it is that of ``compute_plafond``. When an avenant takes effect inside the year, the
    fonctionnement and the fixed parts count for their real days, « à confirmer »; the variable parts and the
    activation are those of the last day of the year, whose annex is the one evaluated.
    """
    periodes, anniversaires = read_termes(signature, termes)
    check_annee_contrat(annee_contrat, on=periodes[0].on)
    debut, fin = anniversaires[annee_contrat - 1], anniversaires[annee_contrat]
    bornees = [
        replace(p, debut=max(p.debut, debut), fin=min(p.fin, fin)) for p in periodes if p.debut < fin and p.fin > debut
    ]
    plafonds = [compute_plafond_of(p.taille, annee_contrat, p.on, p.missions, p.montants) for p in bornees]
    if all(_is_same(plafond, plafonds[-1]) for plafond in plafonds):
        return plafonds[-1]
    if not all(plafond.lignes for plafond in plafonds):
        return _prorate_total(plafonds, bornees, annee_contrat)
    return _prorate_parts(plafonds, bornees, annee_contrat)


def _is_same(un: Plafond, autre: Plafond) -> bool:
    """Whether two sets of terms come to the same amounts."""

    def amounts(plafond: Plafond) -> object:
        return (
            plafond.total.valeur,
            [(p.poste, p.fixe.valeur, p.variable.valeur, p.activation.valeur) for p in plafond.lignes],
        )

    return amounts(un) == amounts(autre)


def _prorate_total(plafonds: Sequence[Plafond], periodes: Sequence[Periode], annee: int) -> Plafond:
    jours = sum((p.fin - p.debut).days for p in periodes)
    exact = sum(
        Fraction(plafond.total.valeur) * (p.fin - p.debut).days / jours
        for plafond, p in zip(plafonds, periodes, strict=True)
    )
    dernier, periode = plafonds[-1], periodes[-1]
    base = dernier.total.derive(
        round_cent(Fraction(exact)), libelle="Plafond annuel", regle=f"Selon les jours de chaque période. {CONVENTION}"
    )
    total = _confirm(base)
    return plafond_seul(periode.taille, annee, periode.on, dernier.missions, total)


def _prorate_parts(plafonds: Sequence[Plafond], periodes: Sequence[Periode], annee: int) -> Plafond:
    postes = {ligne.mission for plafond in plafonds for ligne in plafond.lignes}
    ordre = (None, *(mission for mission in Mission if mission in postes))
    lignes = tuple(_prorate_poste(poste, plafonds, periodes, annee) for poste in ordre)
    dernier, certitude = plafonds[-1], Statut.weakest(p.taille.ligne.statut for p in periodes)
    tailles: dict[LigneExplication, None] = dict.fromkeys(p.taille.ligne for p in periodes)
    total = Montant.somme(ligne.total for ligne in lignes).weaken(certitude)
    return replace(
        dernier,
        missions=tuple(poste for poste in ordre if poste is not None),
        lignes=lignes,
        total=total,
        hors_activation=Montant.somme(ligne.hors_activation for ligne in lignes).weaken(certitude),
        activation=Montant.somme(ligne.activation for ligne in lignes).weaken(certitude),
        fixe=Montant.somme(ligne.fixe for ligne in lignes).weaken(certitude),
        variable=Montant.somme(ligne.variable for ligne in lignes).weaken(certitude),
        explication=(*tailles, *total.explication),
    )


def _prorate_poste(
    poste: Mission | None, plafonds: Sequence[Plafond], periodes: Sequence[Periode], annee: int
) -> Parts:
    par_periode = [next((ligne for ligne in p.lignes if ligne.mission == poste), None) for p in plafonds]
    tranches = [
        Tranche(periode.debut, periode.fin, parts.fixe)
        for periode, parts in zip(periodes, par_periode, strict=True)
        if parts is not None
    ]
    derniere = par_periode[-1]
    variable, activation = (derniere.variable, derniere.activation) if derniere else (RIEN, RIEN)
    exercice = Exercice(poste, annee, periodes[0].debut, periodes[-1].fin, tranches)
    constant = len(tranches) == len(periodes) and len({t.annuel.valeur for t in tranches}) == 1
    fixe = tranches[-1].annuel
    if not constant:
        du = to_euros(exercice.due_until(exercice.fin))
        fixe = _confirm(fixe.derive(du, libelle=fixe.explication[0].libelle, regle=exercice.say_prorata()))
    return Parts(poste, fixe, variable, activation)


def _confirm(montant: Montant) -> Montant:
    """The same amount resting on a convention: « à confirmer », its lines too."""
    lignes = tuple(replace(ligne, statut=Statut.MEMOIRE) for ligne in montant.explication)
    return Montant(montant.valeur, Statut.MEMOIRE, lignes)
