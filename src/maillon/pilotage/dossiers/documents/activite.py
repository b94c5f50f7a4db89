"""The annual activity report as blocks of text and tables: one content for the Word document and the PDF."""

from collections import Counter
from typing import Any

from maillon.socle.ui.typographie import compter, format_nombre

from .mots import say_montant
from .vue import build_vue

Bloc = dict[str, Any]


def build_rapport(matiere: dict[str, Any]) -> dict[str, Any]:
    """Title, seal and sections. Blocks are `texte`, `table` and `invite`, which the author fills."""
    vue = build_vue(matiere)
    sections = [_introduction(vue)]
    sections += [_mission(mission, matiere) for mission in vue["missions"]]
    sections += [_finances(vue, matiere), _fin()]
    return {
        **{cle: vue[cle] for cle in ("communaute", "annee", "annee_sur", "periode", "sceau", "provisoire", "etabli")},
        "titre": "Rapport annuel d’activité",
        "empreinte": vue["empreinte"],
        "sections": sections,
    }


def texte(phrase: str) -> Bloc:
    return {"genre": "texte", "texte": phrase}


def invite(titre: str, phrase: str) -> Bloc:
    return {"genre": "invite", "titre": titre, "texte": phrase}


def table(titre: str, entetes: list[str], lignes: list[list[str]], *, serre: bool = False) -> Bloc:
    """The first column names the row, the others are figures or short words."""
    nombres = [x > 0 and all(_is_chiffre(ligne[x]) for ligne in lignes) for x in range(len(entetes))]
    return {"genre": "table", "titre": titre, "entetes": entetes, "lignes": lignes, "nombres": nombres, "serre": serre}


def _is_chiffre(cellule: str) -> bool:
    return not cellule or cellule[0].isdigit() or cellule[0] in "−—"


def _section(titre: str, *blocs: Bloc) -> dict[str, Any]:
    return {"titre": titre, "blocs": list(blocs)}


def _introduction(vue: dict[str, Any]) -> dict[str, Any]:
    return _section(
        "L’année en bref",
        *(texte(phrase) for phrase in vue["phrases"]),
        table("Part variable de l’année", ["", "Montant"], [list(part) for part in vue["parts_dites"]]),
        invite("Le mot de la communauté", "Ce que cette année a changé pour les habitants et pour les professionnels."),
        invite("Gouvernance", "Réunions du bureau et de l’assemblée, adhésions, équipe salariée, groupes de travail."),
    )


def _mission(mission: dict[str, Any], matiere: dict[str, Any]) -> dict[str, Any]:
    blocs = [texte(f"Mission {mission['statut']}. Part variable : {mission['variable']}.")]
    fait = count_actes(mission, matiere)
    if fait is not None:
        blocs.append(fait)
        blocs.append(
            texte(
                "Un acte peut servir plusieurs indicateurs : il est alors compté à chacun. Le mois n’est pas donné "
                "quand figurer dans la liste en dirait trop."
            )
        )
    else:
        blocs.append(texte("Aucun acte de l’année n’est enregistré dans Maillon pour cette mission."))
    blocs.append(invite("Ce qui a été fait", "Actions, réunions, supports, publics touchés."))
    blocs.append(invite("Partenaires", "Structures, professionnels et institutions qui y ont pris part."))
    if mission["indicateurs"]:
        blocs.append(_resultats(mission))
        blocs.append(_justificatifs(mission))
    blocs.append(invite("Difficultés", "Ce qui a freiné, ce qui a été essayé."))
    blocs.append(invite("Perspectives", "Ce qui est prévu pour l’année suivante."))
    return _section(mission["libelle"], *blocs)


