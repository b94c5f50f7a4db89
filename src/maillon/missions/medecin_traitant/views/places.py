"""The census: the desk's list, what one doctor offers (told by telephone, by the doctor, by the link received)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.sollicitations.selectors import get_professionnel
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.permissions import acces, acces_lien
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.composants import Evenement, Ton
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import compter, format_date

from .. import services
from ..enums_places import Dit
from ..forms import PlacesForm, places_initial
from ..models import ActionRefusee, Capacite, DeclarationPlaces
from ..permissions import GERER, REPONDRE
from ..selectors import get_capacite
from ..selectors.campagnes import get_destinataire, is_interroge
from ..selectors.recensement import (
    compute_recensement,
    get_places_par_lieu,
    list_communes_places,
    list_declarations,
    list_lieux,
    list_recenses,
)
from .commun import attempt
from .listes_places import build_liste_places
from .onglets_places import build_fil, build_onglets_places

TONS: dict[str, Ton] = {Dit.PLACES: "cours", Dit.CONFIRME: "bien", Dit.ARRET: "attente", Dit.DEPART: "alerte"}


@acces(GERER)
@require_safe
def places(request: Requete, slug: str) -> HttpResponse:
    """The census: every doctor, what they offer, since when."""
    cpts_id = request.cpts.pk
    contexte = {
        "onglets": build_onglets_places(request, "medecin_traitant_places"),
        "recensement": compute_recensement(cpts_id),
    }
    liste = build_liste_places(list_communes_places(cpts_id))
    return afficher_liste(
        request, liste, list_recenses(cpts_id), gabarit="medecin_traitant/places.html", contexte=contexte
    )


def _get_recense(cpts_id: UUID, professionnel_id: UUID) -> Professionnel:
    medecin = Professionnel.objects.medecins_generalistes().filter(pk=professionnel_id).first()
    known = list_recenses(cpts_id).filter(pk=professionnel_id)
    if medecin is None or not (known.exists() or is_interroge(cpts_id=cpts_id, professionnel_id=professionnel_id)):
        raise Http404
    return medecin


@acces(GERER)
@require_http_methods(["GET", "HEAD", "POST"])
def places_medecin(request: Requete, slug: str, professionnel_id: UUID) -> HttpResponse:
    """What a doctor said on the telephone, and what was said before."""
    cpts_id = request.cpts.pk
    medecin = _get_recense(cpts_id, professionnel_id)
    saisie = Saisie(request, medecin)
    if request.method == "POST" and saisie.save(request.acteur):
        if saisie.geste == "arreter":
            undo = reverse("medecin_traitant_places_reprendre", args=[slug, medecin.pk])
            offer_undo(request, f"{medecin} ne prend plus de patients.", undo)
        else:
            messages.success(request, f"Les places de {medecin} sont à jour.")
        return redirect("medecin_traitant_places", slug=slug)
    contexte = saisie.build_contexte() | {
        "titre": str(medecin),
        "fil": build_fil(request, (str(medecin), "")),
        "evenements": [_event(row) for row in list_declarations(cpts_id=cpts_id, professionnel_id=medecin.pk)],
    }
    return render(request, "medecin_traitant/places_medecin.html", contexte, status=saisie.status)


def _event(row: DeclarationPlaces) -> Evenement:
    qui = str(row.membre) if row.membre else row.get_voie_display()
    texte = compter(row.places, "place", "places")
    if row.avant is not None and row.avant != row.places:
        texte = f"{texte}, au lieu de {row.avant}"
    if row.places_prevues and row.prevues_des:
        texte += f"\u00a0; {row.places_prevues} de plus le {format_date(row.prevues_des, jour=False)}"
    return Evenement(row.le, row.get_dit_display().capitalize(), qui, texte, TONS.get(row.dit, "neutre"))


@acces(GERER)
@require_POST
def places_reprendre(request: Requete, slug: str, professionnel_id: UUID) -> HttpResponse:
    """Undo « je ne prends plus », told by telephone."""
    medecin = _get_recense(request.cpts.pk, professionnel_id)
    _resume(request, medecin)
    return redirect("medecin_traitant_places", slug=slug)


def _resume(request: Requete, medecin: Professionnel) -> None:
    attempt(
        request,
        lambda: services.resume_capacite(cpts_id=request.cpts.pk, professionnel=medecin, by=request.acteur),
        done="C’est annulé\u00a0: les places sont de nouveau offertes.",
    )


def _own(request: Requete) -> Professionnel:
    """The generalist behind the account; 404 for others, who have no places to say."""
    medecin = get_professionnel(request.acteur)
    if medecin is None or not medecin.is_medecin_generaliste:
        raise Http404
    return medecin


@acces(REPONDRE)
@require_http_methods(["GET", "HEAD", "POST"])
def mes_places(request: Requete, slug: str) -> HttpResponse:
    """My places, in ten seconds, on a telephone."""
    medecin = _own(request)
    saisie = Saisie(request, medecin)
    if request.method == "POST" and saisie.save(request.acteur):
        if saisie.geste == "arreter":
            undo = reverse("medecin_traitant_mes_places_reprendre", args=[slug])
            offer_undo(request, "C’est noté\u00a0: vous ne prenez plus de nouveaux patients.", undo)
        else:
            messages.success(request, "Vos places sont à jour. Merci.")
        return redirect("medecin_traitant_mes_places", slug=slug)
    contexte = saisie.build_contexte() | {"titre": "Mes places", "soi": True}
    return render(request, "medecin_traitant/places_medecin.html", contexte, status=saisie.status)


@acces(REPONDRE)
@require_POST
def mes_places_reprendre(request: Requete, slug: str) -> HttpResponse:
    _resume(request, _own(request))
    return redirect("medecin_traitant_mes_places", slug=slug)


@acces_lien(services.LIEN_PLACES)
@require_http_methods(["GET", "HEAD", "POST"])
def lien_places(request: Requete, jeton: str) -> HttpResponse:
    """The same page by the link received, without account: the doctor's own places and nothing else."""
    medecin = get_destinataire(request.lien.objet_id, for_acteur=request.acteur).professionnel
    saisie = Saisie(request, medecin)
    contexte: dict[str, Any] = {"titre": f"Vos places, {medecin}"}
    if request.method == "POST" and saisie.save(request.acteur):
        contexte |= {"titre": "Merci", "dit": saisie.geste or "places"}
        saisie = Saisie(request, medecin, fresh=True)
    return render(
        request, "medecin_traitant/places_lien.html", contexte | saisie.build_contexte(), status=saisie.status
    )


