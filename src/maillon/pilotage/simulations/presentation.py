"""Scenarios side by side, in sentences, tables and charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import QueryDict

from maillon.regles import aci
from maillon.socle.ui.graphiques import Graphique, Serie, build_graphique
from maillon.socle.ui.typographie import compter, format_euros

from .bareme import Comparaison
from .calcul import Annee, Poste, Resultat, align


@dataclass(frozen=True, slots=True)
class Cellule:
    """An amount of a scenario, how far it is from today's (None in today's own column), and whether it is sure."""

    montant: Decimal | None
    ecart: Decimal | None = None
    a_confirmer: bool = False


@dataclass(frozen=True, slots=True)
class Rangee:
    libelle: str
    note: str
    cellules: tuple[Cellule, ...]


def name_scenarios(nombre: int) -> list[str]:
    """« Scénario 1 », « Scénario 2 »."""
    return [f"Scénario {rang}" for rang in range(1, nombre + 1)]


def name_columns(actuel: Resultat, scenarios: Sequence[Resultat]) -> list[tuple[str, str]]:
    """Heads of the tables: name and size of each column."""
    noms = ["Aujourd’hui", *name_scenarios(len(scenarios))]
    return [(nom, lu.taille.libelle) for nom, lu in zip(noms, (actuel, *scenarios), strict=True)]


def _cells(base: aci.Montant, autres: Sequence[aci.Montant]) -> tuple[Cellule, ...]:
    return (
        Cellule(base.valeur, None, base.a_confirmer),
        *(Cellule(m.valeur, m.valeur - base.valeur, m.a_confirmer) for m in autres),
    )


def _received(annee: Annee) -> aci.Montant:
    return aci.Montant(annee.recu, annee.fixe.statut)


def compare_annees(actuel: Resultat, scenarios: Sequence[Resultat]) -> list[Rangee]:
    """What each contract year brings without crisis, then the five together, then the ceilings of the year shown."""
    rangees = []
    for rang, annee in enumerate(actuel.annees):
        autres = [_received(s.annees[rang]) for s in scenarios]
        rangees.append(
            Rangee(f"Année {annee.numero}", f"dès le {annee.debut:%d/%m/%Y}", _cells(_received(annee), autres))
        )
    totaux = [aci.Montant.somme(_received(a) for a in lu.annees) for lu in (actuel, *scenarios)]
    rangees.append(Rangee("Les cinq années", "", _cells(totaux[0], totaux[1:])))
    return rangees


def compare_postes(actuel: Resultat, scenarios: Sequence[Resultat]) -> list[Rangee]:
    """The year shown, poste by poste, then its ceilings."""
    rangees = [Rangee(nom, _say_poste(lus), _cells_of(lus)) for nom, lus in align([actuel, *scenarios])]
    for libelle, nom in (("Plafond, hors crise", "hors_activation"), ("Plafond, crise reconnue", "plafond")):
        montants = [getattr(lu.annee, nom) for lu in (actuel, *scenarios)]
        rangees.append(Rangee(libelle, "", _cells(montants[0], montants[1:])))
    return rangees


def _say_poste(lus: Sequence[Poste | None]) -> str:
    poste = next(lu for lu in lus if lu is not None)
    return "part fixe et paliers atteints" if poste.variable_max.valeur else "part fixe"


def _cells_of(lus: Sequence[Poste | None]) -> tuple[Cellule, ...]:
    montants = [aci.Montant(lu.total, lu.fixe.statut) if lu else aci.Montant(Decimal("0.00")) for lu in lus]
    return _cells(montants[0], montants[1:])


def say_differences(actuel: Resultat, scenarios: Sequence[Resultat]) -> list[str]:
    """« Scénario 1 : 12 000 € de plus sur cinq ans, dont 3 000 € en année 3. »"""
    phrases = []
    for nom, lu in zip(name_scenarios(len(scenarios)), scenarios, strict=True):
        ecart, annuel = lu.total - actuel.total, lu.annee.recu - actuel.annee.recu
        if not ecart and not annuel:
            phrases.append(f"{nom}\u00a0: les mêmes euros qu’aujourd’hui.")
            continue
        phrase = f"{nom}\u00a0: {_say_ecart(ecart)} sur cinq ans, {_say_ecart(annuel)} en année {lu.annee.numero}."
        if lu.sans_montants_propres:
            phrase += " La taille change\u00a0: le barème remplace les montants propres au contrat."
        phrases.append(phrase)
    return phrases


def _say_ecart(ecart: Decimal) -> str:
    if not ecart:
        return "rien de changé"
    return f"{format_euros(abs(ecart))} de {'plus' if ecart > 0 else 'moins'}"


def draw_annees(actuel: Resultat, scenarios: Sequence[Resultat]) -> Graphique:
    """Euros of the five years under each scenario."""
    noms = ["Aujourd’hui", *name_scenarios(len(scenarios))]
    return build_graphique(
        titre="Ce que rapporte chaque année du contrat, hors crise",
        etiquettes=[f"année {annee.numero}" for annee in actuel.annees],
        series=[
            Serie(nom, [float(a.recu) for a in lu.annees]) for nom, lu in zip(noms, (actuel, *scenarios), strict=True)
        ],
        genre="barres",
        axe_y="Euros",
    )


def say_cout(comparaison: Comparaison) -> str:
    """« Ces 16 contrats coûtent 6 200 000 € par an hors crise. Le scénario 1 coûterait 310 000 € de plus. »"""
    total = comparaison.total
    sujet = compter(comparaison.contrats, "contrat en vigueur coûte", "contrats en vigueur coûtent")
    phrases = [f"{sujet} {format_euros(total.aujourd_hui)} par an hors crise."]
    for rang, (_, ecart) in enumerate(total.cellules, start=1):
        if ecart:
            phrases.append(f"Le scénario {rang} coûterait {_say_ecart(ecart)}.")
    if comparaison.propres:
        exclus = compter(
            comparaison.propres,
            "contrat a ses montants propres et n’est pas compté",
            "contrats ont leurs montants propres et ne sont pas comptés",
        )
        phrases.append(f"{exclus}.")
    return " ".join(phrases)


def draw_postes(comparaison: Comparaison) -> Graphique | None:
    """Cost of each poste today and under each scenario; None without contract."""
    if not comparaison.contrats:
        return None
    series = [Serie("Aujourd’hui", [float(ligne.aujourd_hui) for ligne in comparaison.postes])]
    for rang, nom in enumerate(name_scenarios(len(comparaison.total.scenarios))):
        series.append(Serie(nom, [float(ligne.scenarios[rang]) for ligne in comparaison.postes]))
    return build_graphique(
        titre="Le coût annuel de chaque poste, hors crise",
        etiquettes=[ligne.libelle.split(" ")[0] for ligne in comparaison.postes],
        series=series,
        genre="barres",
        axe_y="Euros par an",
    )


def add_second(lu: QueryDict, nom: str) -> str:
    """The same address with the second scenario, a copy of the first."""
    suite = lu.copy()
    suite[nom] = "1"
    for cle, valeurs in lu.lists():
        if cle.startswith("a-"):
            suite.setlist(f"b-{cle[2:]}", valeurs)
    return f"?{suite.urlencode()}"