def count_actes(mission: dict[str, Any], matiere: dict[str, Any]) -> Bloc | None:
    """Acts by indicator and kind, one column a month; None without any."""
    debut, fin = matiere["chiffres"]["debut"], matiere["chiffres"]["fin"]
    mois = list_mois(debut, fin)
    codes = {i["code"]: i["id"] for m in matiere["chiffres"]["missions"] for i in m["indicateurs"]}
    lignes = []
    for indicateur in mission["indicateurs"]:
        actes = matiere["actes"].get(codes[indicateur["code"]], [])
        for nature in sorted({acte["nature"] for acte in actes}):
            comptes = Counter(acte["le"][:7] for acte in actes if acte["nature"] == nature)
            total = sum(comptes.values())
            tus = codes[indicateur["code"]] in matiere["discrets"]
            cellules = ["" if tus or not comptes[cle] else format_nombre(comptes[cle]) for cle in mois]
            lignes.append([f"{indicateur['libelle']} : {nature}", *cellules, format_nombre(total)])
    if not lignes:
        return None
    entetes = ["Actes", *(f"{cle[5:]}/{cle[2:4]}" for cle in mois), "Total"]
    return table("Actes de l’année, par mois", entetes, lignes, serre=True)


def list_mois(debut: str, fin: str) -> list[str]:
    """The months of a contract year, « 2025-12 » to « 2026-12 »: an anniversary within a month makes thirteen."""
    annee, mois = int(debut[:4]), int(debut[5:7])
    cles = []
    while (cle := f"{annee:04}-{mois:02}") <= fin[:7]:
        # The anniversary that closes the year is not in it.
        if cle < fin[:7] or fin[8:] != "01":
            cles.append(cle)
        annee, mois = (annee + 1, 1) if mois == 12 else (annee, mois + 1)
    return cles


def _resultats(mission: dict[str, Any]) -> Bloc:
    lignes = [
        [
            indicateur["libelle"],
            indicateur["constate_court"],
            indicateur["prevu_court"],
            indicateur["euros"]["constate"],
            indicateur["euros"]["a_confirmer"],
            indicateur["euros"]["encore_possible"],
            indicateur["euros"]["perdu"],
        ]
        for indicateur in mission["indicateurs"]
    ]
    entetes = ["Indicateur", "Constaté", "Prévu", "Euros constatés", "À confirmer", "Encore possible", "Perdu"]
    return table("Résultats", entetes, lignes)


def _justificatifs(mission: dict[str, Any]) -> Bloc:
    lignes = [
        [
            indicateur["libelle"],
            indicateur["preuve_demandee"] or "—",
            compter(len(indicateur["preuves"]) + indicateur["preuves_actes"], "document"),
            format_nombre(indicateur["actes_prouves"]),
        ]
        for indicateur in mission["indicateurs"]
    ]
    return table("Justificatifs", ["Indicateur", "Demandé", "Joints", "Actes avec justificatif"], lignes)


def _finances(vue: dict[str, Any], matiere: dict[str, Any]) -> dict[str, Any]:
    plafond = matiere["chiffres"]["plafond"]
    blocs = [
        table(
            "Plafond de l’année",
            ["", "Montant"],
            [
                ["Hors crise", say_montant(plafond["hors_activation"])],
                ["Si l’ARS reconnaît une crise", say_montant(plafond["activation"])],
                ["Crise comprise", say_montant(plafond["total"])],
            ],
        )
    ]
    if vue["versements"]["dus"]:
        lignes = [[v["le"], v["poste"], v["nature"], v["montant"]] for v in vue["versements"]["dus"]]
        lignes.append(["Ensemble", "", "", vue["versements"]["total"]])
        blocs.append(table("Versements de l’année", ["Date", "Poste", "Nature", "Montant"], lignes))
    if vue["versements"]["recus"]:
        lignes = [[r["le"], r["nature"], r["libelle"], r["montant"]] for r in vue["versements"]["recus"]]
        lignes.append(["Ensemble", "", "", vue["versements"]["total_recu"]])
        blocs.append(table("Versements reçus", ["Reçu le", "Nature", "Libellé", "Montant"], lignes))
    blocs.append(
        invite("Emploi des fonds", "Salaires, locaux, logiciels, indemnités, actions ; écarts avec le budget.")
    )
    return _section("Finances", *blocs)


def _fin() -> dict[str, Any]:
    return _section(
        "Bilan et perspectives",
        invite("Bilan", "Ce que la communauté retient de l’année."),
        invite("Priorités de l’année suivante", "Trois priorités, leur échéance, qui les porte."),
    )
