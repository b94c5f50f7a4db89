"""A fictitious extract of the national directory, as large as the real one: the same lines at each run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from maillon.communaute.territoire.models import Commune

TITRES = (
    "Type d'identifiant PP|Identifiant PP|Identification nationale PP|Code civilité d'exercice|"
    "Libellé civilité d'exercice|Code civilité|Libellé civilité|Nom d'exercice|Prénom d'exercice|Code profession|"
    "Libellé profession|Code catégorie professionnelle|Libellé catégorie professionnelle|Code type savoir-faire|"
    "Libellé type savoir-faire|Code savoir-faire|Libellé savoir-faire|Code mode exercice|Libellé mode exercice|"
    "Numéro SIRET site|Numéro SIREN site|Numéro FINESS site|Numéro FINESS établissement juridique|"
    "Identifiant technique de la structure|Raison sociale site|Enseigne commerciale site|"
    "Complément destinataire (coord. structure)|Complément point géographique (coord. structure)|"
    "Numéro Voie (coord. structure)|Indice répétition voie (coord. structure)|Code type de voie (coord. structure)|"
    "Libellé type de voie (coord. structure)|Libellé Voie (coord. structure)|Mention distribution (coord. structure)|"
    "Bureau cedex (coord. structure)|Code postal (coord. structure)|Code commune (coord. structure)|"
    "Libellé commune (coord. structure)|Code pays (coord. structure)|Libellé pays (coord. structure)|"
    "Téléphone (coord. structure)|Téléphone 2 (coord. structure)|Télécopie (coord. structure)|"
    "Adresse e-mail (coord. structure)|Code Département (structure)|Libellé Département (structure)|"
    "Ancien identifiant de la structure|Autorité d'enregistrement|Code secteur d'activité|Libellé secteur d'activité|"
    "Code section tableau pharmaciens|Libellé section tableau pharmaciens|Code rôle|Libellé rôle|Code genre activité|"
    "Libellé genre activité"
)
PROFESSIONS = (
    ("60", "Infirmier", 45), ("10", "Médecin", 22), ("70", "Masseur-Kinésithérapeute", 8), ("21", "Pharmacien", 7),
    ("40", "Chirurgien-Dentiste", 4), ("50", "Sage-Femme", 2), ("91", "Orthophoniste", 2), ("95", "Diététicien", 1),
    ("80", "Pédicure-Podologue", 1), ("96", "Psychomotricien", 1), ("32", "Physicien médical", 1),
)  # fmt: skip
SPECIALITES = (
    ("SM54", "Spécialiste en Médecine Générale", 45), ("SM26", "Qualifié en Médecine Générale", 12),
    ("SM04", "Cardiologie et maladies vasculaires", 5), ("SM42", "Psychiatrie", 8), ("SM40", "Pédiatrie", 6),
    ("SM15", "Dermatologie et vénéréologie", 3), ("SM38", "Ophtalmologie", 4), ("SM02", "Anesthésie-réanimation", 6),
    ("SM01", "Anatomie et cytologie pathologiques", 1),
)  # fmt: skip
VOIES = ("RUE", "AVENUE", "BOULEVARD", "PLACE", "CHEMIN", "ROUTE", "IMPASSE")
SYLLABES = (
    "ba", "bel", "ber", "bou", "bri", "car", "cha", "cour", "dau", "de", "du", "fa", "fer", "gau", "ger", "gui", "la",
    "le", "lef", "ma", "mar", "mon", "mo", "ni", "par", "per", "pi", "ro", "rou", "sa", "ser", "tan", "ter", "val",
    "vi",
)  # fmt: skip
FINALES = ("ain", "ard", "aud", "eau", "el", "er", "et", "evre", "ier", "in", "on", "ot", "oux", "ron", "tin", "zier")
COURANTS = (
    "MARTIN", "BERNARD", "THOMAS", "PETIT", "ROBERT", "RICHARD", "DURAND", "DUBOIS", "MOREAU", "LAURENT", "SIMON",
    "MICHEL", "LEFEVRE", "LEROY", "ROUX", "DAVID", "BERTRAND", "MOREL", "FOURNIER", "GIRARD", "BONNET", "DUPONT",
    "LAMBERT", "FONTAINE", "ROUSSEAU", "VINCENT", "MULLER", "LEFÈVRE", "FAURE", "ANDRÉ",
)  # fmt: skip
PRENOMS = (
    "Marie", "Jean", "Pierre", "Anne", "Sophie", "Julien", "Nicolas", "Céline", "Émilie", "Isabelle", "Catherine",
    "Thomas", "Claire", "François", "Hélène", "Laurent", "Sandrine", "Philippe", "Camille", "Léa", "Benoît", "Aurélie",
    "Stéphanie", "Mathieu", "Chloé", "Inès", "Mehdi", "Fatima", "Karim", "Nadia", "Jean-Pierre", "Marie-Hélène", "Guy",
)  # fmt: skip


def write_extract(chemin: Path, lignes: int) -> None:
    """The extract of one month."""
    with chemin.open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as file:
        file.write(TITRES + "\n")
        for ligne in draw_lignes(lignes):
            file.write(ligne)


def write_next(ancien: Path, chemin: Path) -> None:
    """The same a month later: 0.45 % of the lines have another telephone, 0.2 % ended, 0.2 % are new."""
    hasard = random.Random(1)
    with ancien.open(encoding="utf-8") as source, chemin.open("w", encoding="utf-8", newline="\n") as file:
        file.write(next(source))
        for numero, ligne in enumerate(source):
            tirage = hasard.random()
            if tirage < 0.0045:
                ligne = ligne.replace("|04", "|05", 1) if "|04" in ligne else ligne.replace("|L|", "|S|", 1)
            elif tirage < 0.0065:
                continue
            file.write(ligne)
            if tirage > 0.998:
                champs = ligne.split("|")
                champs[1] = f"97{numero:09d}"
                champs[2] = "8" + champs[1]
                file.write("|".join(champs))


def draw_lignes(nombre: int) -> Iterator[str]:
    """Lines of the file: about seven people for ten lines, as in the real one."""
    hasard = random.Random(0)
    communes = list(Commune.objects.order_by("pk").values_list("pk", "nom", "departement", "codes_postaux"))
    poids = [1 + 400 * (hasard.random() ** 12) for _ in communes]
    lieux = iter(())
    courants = _weigh(COURANTS)
    rares = [_compose_nom(hasard) for _ in range(180_000)]
    ecrites = numero = 0
    while ecrites < nombre:
        numero += 1
        personne = _draw_personne(hasard, numero, courants, rares)
        for _ in range(hasard.choices((1, 2, 3), (70, 20, 10))[0]):
            if (lieu := next(lieux, None)) is None:
                lieux = iter(hasard.choices(communes, poids, k=10_000))
                lieu = next(lieux)
            yield personne + _draw_lieu(hasard, lieu)
            ecrites += 1
            if ecrites == nombre:
                return


def _weigh(noms: tuple[str, ...]) -> list[str]:
    return [nom for rang, nom in enumerate(noms) for _ in range(max(1, 30 // (rang + 1)))]


def _compose_nom(hasard: random.Random) -> str:
    nom = "".join(hasard.choices(SYLLABES, k=hasard.choice((1, 2, 2, 3)))) + hasard.choice(FINALES)
    return nom.upper() + (f"-{hasard.choice(COURANTS)}" if hasard.random() < 0.04 else "")


def _draw_personne(hasard: random.Random, numero: int, courants: list[str], rares: list[str]) -> str:
    nom = hasard.choice(courants) if hasard.random() < 0.08 else hasard.choice(rares)
    prenom = hasard.choice(PRENOMS)
    profession, libelle, _ = hasard.choices(PROFESSIONS, [p[2] for p in PROFESSIONS])[0]
    titre = ("DR", "Docteur") if profession == "10" else ("", "")
    savoir = ("", "", "", "")
    if profession == "10":
        code, nom_savoir, _ = hasard.choices(SPECIALITES, [s[2] for s in SPECIALITES])[0]
        savoir = ("S", "Spécialité ordinale", code, nom_savoir)
    rpps = f"98{numero:09d}"  # a range that no professional has
    return "|".join(
        ("8", rpps, f"8{rpps}", *titre, "MME", "Madame", nom, prenom, profession, libelle, "C", "Civil", *savoir)
    )


def _draw_lieu(hasard: random.Random, lieu: tuple[str, str, str, list[str]]) -> str:
    code, nom, departement, codes_postaux = lieu
    numero = hasard.randrange(10**8)
    mode = ("L", "Libéral") if numero % 2 else ("S", "Salarié")
    postal = codes_postaux[0] if codes_postaux else ""
    siret, finess = f"{numero:09d}00012", f"{departement[:2]}{numero % 10**7:07d}" if numero % 3 == 0 else ""
    return "|" + "|".join(
        (
            *mode, siret, siret[:9], finess, finess, f"F{numero:09d}", f"CABINET {nom.upper()}" if numero % 4 else
            "CENTRE HOSPITALIER", "", "", "BATIMENT A" if numero % 9 == 0 else "", str(numero % 180), "", "R",
            VOIES[numero % 7], f"DES {SYLLABES[numero % 35].upper()}{FINALES[numero % 16].upper()}S", "",
            f"{postal} {nom.upper()}", postal, code, nom, "FR", "France", f"04{numero:08d}", "", "",
            f"contact{numero}@example.org" if numero % 6 == 0 else "", departement, "Loire", "", "ARS/ARS/ARS",
            "SA07", "Cabinet individuel", "", "", "", "", "GENR01", "Activité standard de soin ou de pharmacien",
        )
    ) + "\n"  # fmt: skip
