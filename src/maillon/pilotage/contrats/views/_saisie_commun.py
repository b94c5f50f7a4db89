"""What the steps of the guided entry share: the draft, the frame of a step, the documents sent with it."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import TAILLE_MAX, FichierRefuse
from maillon.socle.ui.composants import Etape

from .. import services
from ..forms import read_piece
from ..forms_saisie.ensemble import Ensemble
from ..models import BrouillonContrat
from ..saisie import brouillon as contenus


def find(request: Requete) -> BrouillonContrat | None:
    return BrouillonContrat.objects.visible_to(request.acteur).ouvert()


def need(request: Requete) -> BrouillonContrat:
    """The draft, begun on the first step that is sent."""
    return find(request) or services.open_brouillon(cpts_id=request.cpts.pk, by=request.acteur)


def save(request: Requete, etape: str, **contenu: Any) -> BrouillonContrat:
    return services.save_etape(brouillon=need(request), etape=etape, contenu=contenu, by=request.acteur)


def flatten(post: Any) -> dict[str, str]:
    """What a form sent, as it was typed."""
    return {nom: str(valeur)[:2000] for nom, valeur in post.items() if nom not in ("csrfmiddlewaretoken", "action")}


def url_of(request: Requete, etape: str) -> str:
    return reverse(f"pilotage:saisie_{etape}", args=[request.cpts.slug])


def render_etape(request: Requete, etape: str, ensemble: Ensemble, status: int = 200, **contexte: Any) -> HttpResponse:
    codes = [code for code, _ in contenus.ETAPES]
    slug = request.cpts.slug
    return render(
        request,
        f"pilotage/saisie_{etape}.html",
        {
            "titre": dict(contenus.ETAPES)[etape],
            "titre_onglet": f"Saisir le contrat : {dict(contenus.ETAPES)[etape]}",
            "fil": [
                ("L’année", reverse("pilotage:annee", args=[slug])),
                ("Saisir le contrat", reverse("pilotage:saisie", args=[slug])),
                (dict(contenus.ETAPES)[etape], ""),
            ],
            "etapes": [Etape(libelle, url_of(request, code)) for code, libelle in contenus.ETAPES],
            "courante": codes.index(etape) + 1,
            "precedente": url_of(request, codes[codes.index(etape) - 1]) if codes.index(etape) else "",
            "ensemble": ensemble,
            "brouillon": find(request),
            **contexte,
        },
        status=status,
    )


def send_back(request: Requete, ensemble: Ensemble) -> HttpResponse | None:
    """To the first step that later ones rest on and that is not sound."""
    if ensemble.missions is None:
        return redirect(url_of(request, "termes"))
    return redirect(url_of(request, "missions")) if ensemble.contrat is None else None


def read_draft(request: Requete) -> Ensemble:
    brouillon = find(request)
    return Ensemble(brouillon.contenu if brouillon else {})


def keep_documents(
    request: Requete, brouillon: BrouillonContrat, etape: str, places: Mapping[str, str], *, mission: bool = False
) -> tuple[BrouillonContrat, dict[str, str]]:
    """Store the documents sent with a step (field → place in the draft); gives the draft, and the refusals by field."""
    refus: dict[str, str] = {}
    documents = dict(brouillon.contenu.get("documents", {}))
    for champ, place in places.items():
        fichier = request.FILES.get(champ)
        if fichier is None:
            continue
        if (fichier.size or 0) > TAILLE_MAX:
            refus[champ] = f"« {fichier.name} » dépasse la limite de 10 Mo. Réduisez-le ou déposez-le en parties."
            continue
        piece = read_piece(fichier)
        assert piece is not None
        try:
            documents[place] = services.store_document(
                cpts_id=request.cpts.pk, piece=piece, by=request.acteur, mission=mission
            )
        except FichierRefuse as erreur:
            refus[champ] = str(erreur)
    return save(request, etape, documents=documents), refus
