"""Pages of CPAM and ARS agents: the contracts of their territory, read only, down to pseudonymous acts."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from maillon.pilotage.contrats.ecarts import read_ecarts
from maillon.pilotage.contrats.mentions import find_mention_publiee
from maillon.pilotage.contrats.permissions import LIRE_TERRITOIRE
from maillon.pilotage.contrats.presentation import barre_of_json, chiffres_of_json
from maillon.pilotage.contrats.presentation_ecarts import show_ecarts
from maillon.pilotage.contrats.releves import count_by_commune
from maillon.regles.secret import SEUIL
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.listes import afficher_liste

from . import comparaison, presentation, selectors
from .listes import ListeComparaison, ListePortefeuille, build_vues

ACTES_PAR_PAGE = 50


@acces(LIRE_TERRITOIRE)
@require_GET
def contrats(request: Requete) -> HttpResponse:
    """The contracts of the territory with their totals, and the communities that have none yet."""
    releves = selectors.list_courants(request.acteur)
    suivis = selectors.follow(releves)
    liste = ListePortefeuille(suivis, request.GET, request=request)
    # The totals are those of what is shown; the subqueries of a list are not computed for nothing.
    choisis = releves.filter(pk__in=liste.queryset.order_by().values("pk")) if liste.is_filtree else releves
    return afficher_liste(
        request,
        ListePortefeuille,
        suivis,
        gabarit="portefeuille/contrats.html",
        contexte={
            "chiffres": comparaison.build_totaux(selectors.compute_totaux(choisis)),
            "vues": build_vues(liste),
            "filtree": liste.is_filtree,
            "sans_contrat": () if liste.is_filtree else selectors.list_sans_contrat(request.acteur),
        },
    )


@acces(LIRE_TERRITOIRE)
@require_GET
def comparer(request: Requete) -> HttpResponse:
    """The contracts side by side, mission by mission, and where each stands among the others."""
    releves = selectors.list_courants(request.acteur).en_vigueur(today())
    choisis = ListeComparaison(releves, request.GET, request=request).queryset
    return afficher_liste(
        request,
        ListeComparaison,
        releves,
        gabarit="portefeuille/comparer.html",
        contexte={
            "fil": [("Contrats du territoire", reverse("portefeuille:contrats")), ("Comparer", "")],
            "graphique": comparaison.draw_missions(selectors.list_parts(choisis)),
        },
    )


@acces(LIRE_TERRITOIRE)
@require_GET
def contrat(request: Requete, contrat_id: UUID) -> HttpResponse:
    """A contract year: what it says, what waits for the agent, money, indicators; `?annee=` opens a past year."""
    releve = selectors.get_releve(contrat_id, for_acteur=request.acteur, annee=request.GET.get("annee", ""))
    annees, chiffres = selectors.list_annees(releve), releve.chiffres
    dialogues = selectors.list_dialogues(releve, for_acteur=request.acteur)
    derniere, close = releve.annee == annees[0], releve.fin <= today()
    suffixe, montrer = "" if derniere else f"annee={releve.annee}", request.GET.get("montrer", "")
    echeances = selectors.list_prochaines(releve, for_acteur=request.acteur) if derniere else []
    missions = presentation.build_missions(
        contrat_id, chiffres, dialogues[0] if dialogues else None, suffixe=f"?{suffixe}" if suffixe else ""
    )
    barres = [
        barre_of_json(
            mission["libelle"], mission, cle=f"barre-{mission['code']}", url=f"#{mission['code']}", close=close
        )
        for mission in chiffres["missions"]
        if mission["variable"] and Decimal(mission["variable"]["euros"])
    ]
    return render(
        request,
        "portefeuille/contrat.html",
        {
            "titre": releve.cpts.nom,
            "fil": [("Contrats", reverse("portefeuille:contrats")), (releve.cpts.nom, "")],
            "releve": releve,
            "duree": chiffres["duree"],
            "derniere": derniere,
            "onglets": presentation.build_annees(annees, releve.annee, request.path),
            "mention": find_mention_publiee(releve) if derniere else None,
            "phrase": presentation.say_annee(chiffres),
            "suites": presentation.build_suites(
                dialogues, selectors.list_dossiers(releve, for_acteur=request.acteur), echeances
            ),
            "versements": presentation.build_versements(chiffres) if derniere else [],
            "termes": presentation.build_faits(chiffres),
            "chiffres": chiffres_of_json(chiffres, close=close),
            "close": close,
            "barres": barres,
            "filtres": presentation.build_filtres(missions, montrer, annee=suffixe),
            "missions": presentation.filter_missions(missions, montrer),
        },
    )


@acces(LIRE_TERRITOIRE)
@require_GET
def indicateur(request: Requete, contrat_id: UUID, indicateur_id: UUID) -> HttpResponse:
    """An indicator, what was said of it, its pseudonymous acts and the hashes of its evidence."""
    releve = selectors.get_releve(contrat_id, for_acteur=request.acteur, annee=request.GET.get("annee", ""))
    lu = selectors.find_indicateur_releve(releve, indicateur_id)
    actes = selectors.get_actes_releve(releve, indicateur_id)
    communes = count_by_commune(actes.values_list("commune", flat=True))
    suffixe = f"?annee={releve.annee}" if request.GET.get("annee") else ""
    return render(
        request,
        "portefeuille/indicateur.html",
        {
            "titre": lu["libelle"],
            "fil": [
                ("Contrats", reverse("portefeuille:contrats")),
                (releve.cpts.nom, reverse("portefeuille:contrat", args=[contrat_id]) + suffixe),
                (lu["mission"], ""),
            ],
            "releve": releve,
            "indicateur": lu,
            "preuves": [{**preuve, "le": date.fromisoformat(preuve["le"])} for preuve in lu["preuves"]],
            "definition": presentation.build_definition(lu),
            "barre": barre_of_json("Euros de l’indicateur", lu, cle="indicateur"),
            "constate": presentation.valeur(lu["constate"], lu["unite"]),
            "prevu": presentation.valeur(lu["prevu"], lu["unite"]),
            "paliers": [presentation.palier(palier, lu) for palier in lu["paliers"]],
            "courbe": presentation.courbe(lu, releve.fin),
            "explications": show_ecarts(
                read_ecarts(releve.explications.get(str(indicateur_id), [])), lu["unite"], opens=lambda url: False
            ),
            "echanges": presentation.build_echanges(
                selectors.list_dialogues(releve, for_acteur=request.acteur), indicateur_id
            ),
            "communes": communes if any(commune for commune, _ in communes) else [],
            "secret": SEUIL,
            "page": Paginator(actes, ACTES_PAR_PAGE).get_page(request.GET.get("page")),
        },
    )
