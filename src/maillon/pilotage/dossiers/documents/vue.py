"""The matter of a pack as people read it: the same words and amounts in the PDF, the report and the page."""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from maillon.pilotage.contrats.phrases import say_nombre
from maillon.socle.ui.typographie import INSECABLE, VIDE, compter, format_date_heure, format_euros

from .mots import PARTS, say_court, say_jour, say_montant, say_sceau, share_euros
from .vue_indicateurs import build_indicateur, build_preuve


def build_vue(matiere: dict[str, Any]) -> dict[str, Any]:
    """Everything that a printed document shows, ready to be set."""
    chiffres = matiere["chiffres"]
    preuves = [build_preuve(preuve) for preuve in matiere["preuves"]]
    return {
        "communaute": matiere["communaute"]["nom"],
        "annee": f"Année {chiffres['annee']} du contrat",
        "annee_sur": f"Année {chiffres['annee']} sur {chiffres['duree']}",
        "periode": f"du {say_jour(chiffres['debut'])} au {say_jour(chiffres['fin'])}, date anniversaire",
        "provisoire": matiere["arrete"] is None,
        "sceau": say_sceau(matiere),
        "empreinte": (matiere["arrete"] or {}).get("empreinte", ""),
        "etabli": format_date_heure(timezone.localtime(datetime.fromisoformat(matiere["etabli_le"])), today=date.min),
        "phrases": say_annee(matiere),
        "faits": _faits(matiere),
        "parts": [(libelle, _parts(matiere)[cle]) for cle, libelle in PARTS],
        "parts_dites": _say_parts(matiere),
        "parts_a_confirmer": chiffres["plafond"]["total"]["a_confirmer"],
        # A contract known by its total alone has no variable part to show.
        "a_une_part": bool(Decimal(chiffres["variable"])),
        "plafonds": [_plafond(ligne, chiffres["annee"]) for ligne in matiere["plafonds"]],
        "missions": [_mission(mission, matiere, preuves) for mission in chiffres["missions"]],
        "versements": _versements(matiere),
        "lacunes": _lacunes(chiffres),
        "prochains": _prochains(matiere),
        "gardees": sum(1 for preuve in preuves if preuve["garde"]),
    }


def say_annee(matiere: dict[str, Any]) -> list[str]:
    """The year in sentences, as on its page."""
    chiffres, close = matiere["chiffres"], matiere["close"]
    plafond, variable = chiffres["plafond"], Decimal(chiffres["variable"])
    activation = Decimal(plafond["activation"]["euros"])
    sujet = "Hors crise, elle" if activation else "Elle"
    phrase = f"L’année {chiffres['annee']} du contrat va {_periode(chiffres)}."
    phrase += f" {sujet} {'valait' if close else 'vaut'} {say_montant(plafond['hors_activation'])}"
    phrase += f", dont {format_euros(variable)} à démontrer." if variable else "."
    phrases = [phrase]
    resiliation = (chiffres["versements"] or {}).get("resiliation")
    if resiliation and resiliation["le"] == chiffres["fin"]:
        phrases.append(
            "Le contrat a pris fin ce jour-là, avant l’anniversaire : ces montants sont d’une année entière."
        )
    if activation:
        phrases.append(
            f"Si l’ARS reconnaît une crise, {say_montant(plafond['activation'])} s’y ajoutent, soit "
            f"{say_montant(plafond['total'])} au plus."
        )
    if variable:
        parts = _parts(matiere)
        dernier = f"perdu {parts['perdu']}" if close else f"encore possible {parts['encore_possible']}"
        phrases.append(f"Constaté {parts['constate']} ; à confirmer {parts['a_confirmer']} ; {dernier}.")
    if chiffres["lacunes"]:
        manques: Counter[str] = Counter()
        for lacune in chiffres["lacunes"]:
            manques[lacune["libelle"]] += lacune["nombre"]
        euros = format_euros(sum((Decimal(lacune["euros"]) for lacune in chiffres["lacunes"]), Decimal(0)))
        details = ", ".join(say_nombre(n, nom) for nom, n in manques.items())
        phrases.append(f"{euros} sont encore sans justificatif{INSECABLE}: {details}.")
    elif variable:
        phrases.append("Rien de ce qui reste à confirmer ne manque de justificatif.")
    return phrases


def _periode(chiffres: dict[str, Any]) -> str:
    return f"du {say_jour(chiffres['debut'])} au {say_jour(chiffres['fin'])}"


def _parts(matiere: dict[str, Any]) -> dict[str, str]:
    montants = share_euros(matiere["chiffres"], close=matiere["close"])
    return {cle: format_euros(montant) for cle, montant in montants.items()}


def _say_parts(matiere: dict[str, Any]) -> list[tuple[str, str]]:
    """The same with the mark of what no text establishes, where the amount stands alone."""
    doute = matiere["chiffres"]["plafond"]["total"]["a_confirmer"]
    euros = share_euros(matiere["chiffres"], close=matiere["close"])
    return [(libelle, say_montant({"euros": euros[cle], "a_confirmer": doute})) for cle, libelle in PARTS]


