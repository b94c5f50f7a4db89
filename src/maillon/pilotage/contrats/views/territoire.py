"""Pages of CPAM and ARS agents: the contracts of their territory, read only, down to pseudonymous acts."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Chiffre, Fait, Vide
from maillon.socle.ui.typographie import compter, format_euros

from .. import courbes, presentation, selectors
from ..permissions import LIRE_TERRITOIRE
from ..releves import SEUIL_SECRET, count_by_commune

ACTES_PAR_PAGE = 50


@acces(LIRE_TERRITOIRE)
@require_GET
def contrats(request: Requete) -> HttpResponse:
    """Every community of the territory, the nearest anniversary first."""
    resumes = selectors.resume_territoire(request.acteur)
    resumes.sort(key=lambda r: (not r.en_vigueur, r.jours if r.jours is not None else 10**6, r.cpts.nom))
    return render(
        request,
        "pilotage/territoire.html",
        {
            "titre": "Contrats du territoire",
            "resumes": resumes,
            "engages": sum((r.hors_activation or Decimal(0) for r in resumes if r.en_vigueur), Decimal(0)),
            "en_vigueur": sum(r.en_vigueur for r in resumes),
            "a_confirmer": any(r.plafond_a_confirmer for r in resumes if r.en_vigueur),
            "vide": Vide(
                "Aucune communauté sur votre territoire",
                "Les communautés de vos départements apparaîtront ici dès leur création.",
            ),
        },
    )


@acces(LIRE_TERRITOIRE)
@require_GET
def contrat(request: Requete, contrat_id: UUID) -> HttpResponse:
    """The figures of a contract year; each opens onto its indicator."""
    releve = selectors.get_releve(contrat_id, for_acteur=request.acteur)
    chiffres = releve.chiffres
    barres = [
        presentation.barre_of_json(
            mission["libelle"], mission, cle=f"barre-{mission['code']}", url=f"#{mission['code']}"
        )
        for mission in chiffres["missions"]
        if mission["variable"] and Decimal(mission["variable"]["euros"])
    ]
    return render(
        request,
        "pilotage/territoire_contrat.html",
        {
            "titre": releve.cpts.nom,
            "fil": [("Contrats du territoire", reverse("pilotage:territoire")), (releve.cpts.nom, "")],
            "releve": releve,
            "faits": _faits(chiffres),
            "chiffres": _chiffres(chiffres),
            "barres": barres,
            "missions": [_mission(releve.contrat_id, mission) for mission in chiffres["missions"]],
        },
    )


@acces(LIRE_TERRITOIRE)
@require_GET
def indicateur(request: Requete, contrat_id: UUID, indicateur_id: UUID) -> HttpResponse:
    """An indicator, its values, its pseudonymous acts and the hashes of its evidence."""
    releve = selectors.get_releve(contrat_id, for_acteur=request.acteur)
    lu = selectors.find_indicateur_releve(releve, indicateur_id)
    actes = selectors.get_actes_releve(releve, indicateur_id)
    communes = count_by_commune(actes.values_list("commune", flat=True))
    return render(
        request,
        "pilotage/territoire_indicateur.html",
        {
            "titre": lu["libelle"],
            "fil": [
                ("Contrats du territoire", reverse("pilotage:territoire")),
                (releve.cpts.nom, reverse("pilotage:territoire_contrat", args=[contrat_id])),
                (lu["mission"], ""),
            ],
            "releve": releve,
            "indicateur": lu,
            "barre": presentation.barre_of_json("Euros de l’indicateur", lu, cle="indicateur"),
            "constate": _valeur(lu["constate"], lu["unite"]),
            "prevu": _valeur(lu["prevu"], lu["unite"]),
            "paliers": [_palier(palier, lu) for palier in lu["paliers"]],
            "courbe": _courbe(lu, releve.fin),
            "communes": communes if any(commune for commune, _ in communes) else [],
            "secret": SEUIL_SECRET,
            "page": Paginator(actes, ACTES_PAR_PAGE).get_page(request.GET.get("page")),
        },
    )


def _faits(chiffres: dict[str, Any]) -> list[Fait]:
    plafond = chiffres["plafond"]
    doute = presentation.certitude(plafond["total"]["a_confirmer"])
    population = compter(chiffres["population"], "habitant") if chiffres["population"] else ""
    return [
        Fait("Signé le", f"{date.fromisoformat(chiffres['signe_le']):%d/%m/%Y}"),
        Fait(
            "Année de contrat",
            f"{chiffres['annee']} sur {chiffres['duree']}",
            f"jusqu’au {date.fromisoformat(chiffres['fin']):%d/%m/%Y}, date anniversaire",
        ),
        Fait("Taille", f"taille {chiffres['taille']}", population),
        Fait("Plafond de l’année, hors crise", format_euros(Decimal(plafond["hors_activation"]["euros"])), doute),
        Fait("Si l’ARS reconnaît une crise", format_euros(Decimal(plafond["total"]["euros"])), doute),
    ]


def _chiffres(chiffres: dict[str, Any]) -> list[Chiffre]:
    montants, variable = chiffres["montants"], Decimal(chiffres["variable"])
    doute = presentation.certitude(chiffres["plafond"]["total"]["a_confirmer"])

    def part(libelle: str, nom: str) -> Chiffre:
        montant = Decimal(montants[nom])
        return Chiffre(libelle, montant, "€", realise=montant / variable if variable else None, certitude=doute)

    return [
        part("Constaté", "constate"),
        part("À confirmer", "a_confirmer"),
        part("Encore possible", "encore_possible"),
    ]


def _mission(contrat_id: UUID, mission: dict[str, Any]) -> dict[str, Any]:
    lignes = [
        {
            **indicateur,
            "url": reverse("pilotage:territoire_indicateur", args=[contrat_id, indicateur["id"]]),
            "constate": _valeur(indicateur["constate"], indicateur["unite"]),
            "prevu": _valeur(indicateur["prevu"], indicateur["unite"]),
            "euros": {nom: Decimal(montant) for nom, montant in indicateur["montants"].items()},
        }
        for indicateur in mission["indicateurs"]
    ]
    return {**mission, "lignes": lignes}


def _palier(palier: dict[str, Any], lu: dict[str, Any]) -> tuple[str, Decimal, str]:
    condition = presentation.say_condition(Decimal(palier["seuil"]), lu["sens"], lu["unite"])
    return condition, Decimal(palier["montant"]), palier["libelle"]


def _valeur(valeur: str | None, unite: str) -> str:
    return presentation.say_valeur(None if valeur is None else Decimal(valeur), unite)


def _courbe(lu: dict[str, Any], fin: date) -> Any:
    points = [(date.fromisoformat(c["le"]), Decimal(c["valeur"]), c["etat"] == "certifié") for c in lu["serie"]]
    return courbes.draw_courbe(
        points,
        paliers=[(Decimal(p["seuil"]), Decimal(p["montant"])) for p in lu["paliers"]],
        prevu=None if lu["prevu"] is None or lu["actes"] is None else Decimal(lu["prevu"]),
        on=min(today(), fin),
        fin=fin,
        unite=lu["unite"],
        titre=f"{lu['prochain'][:1].upper()}{lu['prochain'][1:]}" if lu["prochain"] else "Valeurs au fil du contrat",
    )
