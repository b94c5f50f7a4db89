"""The gap between two values of a stock, as pages show it: a sentence, a waterfall, a table whose lines open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.regles.projection import ValeurDatee, find_manque
from maillon.socle.declarations import CertitudeMouvement
from maillon.socle.ui.cascades import Marche, build_cascade
from maillon.socle.ui.composants import Pastille
from maillon.socle.ui.graphiques import Graphique
from maillon.socle.ui.typographie import INSECABLE, format_date, format_euros, format_nombre

from .ecarts import Ecart
from .presentation import say_condition, say_valeur
from .projections import IndicateurProjete

PASTILLES = {
    CertitudeMouvement.CONSTATE: Pastille("constaté", "bien"),
    CertitudeMouvement.DECLARE: Pastille("déclaré", "cours"),
    CertitudeMouvement.A_CONFIRMER: Pastille("à confirmer", "attente"),
}
RESTE = "Part non expliquée"
NOTE_RESTE = (
    "Arrivées et départs d’habitants, patients inscrits sans passer par le guichet, déclarations pas encore faites."
)


@dataclass(frozen=True, slots=True)
class LigneEcart:
    libelle: str
    valeur: str
    etat: Pastille | None
    note: str = ""
    url: str = ""
    niveau: bool = False


@dataclass(frozen=True, slots=True)
class EcartMontre:
    cle: str
    titre: str
    lignes: tuple[LigneEcart, ...]
    cascade: Graphique
    precision: str


def show_ecarts(ecarts: Sequence[Ecart], unite: str, *, opens: Callable[[str], bool]) -> list[EcartMontre]:
    """Each gap as shown; `opens(url)` says whether the reader may open a source."""
    return [_show(ecart, unite, rang, opens) for rang, ecart in enumerate(ecarts, 1)]


def _show(ecart: Ecart, unite: str, rang: int, opens: Callable[[str], bool]) -> EcartMontre:
    depart = _niveau(ecart.depart, "Référence" if ecart.de_reference else "Constaté")
    fin = _niveau(ecart.arrivee, "Constaté" if ecart.is_constate else "Attendu")
    fin_etat = PASTILLES[CertitudeMouvement.CONSTATE if ecart.is_constate else CertitudeMouvement.A_CONFIRMER]
    lignes = [
        LigneEcart(
            depart,
            format_nombre(ecart.depart.valeur),
            None if ecart.de_reference else PASTILLES[CertitudeMouvement.CONSTATE],
            "au contrat" if ecart.de_reference else "",
            niveau=True,
        )
    ]
    marches = [Marche(depart, float(ecart.depart.valeur), niveau=True)]
    for terme in ecart.termes:
        url = terme.url if terme.url and (terme.url.startswith(("#", "?")) or opens(terme.url)) else ""
        lignes.append(LigneEcart(terme.libelle, _signe(terme.variation), PASTILLES[terme.certitude], terme.note, url))
        marches.append(Marche(terme.libelle, float(terme.variation)))
    if ecart.reste is not None:
        lignes.append(LigneEcart(RESTE, _signe(ecart.reste), None, NOTE_RESTE))
        marches.append(Marche(RESTE, float(ecart.reste), reste=True))
    lignes.append(LigneEcart(fin, format_nombre(ecart.arrivee.valeur), fin_etat, niveau=True))
    marches.append(Marche(fin, float(ecart.arrivee.valeur), niveau=True))
    titre = _say(ecart, unite)
    return EcartMontre(
        f"ecart-{rang}", titre, tuple(lignes), build_cascade(marches, titre=titre), _say_prevision(ecart)
    )


def _niveau(valeur: ValeurDatee, mot: str) -> str:
    return f"{mot} au {valeur.le:%d/%m/%Y}"


def _signe(valeur: Decimal) -> str:
    return f"+{format_nombre(valeur)}" if valeur > 0 else format_nombre(valeur)


def _say(ecart: Ecart, unite: str) -> str:
    """« De 219 à 105 : 60 par vos actes, 54 de moins pour d’autres raisons »."""
    de_a = f"De {format_nombre(ecart.depart.valeur)} à {say_valeur(ecart.arrivee.valeur, unite)}"
    actes = f"{format_nombre(ecart.actes)} de moins par les actes"
    autres = ecart.arrivee.valeur - ecart.depart.valeur + ecart.actes
    if not ecart.is_constate and not autres:
        return f"{de_a}{INSECABLE}: {actes} depuis le dernier constat"
    if not autres:
        return f"{de_a}{INSECABLE}: {actes}, et rien d’autre"
    mot = "de plus" if autres > 0 else "de moins"
    return f"{de_a}{INSECABLE}: {actes}, {format_nombre(abs(autres))} {mot} pour d’autres raisons"


def _say_prevision(ecart: Ecart) -> str:
    """Why the expected value differs from the contract's forecast, where it does."""
    if ecart.prevu_actes is None or ecart.prevu_actes == ecart.arrivee.valeur:
        return ""
    return (
        f"La prévision de l’année compte les actes seuls{INSECABLE}: {format_nombre(ecart.prevu_actes)}. "
        "Les mouvements déclarés sont montrés ici et n’entrent pas dans les euros à confirmer."
    )


def say_si_rien_ne_change(projete: IndicateurProjete, fin: date) -> str:
    """« Si rien ne change, au 31 décembre : 143 patients en ALD ; il en manque 43 pour le palier suivant (jusqu’à
    100), 3 000 € de plus. »; empty without projection."""
    projection, issues = projete.projection, projete.issues
    if projection is None or issues is None or not projete.is_ouverte:
        return ""
    ligne = projete.ligne
    indicateur = ligne.indicateur
    manque = find_manque(projection.central, ligne.resultat.indicateur)
    suite = "le palier le plus haut serait atteint"
    if manque is not None:
        condition = say_condition(manque.palier.seuil, indicateur.sens, indicateur.unite)
        suite = (
            f"il en manque {format_nombre(manque.nombre)} pour le palier suivant ({condition}), "
            f"{format_euros(manque.gain)} de plus"
        )
    valeur = say_valeur(projection.central, indicateur.unite)
    return f"Si rien ne change, au {format_date(fin, jour=False)}{INSECABLE}: {valeur}{INSECABLE}; {suite}."
