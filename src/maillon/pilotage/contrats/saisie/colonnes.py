"""What each column of an annex holds: recognised by its title, else by its content; the person corrects. Pure."""

import re
from collections.abc import Sequence

from django.db import models

from .nombres import fold
from .tableau import Tableau


class Colonne(models.TextChoices):
    """What a column may hold. Thresholds and amounts repeat, and are paired in their order."""

    IGNOREE = "", "Ne pas lire"
    MISSION = "mission", "Mission"
    LIBELLE = "libelle", "Intitulé de l’indicateur"
    DEFINITION = "definition", "Définition, mode de calcul"
    REFERENCE = "reference", "Valeur de départ"
    PALIERS = "paliers", "Paliers et montants ensemble"
    SEUIL = "seuil", "Seuil d’un palier"
    MONTANT = "montant", "Montant d’un palier"
    VARIATION = "variation", "Évolution demandée"
    CIBLE = "cible", "Cible"
    UNITE = "unite", "Unité"
    CERTIFICATEUR = "certificateur", "Certifié par"
    PREUVE = "preuve", "Justificatif demandé"


REPETEES = {Colonne.SEUIL, Colonne.MONTANT, Colonne.PALIERS}
ENTETES_DANS = 10  # a title is sought among the first rows
# The first pattern found in a folded title wins: the most precise come first.
SYNONYMES: tuple[tuple[str, Colonne], ...] = (
    (r"\b(montants?|euros?|€|remuneration|valorisation|dotation|prix|financement|sommes?|gains?)\b|€", Colonne.MONTANT),
    (r"\b(mission|axe|thematique|theme|volet|domaine)\b", Colonne.MISSION),
    (r"\b(justificatifs?|preuves?|pieces?|livrables? attendus?|modalites? de verification)\b", Colonne.PREUVE),
    (r"\b(certifi\w*|constate par|source|fournisseur|qui mesure|responsable|producteur)\b", Colonne.CERTIFICATEUR),
    (r"\b(definition|mode de calcul|modalites? de calcul|description|precisions?|numerateur)\b", Colonne.DEFINITION),
    (r"\b(initiale?|de depart|actuelle?|t0|baseline|reference)\b", Colonne.REFERENCE),
    (r"\b(variation|evolution|ecart|delta|progression|baisse|hausse|diminution|augmentation)\b", Colonne.VARIATION),
    (r"\bpaliers?\b(?! ?\d)|\btranches?\b(?! ?\d)|\bbareme\b|\bmodalites? de versement\b", Colonne.PALIERS),
    (r"\b(seuils?|palier \d|tranche \d|niveau \d|socle|intermediaire|objectif)\b", Colonne.SEUIL),
    (r"\b(cible|resultat attendu|valeur attendue|valeur cible)\b", Colonne.CIBLE),
    (r"\bunites?\b", Colonne.UNITE),
    (r"\b(indicateurs?|intitule|libelle|actions?|engagements?|nom)\b", Colonne.LIBELLE),
)  # fmt: skip
_COMPILES = [(re.compile(motif), colonne) for motif, colonne in SYNONYMES]


def name_colonne(titre: str) -> Colonne:
    """What a title announces; IGNOREE when it is not recognised."""
    plat = fold(titre)
    if not plat or len(plat) > 90:
        return Colonne.IGNOREE
    if re.fullmatch(r"(paliers?|seuils?|tranches?).*\b(et|/) ?(montants?|euros?|remunerations?)", plat):
        return Colonne.PALIERS
    return next((colonne for motif, colonne in _COMPILES if motif.search(plat)), Colonne.IGNOREE)


