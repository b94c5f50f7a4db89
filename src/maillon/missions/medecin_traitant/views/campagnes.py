"""Campaigns of the census: launch, follow, call, close."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.communaute.sollicitations.selectors import find_courriels
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Avancement, Chiffre
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import compter, format_nombre

from .. import services
from ..enums_places import Appel, StatutReponse
from ..forms import AppelRecensementForm, CampagneForm, campagne_initial
from ..models import CampagneRecensement
from ..permissions import GERER
from ..selectors.campagnes import (
    Avancee,
    compute_avancee,
    get_campagne,
    get_campagne_en_cours,
    get_destinataire,
    list_campagnes,
    list_destinataires,
)
from ..selectors.recensement import list_a_interroger
from .commun import attempt
from .listes_places import ListeCampagnes, ListeDestinataires
from .onglets_places import build_fil, build_onglets_places

CAMPAGNES = "Campagnes"


@acces(GERER)
@require_safe
def campagnes(request: Requete, slug: str) -> HttpResponse:
    contexte = {
        "fil": build_fil(request, (CAMPAGNES, "")),
        "onglets": build_onglets_places(request, "medecin_traitant_campagnes"),
        "en_cours": get_campagne_en_cours(request.cpts.pk),
    }
    rows = list_campagnes(request.acteur)
    return afficher_liste(request, ListeCampagnes, rows, gabarit="medecin_traitant/campagnes.html", contexte=contexte)


@acces(GERER)
@require_http_methods(["GET", "HEAD", "POST"])
def nouvelle(request: Requete, slug: str) -> HttpResponse:
    """Whom, until when, with which reminders: nothing leaves before the button says how many."""
    cpts_id = request.cpts.pk
    form = CampagneForm(request.POST or None, initial=campagne_initial())
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        campagne: CampagneRecensement | None = attempt(
            request,
            lambda: services.launch_campagne(
                cpts_id=cpts_id,
                titre=lu["titre"],
                echeance=lu["echeance"],
                rappels=form.rappels,
                avec_non_membres=lu["avec_non_membres"],
                by=request.acteur,
            ),
            done="La campagne est lancée. Les courriels partent.",
        )
        if campagne:
            return redirect("medecin_traitant_campagne", slug=slug, campagne_id=campagne.pk)
    contexte = {
        "titre": "Lancer une campagne",
        "fil": build_fil(request, (CAMPAGNES, reverse("medecin_traitant_campagnes", args=[slug])), ("Lancer", "")),
        "form": form,
        "annuler": reverse("medecin_traitant_campagnes", args=[slug]),
        "en_cours": get_campagne_en_cours(cpts_id),
        "membres": _count(cpts_id, avec_non_membres=False),
        "tous": _count(cpts_id, avec_non_membres=True),
    }
    return render(request, "medecin_traitant/campagne_nouvelle.html", contexte, status=422 if form.errors else 200)


def _count(cpts_id: UUID, *, avec_non_membres: bool) -> str:
    """« 43 médecins : 38 par courriel, 5 à appeler »."""
    medecins = list(list_a_interroger(cpts_id, avec_non_membres=avec_non_membres))
    courriels = len(find_courriels([medecin.pk for medecin in medecins], cpts_id=cpts_id))
    total = compter(len(medecins), "médecin", "médecins")
    return (
        f"{total}\u00a0: {format_nombre(courriels)} par courriel, {format_nombre(len(medecins) - courriels)} à appeler"
    )


class Envois(Avancement):
    """How far the first mails are."""

    @property
    def texte(self) -> str:
        return f"{format_nombre(self.fait)} sur {compter(self.total, 'courriel', 'courriels')}"


def _envois(a: Avancee) -> Envois | None:
    return Envois("Les premiers courriels partent", a.envoyes, a.joignables) if a.envoyes < a.joignables else None


@acces(GERER)
@require_safe
def campagne(request: Requete, slug: str, campagne_id: UUID) -> HttpResponse:
    """How far it is, who answered, whom to call."""
    found = get_campagne(campagne_id, for_acteur=request.acteur)
    avancee = compute_avancee(found)
    contexte: dict[str, Any] = {
        "titre": found.titre,
        "fil": build_fil(request, (CAMPAGNES, reverse("medecin_traitant_campagnes", args=[slug])), (found.titre, "")),
        "campagne": found,
        "avancee": avancee,
        "chiffres": _chiffres(avancee, request.path),
        "envois": _envois(avancee) if found.is_en_cours else None,
        "rafraichir": reverse("medecin_traitant_campagne_avancement", args=[slug, found.pk]),
        "prochain": next((jour for jour in found.rappels if jour > today()), None),
        "finie": found.echeance < today(),
    }
    return afficher_liste(
        request,
        ListeDestinataires,
        list_destinataires(found),
        gabarit="medecin_traitant/campagne.html",
        contexte=contexte,
    )


def _chiffres(a: Avancee, adresse: str) -> list[Chiffre]:
    return [
        Chiffre(
            "Ont répondu",
            a.reponses,
            cible=f"sur {format_nombre(a.interroges)}",
            realise=a.reponses / a.interroges if a.interroges else None,
            url=f"{adresse}?statut={StatutReponse.REPONDU}",
        ),
        Chiffre(
            "N’ont pas répondu",
            a.sans_reponse,
            source=f"dont {format_nombre(a.a_appeler)} sans adresse, à appeler" if a.a_appeler else "",
            url=f"{adresse}?statut={StatutReponse.ATTENDU}",
        ),
        Chiffre("Places libres", a.places, source=f"chez {compter(a.offrent, 'médecin', 'médecins')} qui ont répondu"),
        Chiffre("Places d’ici six mois", a.prevues, certitude="à confirmer" if a.prevues else ""),
    ]


@acces(GERER)
@require_safe
def avancement(request: Requete, slug: str, campagne_id: UUID) -> HttpResponse:
    """The bar alone, asked again while mails leave."""
    found = get_campagne(campagne_id, for_acteur=request.acteur)
    contexte = {
        "envois": _envois(compute_avancee(found)),
        "rafraichir": reverse("medecin_traitant_campagne_avancement", args=[slug, found.pk]),
    }
    return render(request, "medecin_traitant/_envois.html", contexte)


@acces(GERER)
@require_POST
def clore(request: Requete, slug: str, campagne_id: UUID) -> HttpResponse:
    found = get_campagne(campagne_id, for_acteur=request.acteur)
    services.close_campagne(campagne_id=found.pk, by=request.acteur)
    messages.success(request, "La campagne est close. Ses liens ne s’ouvrent plus.")
    return redirect("medecin_traitant_campagne", slug=slug, campagne_id=found.pk)


@acces(GERER)
@require_safe
def destinataire(request: Requete, slug: str, campagne_id: UUID, destinataire_id: UUID) -> HttpResponse:
    """One doctor to call: the telephone large, then places or what the call gave."""
    campagne = get_campagne(campagne_id, for_acteur=request.acteur)
    found = get_destinataire(destinataire_id, for_acteur=request.acteur, campagne=campagne)
    liste = reverse("medecin_traitant_campagnes", args=[slug])
    retour = reverse("medecin_traitant_campagne", args=[slug, campagne.pk])
    contexte = {
        "titre": str(found.professionnel),
        "fil": build_fil(request, (CAMPAGNES, liste), (campagne.titre, retour), (str(found.professionnel), "")),
        "campagne": campagne,
        "destinataire": found,
        "activites": list(found.professionnel.activites.select_related("commune").order_by("id")),
        "appels": Appel.choices,
    }
    return render(request, "medecin_traitant/destinataire.html", contexte)


@acces(GERER)
@require_POST
def appel(request: Requete, slug: str, campagne_id: UUID, destinataire_id: UUID) -> HttpResponse:
    """What the call gave, in one touch."""
    campagne = get_campagne(campagne_id, for_acteur=request.acteur)
    found = get_destinataire(destinataire_id, for_acteur=request.acteur, campagne=campagne)
    form = AppelRecensementForm(request.POST)
    if form.is_valid():
        issue = Appel(form.cleaned_data["appel"])
        attempt(
            request,
            lambda: services.record_appel_recensement(destinataire_id=found.pk, appel=issue, by=request.acteur),
            done=f"{found.professionnel}\u00a0: {issue.label}.",
        )
    else:
        messages.error(request, "Dites ce que l’appel a donné.")
    return redirect("medecin_traitant_campagne", slug=slug, campagne_id=campagne.pk)
