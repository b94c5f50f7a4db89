"""What a member sees of their own pay, and declares from a telephone."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillon.communaute.personnes.models import Personne
from maillon.communaute.personnes.selectors import get_personne_of
from maillon.communaute.personnes.services import keep_membre
from maillon.socle.droits.models import Membre
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Vide
from maillon.socle.ui.typographie import format_euros

from ..enums import Etat
from ..forms.declarations import DeclarationForm, FraisForm, SituationForm
from ..models import Declaration
from ..permissions import DECLARER
from ..presentation import show_rang
from ..selectors.gens import find_employeur, find_habitude, get_personne
from ..services.frais import declare_frais
from ..services.participations import confirm_all, declare
from ..services.situations import declare_situation
from .commun import REFUS, build_annee, find_annee, say_confirmed, warn_plafond


def find_moi(request: Requete) -> Personne | None:
    """The person that the actor is, with what pay needs."""
    personne = get_personne_of(request.acteur)
    return get_personne(personne.cpts_id, personne.pk) if personne else None


def keep_moi(request: Requete) -> Personne:
    """The same, made from the account on the first declaration."""
    if (moi := find_moi(request)) is None:
        membre_id = request.acteur.membre_id
        assert membre_id is not None
        membre = Membre.objects.select_related("compte", "cpts").get(pk=membre_id)
        moi = keep_membre(membre=membre, by=request.acteur)
    return moi


@acces(DECLARER)
@require_GET
def accueil(request: Requete, slug: str) -> HttpResponse:
    """My year: what waits for my word, what is approved, what is paid, what remains under the cap."""
    annee = find_annee(request)
    moi = find_moi(request)
    if moi is None:
        vide = Vide(
            "Rien encore",
            "Déclarez une participation : réunion, groupe de travail, fonction au bureau.",
            "Déclarer une participation",
            reverse("indemnites:declarer", args=[slug]),
            "coin-euro",
        )
        return render(request, "indemnites/vide.html", {"titre": "Mes indemnités", "vide": vide})
    return render(request, "indemnites/miennes.html", _contexte(request, moi, annee, SituationForm()))


def _contexte(request: Requete, moi: Personne, annee: int, form: SituationForm) -> dict[str, Any]:
    proposees = Declaration.objects.visible_to(request.acteur).filter(personne=moi, etat=Etat.PROPOSEE)
    courante, slug = today().year, request.cpts.slug
    return {
        "titre": "Mes indemnités",
        "sous_titre": f"Année civile {annee}",
        "proposees": [show_rang(une, slug) for une in proposees.order_by("-le")],
        "envoi_situation": f"{reverse('indemnites:situation', args=[slug])}?annee={annee}",
        "moi": True,
        "employeur": find_employeur(moi),
        "autres_annees": [a for a in (courante, courante - 1) if a != annee],
        "form_situation": form,
        "situation_ouverte": bool(form.errors),
        **build_annee(slug, moi, annee),
    }


@acces(DECLARER)
@require_http_methods(["GET", "POST"])
def declarer(request: Requete, slug: str) -> HttpResponse:
    """What, when, how long: sent in a few touches."""
    moi = find_moi(request)
    salariee = moi is not None and find_employeur(moi) is not None
    habitude = find_habitude(moi) if moi is not None else None
    form = DeclarationForm(request.POST or None, cpts_id=request.cpts.pk, salariee=salariee, habitude=habitude)
    if request.method == "POST" and form.is_valid():
        try:
            ligne = declare(personne=keep_moi(request), donnees=form.read_donnees(), by=request.acteur)
            dit = f"C’est déclaré : {format_euros(ligne.montant)}." if ligne.montant else "C’est déclaré."
            messages.success(request, f"{dit} La coordination vérifie, puis le bureau approuve.")
            warn_plafond(request, ligne)
            return redirect("indemnites:miennes", slug=slug)
        except REFUS as refus:
            form.add_error(None, str(refus))
    return _show_form(request, form, "Déclarer une participation", "Déclarer")


@acces(DECLARER)
@require_http_methods(["GET", "POST"])
def frais_nouveau(request: Requete, slug: str) -> HttpResponse:
    """An expense, with the photograph of its receipt."""
    form = FraisForm(request.POST or None, request.FILES or None, cpts_id=request.cpts.pk)
    if request.method == "POST" and form.is_valid():
        try:
            frais = declare_frais(personne=keep_moi(request), donnees=form.read_donnees(), by=request.acteur)
            messages.success(request, f"Vos frais sont déclarés : {format_euros(frais.montant)}.")
            return redirect("indemnites:miennes", slug=slug)
        except REFUS as refus:
            form.add_error(None, str(refus))
    return _show_form(request, form, "Déclarer des frais", "Envoyer")


def _show_form(request: Requete, form: Any, titre: str, envoyer: str) -> HttpResponse:
    accueil_url = reverse("indemnites:miennes", args=[request.cpts.slug])
    contexte = {
        "titre": titre,
        "fil": [("Mes indemnités", accueil_url), (titre, "")],
        "form": form,
        "envoyer": envoyer,
        "annuler": accueil_url,
    }
    return render(request, "indemnites/formulaire.html", contexte, status=422 if form.errors else 200)


@acces(DECLARER)
@require_POST
def confirmer(request: Requete, slug: str) -> HttpResponse:
    """Confirm in one touch what attendance proved: one (`ligne`), or all of them."""
    moi = find_moi(request)
    if moi is None:
        raise Http404
    proposees = list(Declaration.objects.visible_to(request.acteur).filter(personne=moi, etat=Etat.PROPOSEE))
    if voulue := request.POST.get("ligne", ""):
        proposees = [une for une in proposees if str(une.pk) == voulue]
    say_confirmed(
        request,
        confirm_all(declarations=proposees, by=request.acteur, employeur=request.POST.get("temps") == "salarie"),
    )
    return redirect("indemnites:miennes", slug=slug)


@acces(DECLARER)
@require_POST
def situation(request: Requete, slug: str) -> HttpResponse:
    """Say whether another community pays me this year."""
    annee = find_annee(request)
    form = SituationForm(request.POST)
    if form.is_valid():
        try:
            declare_situation(personne=keep_moi(request), annee=annee, by=request.acteur, **form.read())
            messages.success(request, f"C’est noté pour {annee}. Vous pouvez le corriger à tout moment.")
            return redirect("indemnites:miennes", slug=slug)
        except REFUS as refus:
            form.add_error(None, str(refus))
    moi = find_moi(request)
    if moi is None:
        raise Http404
    return render(request, "indemnites/miennes.html", _contexte(request, moi, annee, form), status=422)
