"""Announcements: to read, to publish, to see who has read."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.composants import Pastille, Vide
from maillon.socle.ui.typographie import compter

from ..criteres import Criteres, describe_criteres
from ..forms import AnnonceForm
from ..models import Annonce
from ..permissions import CONVERSER, DIFFUSER
from ..selectors import diffusion as selectors
from ..services import annonces as services
from ..services.commun import MessageRefuse
from .commun import find_url, get_status

PAR_PAGE = 20


def show_etat(annonce: Annonce) -> Pastille:
    if annonce.retiree_le is not None:
        return Pastille("retirée", "neutre")
    if annonce.affichee_jusqu_au < today():
        return Pastille("n’est plus affichée", "neutre")
    return Pastille("affichée", "bien")


@acces(CONVERSER)
@require_safe
def annonces(request: Requete, slug: str) -> HttpResponse:
    """Announcements addressed to the person; whoever publishes them sees them all, and how many have read."""
    rows = selectors.with_lectures(Annonce.objects.visible_to(request.acteur), request.acteur)
    page = Paginator(rows.order_by("-publiee_le"), PAR_PAGE).get_page(request.GET.get("page"))
    diffuse = request.acteur.can(DIFFUSER)
    contexte = {
        "titre": "Annonces",
        "fil": [("Communauté", ""), ("Annonces", "")],
        "page": page,
        "liste": [(annonce, show_etat(annonce), find_url("annonce", request, annonce.pk)) for annonce in page],
        "diffuse": diffuse,
        "vide": Vide(
            "Aucune annonce",
            "Une annonce reste sur la page d’accueil de chacun jusqu’à ce qu’il l’ait lue, et vous voyez qui l’a lue."
            if diffuse
            else "Les annonces de la communauté s’afficheront ici et sur votre page d’accueil.",
            "Publier une annonce" if diffuse else "",
            find_url("nouvelle_annonce", request),
            "bell",
        ),
    }
    return render(request, "messagerie/annonces.html", contexte)


@acces(CONVERSER)
@require_safe
def annonce(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """One announcement; to whoever publishes them, who has read it."""
    objet = selectors.get_annonce(pk, for_acteur=request.acteur)
    diffuse = request.acteur.can(DIFFUSER)
    receptions = selectors.list_receptions(objet) if diffuse else []
    lues = sum(reception.lue_le is not None for reception in receptions)
    contexte = {
        "titre": objet.titre,
        "fil": [("Annonces", find_url("annonces", request)), (objet.titre, "")],
        "annonce": objet,
        "pastille": show_etat(objet),
        "reception": selectors.get_reception(objet, request.acteur),
        "diffuse": diffuse,
        "receptions": receptions,
        "lues": lues,
        "non_lues": len(receptions) - lues,
        "criteres": describe_criteres(objet.cpts_id, Criteres.read(objet.criteres)) if diffuse else "",
    }
    return render(request, "messagerie/annonce.html", contexte)


@acces(DIFFUSER)
@require_http_methods(["GET", "HEAD", "POST"])
def nouvelle(request: Requete, slug: str) -> HttpResponse:
    """Publish an announcement; how many would see it is said before."""
    form = AnnonceForm(request.POST or None, cpts=request.cpts)
    compte = None
    if request.method == "POST" and form.is_valid():
        donnees = form.cleaned_data
        if request.POST.get("geste") == "compter":
            compte = selectors.count_comptes(request.cpts.pk, form.criteres)
        else:
            try:
                objet = services.publish_annonce(
                    cpts_id=request.cpts.pk,
                    titre=donnees["titre"],
                    texte=donnees["texte"],
                    criteres=form.criteres,
                    affichee_jusqu_au=donnees["affichee_jusqu_au"],
                    par_courriel=donnees["par_courriel"],
                    by=request.acteur,
                )
                messages.success(request, "L’annonce est publiée.")
                return redirect(find_url("annonce", request, objet.pk))
            except MessageRefuse as refus:
                form.add_error(None, str(refus))
    contexte = {
        "titre": "Publier une annonce",
        "fil": [("Annonces", find_url("annonces", request)), ("Publier une annonce", "")],
        "form": form,
        "compte": compte,
        "retour": find_url("annonces", request),
    }
    return render(request, "messagerie/nouvelle_annonce.html", contexte, status=get_status(form))


@acces(CONVERSER)
@require_POST
def lue(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """« J’ai lu »."""
    objet = selectors.get_annonce(pk, for_acteur=request.acteur)
    if not services.acknowledge(annonce=objet, by=request.acteur):
        raise Http404
    messages.success(request, "C’est noté : vous avez lu cette annonce.")
    return redirect(find_url("annonces", request))


@acces(DIFFUSER)
@require_POST
def rappeler(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Write to those who have not read it."""
    objet = selectors.get_annonce(pk, for_acteur=request.acteur)
    try:
        nombre = services.remind_unread(annonce=objet, by=request.acteur)
        messages.success(request, f"Le rappel part à {compter(nombre, 'personne')}.")
    except MessageRefuse as refus:
        messages.error(request, str(refus))
    return redirect(find_url("annonce", request, pk))


@acces(DIFFUSER)
@require_POST
def retirer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Take an announcement down; posted again with `remettre`, put it back."""
    objet = selectors.get_annonce(pk, for_acteur=request.acteur)
    retiree = "remettre" not in request.GET
    services.withdraw_annonce(annonce=objet, retiree=retiree, by=request.acteur)
    if retiree:
        offer_undo(request, "L’annonce est retirée.", f"{find_url('retirer_annonce', request, pk)}?remettre")
    else:
        messages.success(request, "L’annonce est de nouveau affichée.")
    return redirect(find_url("annonce", request, pk))
