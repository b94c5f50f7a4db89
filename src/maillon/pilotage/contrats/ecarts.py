"""Why a stock moved between two certified values, and since the last: acts, what apps declare, what nobody explains.

The acts are counted upward and lower the stock. A value that is certified stays what it is: the remainder says what the
community does not know. Since the last value nothing is left over: the end is what the terms add up to, à confirmer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from maillon.regles.projection import ValeurDatee, explain_ecart
from maillon.regles.secret import SEUIL
from maillon.socle.declarations import (
    Agregat,
    CertitudeMouvement,
    ExplicationStock,
    IndicateurDeclare,
    MouvementStock,
    collect,
)
from maillon.socle.ui.typographie import compter

from .actes import UN_JOUR, Compteur, Fenetre, find_declare
from .annee import AnneeContrat, IndicateurAnnee
from .enums import EtatConstat, SensIndicateur
from .projections import list_connues
from .regles import find_annee


@dataclass(frozen=True, slots=True)
class Ecart:
    """From `depart` to `arrivee`. `reste` is None while the second value is not certified; `prevu_actes` is then the
    contract's forecast, which counts acts alone. `de_reference`: the first value is the contract's own baseline.
    """

    depart: ValeurDatee
    arrivee: ValeurDatee
    termes: tuple[MouvementStock, ...]
    reste: Decimal | None
    prevu_actes: Decimal | None = None
    actes: int = 0
    de_reference: bool = False

    @property
    def is_constate(self) -> bool:
        """Whether both ends are certified."""
        return self.reste is not None


def explain_ecarts(ligne: IndicateurAnnee, annee: AnneeContrat) -> list[Ecart]:
    """The gap between the last two known values, then what happened since the last; nothing for an indicator that is
    not a stock lowered by acts, or of which no value is known. Queries: for each gap one, and those of the apps."""
    declare = find_declare(ligne.indicateur)
    if declare is None or not is_explicable(ligne, declare):
        return []
    connues = list_connues(ligne, annee.annee)
    if not connues:
        return []
    compteur = Compteur(annee.contrat.cpts_id)
    ecarts = [
        _open_on(_between(declare, avant, apres, compteur), annee) for avant, apres in list(pairwise(connues))[-1:]
    ]
    jusqu_a = annee.annee.jusqu_a - UN_JOUR
    if connues[-1].le < jusqu_a:
        depuis = _since(declare, connues[-1], jusqu_a, compteur)
        ecarts += [depuis] if any(terme.variation for terme in depuis.termes) else []
    certifiees = {c.le for c in ligne.constats if c.etat == EtatConstat.CERTIFIE}
    return [replace(ecart, de_reference=ecart.depart.le not in certifiees) for ecart in ecarts]


def _open_on(ecart: Ecart, annee: AnneeContrat) -> Ecart:
    """The acts of a former gap open the year in which it begins."""
    numero, _, _ = find_annee(annee.contrat, ecart.depart.le + UN_JOUR)
    actes, *autres = ecart.termes
    url = "#actes" if numero == annee.annee.numero else f"?annee={numero}#actes"
    return replace(ecart, termes=(replace(actes, url=url), *autres))


def is_explicable(ligne: IndicateurAnnee, declare: IndicateurDeclare) -> bool:
    """Whether each act takes one off the value."""
    return ligne.indicateur.sens == SensIndicateur.BAISSE and declare.agregat is Agregat.COUNT


def _between(declare: IndicateurDeclare, avant: ValeurDatee, apres: ValeurDatee, compteur: Compteur) -> Ecart:
    actes, termes = _list_termes(declare, avant.le, apres.le, compteur, CertitudeMouvement.DECLARE)
    reste = explain_ecart(avant.valeur, apres.valeur, (t.variation for t in termes))
    return Ecart(avant, apres, termes, reste, actes=actes)


def _since(declare: IndicateurDeclare, avant: ValeurDatee, le: date, compteur: Compteur) -> Ecart:
    actes, termes = _list_termes(declare, avant.le, le, compteur, CertitudeMouvement.A_CONFIRMER)
    attendu = max(avant.valeur + sum((t.variation for t in termes), Decimal(0)), Decimal(0))
    prevu = max(avant.valeur - actes, Decimal(0))
    return Ecart(avant, ValeurDatee(le, attendu), termes, None, prevu_actes=prevu, actes=actes)


def _list_termes(
    declare: IndicateurDeclare, avant: date, apres: date, compteur: Compteur, certitude: CertitudeMouvement
) -> tuple[int, tuple[MouvementStock, ...]]:
    """The acts first, then what apps declare, of the days after `avant` up to `apres`: a value tells its own day."""
    fenetre = Fenetre(avant + UN_JOUR, apres + UN_JOUR)
    actes = compteur.count(declare, fenetre)
    note = f"{compter(actes, 'acte enregistré', 'actes enregistrés')} du {fenetre.debut:%d/%m/%Y} au {apres:%d/%m/%Y}"
    siens = MouvementStock("Actes de la communauté", Decimal(-actes), certitude, note if actes else "", "#actes")
    autres = [
        mouvement
        for explication in _collect()
        if explication.indicateur == declare.code
        for mouvement in explication.mouvements(compteur.cpts_id, fenetre.debut, fenetre.fin)
    ]
    return actes, (siens, *autres)


def _collect() -> Iterable[ExplicationStock]:
    return collect("explications_stock")


# What CPAM and ARS read ----------------------------------------------------------------------------------------------


def publish_ecarts(annee: AnneeContrat) -> dict[str, Any]:
    """The gaps of each stock as plain JSON, by indicator; empty where there is none."""
    publies = {}
    for ligne in annee.indicateurs:
        if ecarts := explain_ecarts(ligne, annee):
            publies[str(ligne.indicateur.pk)] = [_to_json(_keep_secret(ecart)) for ecart in ecarts]
    return publies


def _keep_secret(ecart: Ecart) -> Ecart:
    """The same gap without the movements of few people: they join the remainder, or leave what is expected."""
    actes, *autres = ecart.termes
    dits = [t for t in autres if abs(t.variation) >= SEUIL]
    tus = sum((t.variation for t in autres if t not in dits), Decimal(0))
    termes = tuple(replace(t, url="") for t in (actes, *dits))
    if ecart.reste is not None:
        return replace(ecart, termes=termes, reste=ecart.reste + tus)
    attendu = max(ecart.depart.valeur + sum((t.variation for t in termes), Decimal(0)), Decimal(0))
    return replace(ecart, termes=termes, arrivee=ecart.arrivee._replace(valeur=attendu))


def _to_json(ecart: Ecart) -> dict[str, Any]:
    return {
        "depart": [ecart.depart.le.isoformat(), str(ecart.depart.valeur)],
        "arrivee": [ecart.arrivee.le.isoformat(), str(ecart.arrivee.valeur)],
        "termes": [
            {"libelle": t.libelle, "variation": str(t.variation), "certitude": t.certitude.value, "note": t.note}
            for t in ecart.termes
        ],
        "reste": None if ecart.reste is None else str(ecart.reste),
        "prevu_actes": None if ecart.prevu_actes is None else str(ecart.prevu_actes),
        "actes": ecart.actes,
        "de_reference": ecart.de_reference,
    }


def read_ecarts(publies: Sequence[dict[str, Any]]) -> list[Ecart]:
    """The gaps as they were published."""

    def valeur(paire: Sequence[str]) -> ValeurDatee:
        return ValeurDatee(date.fromisoformat(paire[0]), Decimal(paire[1]))

    def nombre(texte: str | None) -> Decimal | None:
        return None if texte is None else Decimal(texte)

    return [
        Ecart(
            valeur(lu["depart"]),
            valeur(lu["arrivee"]),
            tuple(
                MouvementStock(
                    t["libelle"],
                    Decimal(t["variation"]),
                    CertitudeMouvement(t["certitude"]),
                    t["note"],
                    "#actes" if lu["reste"] is None and not rang else "",
                )
                for rang, t in enumerate(lu["termes"])
            ),
            nombre(lu["reste"]),
            nombre(lu["prevu_actes"]),
            lu["actes"],
            lu["de_reference"],
        )
        for lu in publies
    ]