def find_entetes(tableau: Tableau) -> int | None:
    """Index of the row of titles: the one of the first rows that names most columns, short texts only."""
    notes = []
    for rang, ligne in enumerate(tableau[:ENTETES_DANS]):
        nommees = [name_colonne(case) for case in ligne if not any(c.isdigit() for c in case) or len(case) < 25]
        distinctes = {colonne for colonne in nommees if colonne}
        if len(distinctes) > 1 and Colonne.LIBELLE in distinctes | (
            {Colonne.LIBELLE} if Colonne.PALIERS in distinctes else set()
        ):
            notes.append((len(distinctes), -rang))
    return -max(notes)[1] if notes else None


def guess_colonnes(tableau: Tableau, entetes: int | None) -> list[Colonne]:
    """One role a column, by its title, else by what it holds. A role that does not repeat is given once."""
    if entetes is None:
        return _guess_by_content(tableau)
    colonnes: list[Colonne] = []
    for place, titre in enumerate(tableau[entetes]):
        colonne = name_colonne(titre)
        if colonne in colonnes and colonne not in REPETEES:
            colonne = Colonne.IGNOREE
        if colonne == Colonne.MONTANT and _holds_paliers(tableau[entetes + 1 :], place):
            colonne = Colonne.PALIERS
        colonnes.append(colonne)
    if Colonne.LIBELLE not in colonnes:
        libres = [p for p, colonne in enumerate(colonnes) if colonne == Colonne.IGNOREE]
        if libres:
            colonnes[max(libres, key=lambda p: _width(tableau[entetes + 1 :], p))] = Colonne.LIBELLE
    if Colonne.SEUIL in colonnes and not {Colonne.MONTANT, Colonne.PALIERS} & set(colonnes):
        colonnes = [Colonne.PALIERS if c == Colonne.SEUIL else c for c in colonnes]
    if Colonne.CIBLE in colonnes and Colonne.MONTANT in colonnes and Colonne.SEUIL not in colonnes:
        colonnes = [Colonne.SEUIL if c == Colonne.CIBLE else c for c in colonnes]
    return colonnes


def _guess_by_content(tableau: Tableau) -> list[Colonne]:
    """Without titles: the widest texts are the names, what holds « seuil : montant » the tiers."""
    colonnes = [Colonne.IGNOREE] * len(tableau[0])
    for place in range(len(colonnes)):
        if _holds_paliers(tableau, place):
            colonnes[place] = Colonne.PALIERS
        elif _mostly(tableau, place, r"\d\s*€$"):
            colonnes[place] = Colonne.MONTANT
            if place > 1 and not colonnes[place - 1] and _mostly(tableau, place - 1, r"\d"):
                colonnes[place - 1] = Colonne.SEUIL
    textes = [p for p, colonne in enumerate(colonnes) if not colonne and _width(tableau, p) > 0]
    if textes:
        colonnes[max(textes, key=lambda p: _width(tableau, p))] = Colonne.LIBELLE
    return colonnes


def _holds_paliers(lignes: Tableau, place: int) -> bool:
    """Most filled cells of a column give an amount beside something else."""
    return _mostly(lignes, place, r"(?=.*\d)(?:.*[→:=]|.*->|.*%.*€|.*[a-z]{3}.*\d ?€)")


def _mostly(lignes: Tableau, place: int, motif: str) -> bool:
    """Whether half of the filled cells of a column match."""
    pleines = [ligne[place] for ligne in lignes if ligne[place]]
    return bool(pleines) and sum(bool(re.search(motif, case)) for case in pleines) * 2 >= len(pleines)


def _width(lignes: Tableau, place: int) -> int:
    """Letters of a column: numbers do not count."""
    return sum(sum(c.isalpha() for c in ligne[place]) for ligne in lignes)


def read_mapping(brut: Sequence[str], largeur: int) -> list[Colonne]:
    """Roles chosen by a person, made as wide as the table; an unknown word is « ne pas lire »."""
    connues = {colonne.value for colonne in Colonne}
    lues = [Colonne(valeur) if valeur in connues else Colonne.IGNOREE for valeur in brut[:largeur]]
    return lues + [Colonne.IGNOREE] * (largeur - len(lues))