def _faits(matiere: dict[str, Any]) -> list[tuple[str, str]]:
    chiffres = matiere["chiffres"]
    population = ""
    if chiffres["population"]:
        millesime = f", population {chiffres['millesime']}" if chiffres["millesime"] else ""
        population = f" ({compter(chiffres['population'], 'habitant')}{millesime})"
    return [
        ("Contrat signé le", say_jour(chiffres["signe_le"])),
        ("Année de contrat", f"{chiffres['annee']} sur {chiffres['duree']}, {_periode(chiffres)}"),
        ("Taille", f"taille {chiffres['taille']}{population}"),
        ("Barème", f"en vigueur au {say_jour(matiere['bareme_le'])}"),
        ("Texte", matiere["source"]),
    ]


def _plafond(ligne: dict[str, Any], courante: int) -> dict[str, Any]:
    def montant(cle: str) -> str:
        return say_montant({"euros": ligne[cle], "a_confirmer": ligne["a_confirmer"]})

    return {
        "annee": f"Année {ligne['annee']}",
        "courante": ligne["annee"] == courante,
        "total": montant("total"),
        "hors_activation": montant("hors_activation"),
        "activation": montant("activation") if Decimal(ligne["activation"]) else VIDE,
    }


def _mission(mission: dict[str, Any], matiere: dict[str, Any], preuves: list[dict[str, Any]]) -> dict[str, Any]:
    montants = share_euros(mission, close=matiere["close"])
    return {
        "code": mission["code"],
        "libelle": mission["libelle"],
        "statut": mission["statut"],
        "doute": any(mission[cle] and mission[cle]["a_confirmer"] for cle in ("fixe", "variable", "activation")),
        "debut": say_jour(mission["debut"]),
        "fixe": say_montant(mission["fixe"]),
        "variable": say_montant(mission["variable"]),
        "activation": say_montant(mission["activation"]),
        "euros": {cle: format_euros(montant) for cle, montant in montants.items()},
        "parts": [float(montants[cle]) for cle, _ in PARTS],
        "total": format_euros(sum(montants.values(), Decimal(0))),
        "non_reparti": format_euros(Decimal(mission["non_reparti"])) if Decimal(mission["non_reparti"]) else "",
        "indicateurs": [
            build_indicateur(
                indicateur,
                matiere["actes"].get(indicateur["id"], []),
                [preuve for preuve in preuves if preuve["indicateur"] == indicateur["id"]],
            )
            for indicateur in mission["indicateurs"]
        ],
    }


def _versements(matiere: dict[str, Any]) -> dict[str, Any]:
    annee = matiere["chiffres"]["annee"]
    echeancier = matiere["versements"]["echeancier"]
    dus = [versement for versement in echeancier if versement["annee"] == annee]
    recus = matiere["versements"]["recus"]
    par_date: dict[str, Decimal] = {}
    doutes: set[str] = set()
    for versement in echeancier:
        par_date[versement["le"]] = par_date.get(versement["le"], Decimal(0)) + Decimal(versement["euros"])
        if versement["a_confirmer"]:
            doutes.add(versement["le"])
    return {
        "dus": [
            {"le": say_court(v["le"]), "poste": v["libelle"], "nature": v["nature"], "montant": say_montant(v)}
            for v in dus
        ],
        "total": say_montant(
            {
                "euros": sum((Decimal(v["euros"]) for v in dus), Decimal(0)),
                "a_confirmer": any(v["a_confirmer"] for v in dus),
            }
        ),
        "dates": [
            (say_court(jour), say_montant({"euros": montant, "a_confirmer": jour in doutes}))
            for jour, montant in sorted(par_date.items())
        ],
        "recus": [
            {
                "le": say_court(recu["le"]),
                "annee": f"année {recu['annee']}",
                "nature": recu["nature"],
                "libelle": recu["libelle"] or VIDE,
                "montant": format_euros(Decimal(recu["euros"])),
            }
            for recu in recus
        ],
        "total_recu": format_euros(sum((Decimal(r["euros"]) for r in recus), Decimal(0))),
    }


def _lacunes(chiffres: dict[str, Any]) -> list[dict[str, str]]:
    libelles = {i["id"]: i["libelle"] for mission in chiffres["missions"] for i in mission["indicateurs"]}
    return [
        {
            "indicateur": libelles[lacune["indicateur"]],
            "manque": say_nombre(lacune["nombre"], lacune["libelle"]),
            "euros": format_euros(Decimal(lacune["euros"])),
        }
        for lacune in chiffres["lacunes"]
    ]


def _prochains(matiere: dict[str, Any]) -> list[dict[str, str]]:
    if matiere["close"]:
        return []
    return [
        {"indicateur": indicateur["libelle"], "phrase": indicateur["prochain"]}
        for mission in matiere["chiffres"]["missions"]
        for indicateur in mission["indicateurs"]
        if indicateur["prochain"]
    ]
