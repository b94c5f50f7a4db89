"""What the last imports of the national directory did, and what waits for an answer."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.composants import Chiffre, Vide

from .. import presentation
from ..permissions import GERER
from ..selectors.fiches import count_fiches, get_source, list_attentes
from ..selectors.membres import list_adherents
from ..selectors.national import list_imports
from .recherche import build_fil


@acces(GERER)
@require_safe
def imports(request: Requete, slug: str) -> HttpResponse:
    """For the coordinator and the operator."""
    attentes = list_attentes(request.cpts.pk)
    fiches, publiques = count_fiches(request.cpts.pk)
    membres = list_adherents(request.cpts.pk).count()
    contexte = {
        "titre": "Imports et différences",
        "fil": build_fil(request, "Imports et différences"),
        "chiffres": [
            Chiffre("Différences à trancher", len(attentes)),
            Chiffre("Fiches remplies", fiches, cible=f"sur {membres} membres"),
            Chiffre("Dans l’annuaire public", publiques, url=reverse("annuaire_public", args=[slug])),
        ],
        "attentes": attentes,
        "imports": list_imports(),
        "source": presentation.describe_source(get_source()),
        "vide": Vide(
            "Aucun import de l’annuaire national",
            "Demandez à qui exploite Maillon de lancer « maillon annuaire importer » avec l’extraction du RPPS.",
            icone="download",
        ),
    }
    return render(request, "annuaire/imports.html", contexte)
