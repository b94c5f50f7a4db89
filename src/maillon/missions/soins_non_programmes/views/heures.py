"""Who accepted says the hour: signed in, with the person's name; by the link of a mail, without it."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from maillon.communaute.patients.selectors import read_identites
from maillon.socle.droits.permissions import acces, acces_lien
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now
from maillon.socle.ui.typographie import format_date_heure

from .. import services
from ..enums import SANS_REPONSE
from ..forms.demandes import HeureForm
from ..models import ActionRefusee, DemandeSoin, RendezVous
from ..permissions import PUBLIER
from ..selectors.demandes import get_demande, list_lieux, tranche_age
from .commun import A_APPELER, list_faits

JOURS = 3


def build_form(request: Requete, demande: DemandeSoin, zone: ZoneInfo) -> HeureForm:
    """Today and the two days after, at the places of who accepted."""
    assert demande.accepte_par is not None
    today = now().astimezone(zone).date()
    words = ("Aujourd’hui", "Demain", "Après-demain")
    return HeureForm(
        request.POST if request.method == "POST" and request.POST.get("geste") != "maintenant" else None,
        lieux=services.take_lieux(cpts_id=demande.cpts_id, professionnel=demande.accepte_par, by=request.acteur),
        jours=[((today + timedelta(days=n)).isoformat(), word) for n, word in enumerate(words)],
    )


def give(request: Requete, demande: DemandeSoin, form: HeureForm, zone: ZoneInfo) -> RendezVous | None:
    """Now, or at the hour typed; None, with the error on the form, when refused."""
    lieux = list(list_lieux(demande.accepte_par_id, demande.cpts_id))  # type: ignore[arg-type]
    at_once = request.POST.get("geste") == "maintenant"
    if not at_once and not form.is_valid():
        return None
    chosen = request.POST.get("lieu") or (str(lieux[0].pk) if lieux else "")
    lieu = next((one for one in lieux if str(one.pk) == chosen), None)
    if lieu is None:
        messages.error(request, "Dites d’abord où vous recevez.")
        return None
    debut = None
    if not at_once:
        jour, heure = date.fromisoformat(form.cleaned_data["jour"]), form.cleaned_data["heure"]
        debut = datetime.combine(jour, heure, tzinfo=zone)
    try:
        return services.give_heure(demande_id=demande.pk, lieu=lieu, debut=debut, by=request.acteur)
    except ActionRefusee as refus:
        if form.is_bound:
            form.add_error("heure", str(refus))
        else:
            messages.error(request, str(refus))
        return None


def _contexte(demande: DemandeSoin, form: HeureForm) -> dict[str, Any]:
    return {
        "titre": "À quelle heure ?",
        "demande": demande,
        "modalite": demande.modalite,
        "form": form,
        "age": tranche_age(demande),
        "sans_lieu": not form.fields["lieu"].choices,  # type: ignore[attr-defined]
        "attend": demande.etat in SANS_REPONSE,
    }


@acces(PUBLIER, patients=True)
@require_http_methods(["GET", "HEAD", "POST"])
def heure(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    """Signed in: the name and the telephone number are there, with their trace."""
    zone = ZoneInfo(request.cpts.fuseau)
    demande = get_demande(demande_id, for_acteur=request.acteur)
    if demande.accepte_par is None or demande.accepte_par.rpps != request.acteur.rpps:
        raise Http404
    with timezone.override(zone):
        form = build_form(request, demande, zone)
        if request.method == "POST" and (given := give(request, demande, form, zone)):
            suite = "La personne est prévenue." if services.is_prevenue(given) else A_APPELER
            messages.success(request, f"C’est donné\u00a0: {format_date_heure(given.creneau.debut)}. {suite}")
            return redirect("soins_rendez_vous", slug=slug, rendez_vous_id=given.pk)
        identites = read_identites([demande.patient_id], quoi="telephone", pourquoi="soin accepté", by=request.acteur)
        contexte = {
            **_contexte(demande, form),
            "identite": identites.get(demande.patient_id),
            "revenir": reverse("sollicitations:liste", args=[slug]),
            "signe": True,
        }
        return render(request, "soins_non_programmes/heure.html", contexte, status=422 if form.errors else 200)


@acces_lien(services.LIEN_HEURE, patients=True)
@require_http_methods(["GET", "HEAD", "POST"])
def lien_heure(request: Requete, jeton: str) -> HttpResponse:
    """Without account: no identity, the same gestures."""
    zone = ZoneInfo(request.lien.cpts.fuseau)
    demande = get_demande(request.lien.objet_id, for_acteur=request.acteur)
    if demande.accepte_par is None:
        raise Http404
    with timezone.override(zone):
        form = build_form(request, demande, zone)
        if request.method == "POST" and (given := give(request, demande, form, zone)):
            contexte = {
                "titre": "C’est donné",
                "donne": given,
                "prevenue": services.is_prevenue(given),
                "faits": list_faits(given.creneau),
            }
            return render(request, "soins_non_programmes/lien_heure.html", contexte)
        return render(
            request,
            "soins_non_programmes/lien_heure.html",
            _contexte(demande, form),
            status=422 if form.errors else 200,
        )
