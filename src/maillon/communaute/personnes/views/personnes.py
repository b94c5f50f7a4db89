"""People: the list, a sheet, one's own contact details."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.socle.droits.models import Membre
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui import annonces
from maillon.socle.ui.composants import Fait, Vide
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import format_date, format_telephone

from .. import selectors, services
from ..forms import CoordonneesForm, PersonneForm
from ..listes import ListePersonnes, show_compte
from ..models import Personne
from ..permissions import GERER, VOIR


@acces(GERER)
@require_safe
def liste(request: Requete, slug: str) -> HttpResponse:
    """Everybody with whom the community works."""
    people = selectors.list_personnes(for_acteur=request.acteur)
    if request.GET.get("parties", "") != "oui":
        people = people.filter(partie_le=None)
    contexte = {"fil": [("Communauté", ""), ("Personnes", "")]}
    return afficher_liste(request, ListePersonnes, people, gabarit="personnes/liste.html", contexte=contexte)


@acces(VOIR)
@require_safe
def fiche(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """One person: who they are, where they work, and all that the rooms know of them."""
    acteur = request.acteur
    personne = selectors.get_personne(pk, for_acteur=acteur)
    if personne.fusionnee_dans_id:
        return redirect("personnes_fiche", slug=slug, pk=personne.fusionnee_dans_id)
    gerer, soi = acteur.can(GERER), selectors.is_self(personne, acteur)
    contexte = {
        "titre": str(personne),
        "sous_titre": personne.metier[:1].upper() + personne.metier[1:],
        "fil": _fil(request, str(personne)),
        "personne": personne,
        "etat": show_compte(personne) if gerer else None,
        "faits": _faits(personne, request),
        "lieux": selectors.list_lieux(personne),
        "appartenances": selectors.list_appartenances_of(personne, on=today()),
        "sections": selectors.list_elements(personne, acteur),
        "gerer": gerer,
        "soi": soi,
    }
    return render(request, "personnes/fiche.html", contexte)


def _fil(request: Requete, *noms: str) -> list[tuple[str, str]]:
    liste_personnes = reverse("personnes_liste", args=[request.cpts.slug]) if request.acteur.can(GERER) else ""
    return [("Communauté", ""), ("Personnes", liste_personnes), *((nom, "") for nom in noms)]


def _faits(personne: Personne, request: Requete) -> list[Fait]:
    courriel, telephone = selectors.can_read_coordonnees(personne, request.acteur)
    faits = []
    if personne.courriel:
        lisible = Fait("Courriel", personne.courriel, url=f"mailto:{personne.courriel}")
        faits.append(lisible if courriel else Fait("Courriel", "non montré aux membres"))
    if personne.telephone:
        numero = personne.telephone
        lisible = Fait("Téléphone", format_telephone(numero), url=f"tel:{numero.replace(' ', '')}")
        faits.append(lisible if telephone else Fait("Téléphone", "non montré aux membres"))
    if personne.professionnel is not None:
        faits.append(Fait("Numéro RPPS", personne.professionnel.rpps))
    if personne.structure is not None:
        faits.append(Fait("Structure", personne.structure.nom))
    if personne.partie_le is not None:
        faits.append(Fait("Partie le", format_date(personne.partie_le, jour=False)))
    return faits


@acces(GERER)
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: Requete, slug: str) -> HttpResponse:
    """Somebody who is not a professional of the directory: salaried, elected, a partner's contact."""
    form = PersonneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        personne = services.create_personne(cpts_id=request.cpts.pk, by=request.acteur, **form.cleaned_data)
        messages.success(request, f"{personne} est dans les personnes de la communauté.")
        return redirect("personnes_fiche", slug=slug, pk=personne.pk)
    return _show_form(request, form, "Ajouter une personne", reverse("personnes_liste", args=[slug]))


@acces(GERER)
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    personne = selectors.get_personne(pk, for_acteur=request.acteur)
    form = PersonneForm(request.POST or None, personne=personne)
    if request.method == "POST" and form.is_valid():
        services.change_personne(personne=personne, by=request.acteur, **form.cleaned_data)
        messages.success(request, "C’est enregistré. L’annuaire national n’écrasera pas ces corrections.")
        return redirect("personnes_fiche", slug=slug, pk=pk)
    return _show_form(request, form, f"Modifier {personne}", reverse("personnes_fiche", args=[slug, pk]))


def _show_form(request: Requete, form: Any, titre: str, retour: str) -> HttpResponse:
    contexte = {"titre": titre, "fil": _fil(request, titre), "form": form, "retour": retour}
    return render(request, "personnes/formulaire.html", contexte, status=422 if form.errors else 200)


@acces(GERER)
@require_POST
def partir(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Somebody left."""
    personne = selectors.get_personne(pk, for_acteur=request.acteur)
    services.depart_personne(personne=personne, on=today(), by=request.acteur)
    undo = reverse("personnes_revenir", args=[slug, pk])
    annonces.offer_undo(request, f"{personne} n’est plus proposée et quitte ses groupes.", undo)
    return redirect("personnes_fiche", slug=slug, pk=pk)


@acces(GERER)
@require_POST
def revenir(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    personne = selectors.get_personne(pk, for_acteur=request.acteur)
    if personne.partie_le is not None:
        services.return_personne(personne=personne, by=request.acteur)
        messages.success(request, f"{personne} est de nouveau dans la communauté.")
    return redirect("personnes_fiche", slug=slug, pk=pk)


@acces(VOIR)
@require_http_methods(["GET", "HEAD", "POST"])
def coordonnees(request: Requete, slug: str) -> HttpResponse:
    """One's own address and telephone, and what the other members read of them."""
    personne = selectors.get_personne_of(request.acteur)
    if personne is None:
        membre = Membre.objects.filter(pk__in=[request.acteur.membre_id]).select_related("compte").first()
        if membre is None:
            raise Http404
        personne = services.keep_membre(membre=membre, by=request.acteur)
    form = CoordonneesForm(request.POST or None, personne=personne)
    if request.method == "POST" and form.is_valid():
        donnees = form.cleaned_data
        services.update_coordonnees(
            personne=personne, courriel=donnees["courriel"], telephone=donnees["telephone"], by=request.acteur
        )
        services.choose_visibilite(
            personne=personne,
            montre_courriel=donnees["montre_courriel"],
            montre_telephone=donnees["montre_telephone"],
            by=request.acteur,
        )
        messages.success(request, "Vos coordonnées sont enregistrées.")
        return redirect("personnes_coordonnees", slug=slug)
    contexte = {
        "titre": "Mes coordonnées",
        "fil": [("Communauté", ""), ("Mes coordonnées", "")],
        "form": form,
        "personne": personne,
        "lieux": selectors.list_lieux(personne),
        "vide": Vide("Aucun lieu d’exercice", "L’annuaire national n’en connaît pas pour vous.", icone="map-pin"),
    }
    return render(request, "personnes/coordonnees.html", contexte, status=422 if form.errors else 200)