class Saisie:
    """The ten-second page: prefilled form, « rien n’a changé », « je ne prends plus »."""

    def __init__(self, request: Requete, medecin: Professionnel, *, fresh: bool = False) -> None:
        self.medecin, self.cpts_id = medecin, request.cpts.pk
        self.capacite: Capacite | None = get_capacite(cpts_id=self.cpts_id, professionnel=medecin)
        par_lieu = get_places_par_lieu(self.capacite) if self.capacite else {}
        posted = request.POST if request.method == "POST" and not fresh else None
        self.geste = posted.get("geste", "") if posted is not None else ""
        self.form = PlacesForm(
            None if self.geste else posted,
            initial=places_initial(self.capacite, par_lieu),
            lieux=list_lieux(medecin),
        )
        self.refus = ""

    @property
    def status(self) -> int:
        return 422 if self.form.errors or self.refus else 200

    def save(self, acteur: Acteur) -> bool:
        """Do what was touched; False when refused, and the page says why."""
        gestes: dict[str, Callable[..., Any]] = {
            "confirmer": services.confirm_capacite,
            "arreter": services.stop_capacite,
            "reprendre": services.resume_capacite,
        }
        details: dict[str, Any] = {}
        if self.geste not in gestes:
            if not self.form.is_valid():
                return False
            details = self.form.to_capacite()
        action = gestes.get(self.geste, services.update_capacite)
        try:
            action(cpts_id=self.cpts_id, professionnel=self.medecin, by=acteur, **details)
        except ActionRefusee as refus:
            self.refus = str(refus)
            return False
        return True

    def build_contexte(self) -> dict[str, Any]:
        capacite = self.capacite
        passed = capacite is not None and capacite.prevues_des is not None and capacite.prevues_des <= today()
        return {
            "form": self.form,
            "capacite": capacite,
            "refus": self.refus,
            "confirmable": capacite is not None and not passed,
            "passee": passed,
            "arretable": capacite is None or capacite.restantes or capacite.places_prevues,
        }
