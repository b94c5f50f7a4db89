"""Where each indicator leads by the anniversary: facts of the year handed to `regles.projection`.

A projection is never a figure of the year: `compute_annee` does not know it, and no sum holds its euros.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from maillon.regles import projection as regles
from maillon.regles.projection import Projection, SansProjection, ValeurDatee, Vraisemblance
from maillon.socle.declarations import Agregat, IndicateurDeclare
from maillon.socle.ui.composants import Pastille

from .actes import UN_JOUR, Compteur, Fenetre, find_declare
from .annee import AnneeContrat, IndicateurAnnee
from .enums import EtatConstat, Nature, SensIndicateur
from .prevision import Annee

# Certified values that a drift is measured on: the last ones, one query each.
VALEURS_DU_STOCK = 6
MOTS = {
    Vraisemblance.VRAISEMBLABLE: Pastille("vraisemblable", "cours", "target"),
    Vraisemblance.INCERTAIN: Pastille("incertain", "attente", "help-circle"),
    Vraisemblance.PEU_VRAISEMBLABLE: Pastille("peu vraisemblable", "neutre"),
}


@dataclass(frozen=True, slots=True)
class IndicateurProjete:
    """The projection of one indicator of a year and the tiers it reaches, or why there is none."""

    ligne: IndicateurAnnee
    projection: Projection | None
    issues: regles.Issues | None
    raison: str

    @property
    def is_ouverte(self) -> bool:
        """Whether something is left to happen: a year that is over is read, not projected."""
        return self.projection is not None and not self.projection.certaine


def project_indicateur(ligne: IndicateurAnnee, annee: AnneeContrat) -> IndicateurProjete:
    """The projection of an indicator at the anniversary of the year, by the method of its nature.

    Queries: none without acts; one for a count, one more for each known value of a stock (six at most).
    """
    resultat = _project(ligne, annee.annee, Compteur(annee.contrat.cpts_id))
    if isinstance(resultat, SansProjection):
        return IndicateurProjete(ligne, None, None, resultat.raison)
    return IndicateurProjete(ligne, resultat, regles.read_issues(resultat, ligne.resultat.indicateur), "")


def list_connues(ligne: IndicateurAnnee, annee: Annee) -> list[ValeurDatee]:
    """The reference and the certified values up to the day of the reading, one a day, oldest first."""
    connues: dict[date, Decimal] = {}
    indicateur = ligne.indicateur
    if indicateur.reference is not None and indicateur.reference_le is not None:
        connues[indicateur.reference_le] = indicateur.reference
    limite = min(annee.on, annee.fin)
    for constat in sorted(ligne.constats, key=lambda c: (c.le, c.saisi_le, c.pk)):
        if constat.etat == EtatConstat.CERTIFIE and constat.le <= limite:
            connues[constat.le] = constat.valeur
    return [ValeurDatee(le, connues[le]) for le in sorted(connues) if le <= limite]


def _project(ligne: IndicateurAnnee, annee: Annee, compteur: Compteur) -> Projection | SansProjection:
    indicateur = ligne.indicateur
    if indicateur.nature == Nature.LIVRABLE:
        return regles.LIVRABLE
    declare = find_declare(indicateur)
    if declare is None and indicateur.nature == Nature.COMPTE:
        return _of_told_count(ligne, annee)
    if declare is None or indicateur.nature == Nature.TAUX:
        plafond = Decimal(100) if indicateur.nature == Nature.TAUX else None
        return regles.project_taux(list_connues(ligne, annee), on=annee.on, fin=annee.fin, plafond=plafond)
    if declare.agregat in (Agregat.RATE, Agregat.MEDIAN, Agregat.STOCK):
        return regles.MESURE
    if indicateur.sens == SensIndicateur.BAISSE:
        return _of_stock(ligne, declare, annee, compteur)
    return _of_count(ligne, declare, annee, compteur)


def _of_stock(
    ligne: IndicateurAnnee, declare: IndicateurDeclare, annee: Annee, compteur: Compteur
) -> Projection | SansProjection:
    connues = list_connues(ligne, annee)[-VALEURS_DU_STOCK:]
    entre = [compteur.count(declare, Fenetre(a.le + UN_JOUR, b.le + UN_JOUR)) for a, b in pairwise(connues)]
    depuis = compteur.count(declare, Fenetre(connues[-1].le + UN_JOUR, annee.jusqu_a)) if connues else 0
    return regles.project_stock(
        certifiees=connues,
        actes_entre=entre,
        actes_depuis=depuis,
        evenements=compteur.count(declare, Fenetre(annee.debut, annee.jusqu_a)),
        jours_observes=(annee.jusqu_a - annee.debut).days,
        on=annee.jusqu_a,
        fin=annee.fin,
    )


def _of_count(
    ligne: IndicateurAnnee, declare: IndicateurDeclare, annee: Annee, compteur: Compteur
) -> Projection | SansProjection:
    fenetre = Fenetre(annee.debut, annee.jusqu_a)
    evenements = compteur.count(declare, fenetre)
    somme = compteur.aggregate(declare, fenetre) or Decimal(0)
    return regles.project_compte(
        acquis=ligne.prevision.valeur or Decimal(0),
        evenements=evenements,
        jours_observes=(annee.jusqu_a - annee.debut).days,
        jours_restants=(annee.fin - annee.jusqu_a).days,
        poids=somme / evenements if evenements else Decimal(1),
    )


def _of_told_count(ligne: IndicateurAnnee, annee: Annee) -> Projection | SansProjection:
    """No act feeds it: two values told in the year give its rhythm."""
    dites: dict[date, Decimal] = {}
    for constat in sorted(ligne.constats, key=lambda c: (c.le, c.saisi_le, c.pk)):
        if annee.holds(constat.le) and constat.le <= annee.on:
            dites[constat.le] = constat.valeur
    jours = sorted(dites)
    if len(jours) < 2 and annee.on < annee.fin:
        connues = "Aucune valeur" if not jours else "Une seule valeur"
        return SansProjection(f"{connues} cette année : il en faut deux pour connaître un rythme.")
    if not jours:
        return SansProjection("Aucune valeur n’a été donnée cette année.")
    hausse = dites[jours[-1]] - dites[jours[0]]
    if hausse < 0:
        return SansProjection("Le compte a baissé entre deux valeurs de l’année : il n’a pas de rythme à prolonger.")
    return regles.project_compte(
        acquis=dites[jours[-1]],
        evenements=int(hausse),
        jours_observes=(jours[-1] - jours[0]).days,
        jours_restants=(annee.fin - jours[-1]).days if annee.on < annee.fin else 0,
    )
