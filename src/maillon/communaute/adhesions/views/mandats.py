"""Who directs the association, and its colleges."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.communaute.personnes.models import Groupe, Personne
from maillon.communaute.personnes.permissions import VOIR as VOIR_PERSONNES
from maillon.communaute.personnes.selectors import list_groupes
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Pastille, Vide
from maillon.socle.ui.typographie import format_date

from .. import selectors, services
from ..enums import Fonction
from ..forms.mandats import FinForm, MandatForm, NomCollegeForm
from ..models import MandatStatutaire
from ..permissions import GERER_MANDATS, VOIR_MEMBRES
from .commun import attempt

MANDATS = ("Bureau et CA", "adhesions_mandats")
FIN_PROCHE = 60


@acces(VOIR_MEMBRES)
@require_safe
def liste(request: Requete, slug: str) -> HttpResponse:
    """Offices held, coming and past, with their dates."""
    cpts_id, on = request.cpts.pk, today()
    gerer = request.acteur.can(GERER_MANDATS)
    contexte = {
        "titre": "Bureau et conseil d’administration",
        "fil": [("Communauté", ""), ("Bureau et CA", "")],
        "en_cours": [(m, _show_etat(m)) for m in selectors.list_en_cours(cpts_id, on=on)],
        "passes": selectors.list_passes(cpts_id, on=on),
        "instances": _instances(request),
        "gerer": gerer,
        "voir_fiches": request.acteur.can(VOIR_PERSONNES),
        "form_fin": FinForm(),
        "vide": Vide(
            "Aucun mandat enregistré",
            "Notez qui préside, qui tient la trésorerie, et jusqu’à quand : Maillon prévient avant la fin.",
            "Noter un mandat" if gerer else "",
            reverse("adhesions_mandat_donner", args=[slug]) if gerer else "",
            icone="gavel",
        ),
    }
    return render(request, "adhesions/mandats.html", contexte)


def _instances(request: Requete) -> list[Groupe]:
    rows = list_groupes(for_acteur=request.acteur, on=today()).filter(ferme_le=None)
    return list(rows.exclude(instance="").order_by("-instance"))


def _show_etat(mandat: MandatStatutaire) -> Pastille:
    """Running, coming, or soon over."""
    if mandat.periode.lower > today():
        return Pastille("à venir", "cours")
    fin = mandat.dernier_jour
    if fin is not None and (fin - today()).days <= FIN_PROCHE:
        return Pastille("finit bientôt", "attente")
    return Pastille("en cours", "bien")


@acces(GERER_MANDATS)
@require_http_methods(["GET", "HEAD", "POST"])
def donner(request: Requete, slug: str) -> HttpResponse:
    """Record an office given by the assembly or the council."""
    form = MandatForm(request.POST or None, cpts_id=request.cpts.pk)
    if request.method == "POST" and form.is_valid():
        donnees = form.cleaned_data
        personne = get_object_or_404(
            Personne.objects.visible_to(request.acteur).select_related("membre__compte", "cpts"), pk=donnees["personne"]
        )
        try:
            mandat = services.give_mandat(
                personne=personne,
                fonction=Fonction(donnees["fonction"]),
                debut=donnees["debut"],
                fin=form.read_fin(),
                ouvre_acces=donnees["ouvre_acces"],
                by=request.acteur,
            )
            messages.success(request, f"{personne} : {mandat.get_fonction_display()}, {_describe(mandat)}.")
            return redirect("adhesions_mandats", slug=slug)
        except ValidationError as refus:
            form.add_error(None, refus.messages[0])
    contexte = {
        "titre": "Noter un mandat",
        "fil": _fil(request, "Noter un mandat"),
        "form": form,
        "retour": reverse("adhesions_mandats", args=[slug]),
    }
    return render(request, "personnes/formulaire.html", contexte, status=422 if form.errors else 200)


def _describe(mandat: MandatStatutaire) -> str:
    debut = format_date(mandat.periode.lower, jour=False)
    fin = mandat.dernier_jour
    return f"du {debut} au {format_date(fin, jour=False)}" if fin else f"depuis le {debut}"


def _fil(request: Requete, nom: str) -> list[tuple[str, str]]:
    return [("Communauté", ""), (MANDATS[0], reverse(MANDATS[1], args=[request.cpts.slug])), (nom, "")]


@acces(GERER_MANDATS)
@require_POST
def finir(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """End an office, its rights and its seats."""
    mandat = selectors.get_mandat(pk, request.cpts.pk)
    form = FinForm(request.POST)
    if form.is_valid():
        le = form.cleaned_data["le"]
        attempt(
            request,
            lambda: services.end_mandat(mandat=mandat, on=le, by=request.acteur),
            done=f"Le mandat de {mandat.personne} prend fin le {format_date(le, jour=False)}.",
        )
    else:
        messages.error(request, "Le mandat n’a pas changé : donnez une date.")
    return redirect("adhesions_mandats", slug=slug)


@acces(GERER_MANDATS)
@require_http_methods(["GET", "HEAD", "POST"])
def colleges(request: Requete, slug: str) -> HttpResponse:
    """The colleges of the statutes: add, rename, close."""
    cpts_id = request.cpts.pk
    form = NomCollegeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_college(cpts_id=cpts_id, nom=form.cleaned_data["nom"], by=request.acteur)
            messages.success(request, "Le collège est ajouté.")
            return redirect("adhesions_colleges", slug=slug)
        except ValidationError as refus:
            form.add_error("nom", refus.messages[0])
    contexte: dict[str, Any] = {
        "titre": "Collèges",
        "sous_titre": "Ceux de vos statuts. Chaque membre est dans un collège ; la cotisation en dépend.",
        "fil": _fil(request, "Collèges"),
        "form": form,
        "lignes": [
            (college, NomCollegeForm(initial={"nom": college.nom}, prefix=college.code))
            for college in selectors.list_colleges(cpts_id)
        ],
    }
    return render(request, "adhesions/colleges.html", contexte, status=422 if form.errors else 200)


@acces(GERER_MANDATS)
@require_POST
def changer_college(request: Requete, slug: str, code: str) -> HttpResponse:
    """Rename, close or open again."""
    cpts_id = request.cpts.pk
    if code not in selectors.get_colleges(cpts_id):
        raise Http404
    form = NomCollegeForm(request.POST, prefix=code)
    if request.POST.get("ferme") in {"0", "1"}:
        ferme = request.POST["ferme"] == "1"
        attempt(
            request,
            lambda: services.close_college(cpts_id=cpts_id, code=code, ferme=ferme, by=request.acteur),
            done="Le collège n’est plus proposé ; ses membres y restent."
            if ferme
            else "Le collège est de nouveau proposé.",
        )
    elif form.is_valid():
        nom = form.cleaned_data["nom"]
        attempt(
            request,
            lambda: services.rename_college(cpts_id=cpts_id, code=code, nom=nom, by=request.acteur),
            done="Le collège est renommé.",
        )
    else:
        messages.error(request, "Le collège n’a pas changé : donnez un nom.")
    return redirect("adhesions_colleges", slug=slug)
