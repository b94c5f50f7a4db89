"""Pages of CPAM and ARS agents: the packs that were sent to them."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from maillon.socle.contexte import act_in
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.telechargement import serve_fichier
from maillon.socle.ui.listes import afficher_liste

from .. import selectors
from ..listes import ListeRecus
from ..permissions import LIRE_TERRITOIRE


@acces(LIRE_TERRITOIRE)
@require_GET
def dossiers(request: Requete) -> HttpResponse:
    """Every pack sent by the communities of the territory, the latest first."""
    return afficher_liste(request, ListeRecus, selectors.list_transmis(request.acteur))


@acces(LIRE_TERRITOIRE)
@require_GET
def dossier(request: Requete, pk: UUID) -> HttpResponse:
    """The documents of a pack that was sent."""
    objet = selectors.get_transmis(pk, for_acteur=request.acteur)
    with act_in(objet.cpts_id):
        pieces = selectors.list_pieces_transmises(objet)
    contexte = {
        "titre": f"{objet.cpts.nom}, année {objet.annee}",
        "fil": [("Dossiers reçus", reverse("dossiers:territoire")), (objet.cpts.nom, "")],
        "dossier": objet,
        "pieces": pieces,
    }
    return render(request, "dossiers/territoire_dossier.html", contexte)


@acces(LIRE_TERRITOIRE)
@require_GET
def telecharger(request: Requete, pk: UUID, piece_id: UUID) -> HttpResponseBase:
    """One document of a pack that was sent; the journal of the community says who opened it."""
    objet = selectors.get_transmis(pk, for_acteur=request.acteur)
    with act_in(objet.cpts_id):
        pieces = {piece.pk: piece for piece in selectors.list_pieces_transmises(objet)}
        if piece_id not in pieces:
            raise Http404
        return serve_fichier(pieces[piece_id].fichier, by=request.acteur)
