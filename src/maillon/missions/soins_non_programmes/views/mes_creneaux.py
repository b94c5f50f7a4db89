"""« Mes créneaux »: the week of a professional, one touch to open, to close, to say who came."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.droits.permissions import acces, acces_lien
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.typographie import compter, format_date, format_heure

from .. import services
from ..enums import DemiJournee, Origine
from ..forms.plages import HabitudeForm, PlacesForm, parse_jour, read_jour
from ..models import ActionRefusee, Habitude
from ..permissions import GERER, OUVRIR, PUBLIER
from ..selectors.plages import count_par_lien, find_professionnel, get_creneau, get_professionnel, get_rendez_vous_recu
from ..selectors.reglages import get_today
from ..selectors.semaine import build_semaine, resume_jour
from .gestes_creneaux import attempt, back_to_semaine, describe_bilan, is_own, read_moment, say_gardes


def _require_own(request: Requete) -> Professionnel:
    """The professional of this account; 404 for an account that the directory does not know."""
    professionnel = get_professionnel(request.acteur)
    if professionnel is None:
        raise Http404
    return professionnel


def _show(request: Requete, professionnel: Professionnel, titre: str, fil: list[tuple[str, str]]) -> HttpResponse:
    cpts = request.cpts
    jour = read_jour(request.GET.get("jour", ""), sinon=get_today(cpts))
    contexte: dict[str, Any] = {
        "titre": titre,
        "fil": fil,
        "professionnel": professionnel,
        "semaine": build_semaine(cpts, professionnel, jour, request.acteur),
        "resume": resume_jour(cpts, professionnel),
        "soi": is_own(request, professionnel),
    }
    return render(request, "soins_non_programmes/semaine.html", contexte)


@acces(PUBLIER, patients=True)
@require_safe
def mes_creneaux(request: Requete, slug: str) -> HttpResponse:
    """One's own week: free, booked, who comes."""
    return _show(request, _require_own(request), "Mes créneaux", [])


@acces(GERER, patients=True)
@require_safe
def semaine(request: Requete, slug: str, professionnel_id: UUID) -> HttpResponse:
    """The week of a professional, for the desk."""
    professionnel = find_professionnel(professionnel_id, for_acteur=request.acteur)
    fil = [("Créneaux", reverse("soins_plages", args=[slug])), (str(professionnel), "")]
    return _show(request, professionnel, str(professionnel), fil)


@acces(OUVRIR)
@require_POST
def ouvrir_places(request: Requete, slug: str, professionnel_id: UUID) -> HttpResponse:
    """« 3 places cet après-midi »; the desk does it on the telephone. Undone by withdrawing the opening."""
    professionnel = find_professionnel(professionnel_id, for_acteur=request.acteur)
    form = PlacesForm(request.POST)
    if not form.is_valid():
        attempt(request, lambda: _refuse("Choisissez d’une à douze places, ce matin ou cet après-midi."))
        return back_to_semaine(request, professionnel)
    soi = is_own(request, professionnel)
    fait = attempt(
        request,
        lambda: services.open_places(
            cpts=request.cpts,
            professionnel=professionnel,
            places=form.cleaned_data["places"],
            quand=form.cleaned_data["quand"],
            origine=Origine.EXPRES if soi else Origine.GUICHET,
            by=request.acteur,
        ),
    )
    if fait:
        plage, bilan = fait
        attempt(
            request,
            lambda: True,
            done=describe_places(form.cleaned_data["places"], form.cleaned_data["quand"], bilan),
            undo=reverse("soins_plage_retirer", args=[slug, plage.pk]),
        )
    if request.POST.get("retour") == "accueil":
        return redirect("accueil_cpts", slug=slug)
    return back_to_semaine(request, professionnel)


def _refuse(texte: str) -> None:
    raise ActionRefusee(texte)


def describe_places(demandees: int, quand: str, bilan: services.Bilan) -> str:
    """What was opened, and that fewer fitted than asked."""
    phrase = f"{describe_bilan(bilan)[:-1]} {DemiJournee(quand).label}."
    if bilan.faits < demandees:
        phrase += f" Le reste du temps est déjà pris\u00a0: {compter(demandees, 'place')} ne tenaient pas."
    return phrase


@acces(OUVRIR)
@require_POST
def retirer_creneau(request: Requete, slug: str, creneau_id: UUID) -> HttpResponse:
    creneau = get_creneau(creneau_id, for_acteur=request.acteur)
    attempt(
        request,
        lambda: services.withdraw_creneau(creneau_id=creneau.pk, by=request.acteur),
        done=f"Le créneau de {format_heure(creneau.debut)}, {format_date(creneau.debut)}, est retiré.",
        undo=reverse("soins_creneau_rouvrir", args=[slug, creneau.pk]),
    )
    return back_to_semaine(request, creneau.professionnel)


@acces(OUVRIR)
@require_POST
def rouvrir_creneau(request: Requete, slug: str, creneau_id: UUID) -> HttpResponse:
    creneau = get_creneau(creneau_id, for_acteur=request.acteur)
    attempt(
        request,
        lambda: services.restore_creneau(creneau_id=creneau.pk, by=request.acteur),
        done="Le créneau est de nouveau proposé.",
    )
    return back_to_semaine(request, creneau.professionnel)


def _read_day(jour: str) -> date:
    lu = parse_jour(jour)
    if lu is None:
        raise Http404
    return lu


@acces(OUVRIR)
@require_POST
def retirer_jour(request: Requete, slug: str, professionnel_id: UUID, jour: str) -> HttpResponse:
    """A whole day taken back; who has an appointment in it is to be told."""
    professionnel, quand = find_professionnel(professionnel_id, for_acteur=request.acteur), _read_day(jour)
    retrait = services.withdraw_jour(
        cpts=request.cpts, professionnel_id=professionnel.pk, jour=quand, by=request.acteur
    )
    phrase = (
        f"{format_date(quand).capitalize()}\u00a0: {compter(retrait.retires, 'créneau retiré', 'créneaux retirés')}."
    )
    if retrait.gardes:
        phrase += f" {say_gardes(retrait)}"
    undo = reverse("soins_jour_rouvrir", args=[slug, professionnel.pk, jour])
    undo += "?" + urlencode({"moment": retrait.moment.isoformat()})
    attempt(request, lambda: True, done=phrase, undo=undo)
    if retrait.donnes:
        return redirect("soins_a_prevenir", slug=slug)
    return back_to_semaine(request, professionnel)


@acces(OUVRIR)
@require_POST
def rouvrir_jour(request: Requete, slug: str, professionnel_id: UUID, jour: str) -> HttpResponse:
    professionnel, quand = find_professionnel(professionnel_id, for_acteur=request.acteur), _read_day(jour)
    services.restore_jour(
        cpts=request.cpts, professionnel_id=professionnel.pk, jour=quand, moment=read_moment(request), by=request.acteur
    )
    attempt(request, lambda: True, done="La journée est rendue.")
    return back_to_semaine(request, professionnel)


@acces(OUVRIR, patients=True)
@require_POST
def noter_venue(request: Requete, slug: str, rendez_vous_id: UUID) -> HttpResponse:
    """The person came, or did not: one touch."""
    rendez_vous = get_rendez_vous_recu(rendez_vous_id, for_acteur=request.acteur)
    honore = request.POST.get("venue") != "absent"
    attempt(
        request,
        lambda: services.record_venue(rendez_vous=rendez_vous, honore=honore, by=request.acteur),
        done="C’est noté\u00a0: la personne est venue." if honore else "C’est noté\u00a0: la personne n’est pas venue.",
        undo=reverse("soins_venue_annuler", args=[slug, rendez_vous.pk]),
    )
    return back_to_semaine(request, rendez_vous.creneau.professionnel)


@acces(OUVRIR, patients=True)
@require_POST
def annuler_venue(request: Requete, slug: str, rendez_vous_id: UUID) -> HttpResponse:
    rendez_vous = get_rendez_vous_recu(rendez_vous_id, for_acteur=request.acteur)
    attempt(
        request,
        lambda: services.undo_venue(rendez_vous=rendez_vous, by=request.acteur),
        done="C’est annulé\u00a0: ni venue, ni absence.",
    )
    return back_to_semaine(request, rendez_vous.creneau.professionnel)


@acces(PUBLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def habitudes(request: Requete, slug: str) -> HttpResponse:
    """Where, how long, for whom; and whether to ask every morning."""
    professionnel = _require_own(request)
    lieux = services.take_lieux(cpts_id=request.cpts.pk, professionnel=professionnel, by=request.acteur)
    habitude = attempt(
        request,
        lambda: services.take_habitude(cpts_id=request.cpts.pk, professionnel=professionnel, by=request.acteur),
    )
    if habitude is None:
        return redirect("soins_lieu_nouveau", slug=slug, professionnel_id=professionnel.pk)
    form = HabitudeForm(request.POST or None, instance=habitude, lieux=lieux)
    if request.method == "POST" and form.is_valid():
        attempt(
            request,
            lambda: services.save_habitude(habitude=form.save(commit=False), by=request.acteur),
            done="Vos habitudes sont enregistrées.",
        )
        return redirect("soins_mes_creneaux", slug=slug)
    retour = reverse("soins_mes_creneaux", args=[slug])
    contexte = {
        "titre": "Mes habitudes",
        "sous_titre": "Elles servent chaque fois que vous ouvrez des places en un geste.",
        "fil": [("Mes créneaux", retour), ("Mes habitudes", "")],
        "form": form,
        "retour": retour,
        "lieux": lieux,
        "professionnel": professionnel,
    }
    return render(request, "soins_non_programmes/habitudes.html", contexte, status=422 if form.errors else 200)


@acces_lien(services.LIEN_PLACES)
@require_http_methods(["GET", "HEAD", "POST"])
def lien_places(request: Requete, jeton: str) -> HttpResponse:
    """The link of the morning: how many places today. No patient is shown here."""
    habitude = Habitude.objects.select_related("professionnel", "lieu").filter(pk=request.lien.objet_id).first()
    if habitude is None:
        raise Http404
    contexte: dict[str, Any] = {"titre": "Combien de places aujourd’hui\u00a0?", "habitude": habitude}
    status = 200
    if request.method == "POST":
        form = PlacesForm(request.POST)
        try:
            if not form.is_valid():
                _refuse("Choisissez d’une à douze places.")
            lu = form.cleaned_data
            services.lock_professionnels([habitude.professionnel_id])
            if request.POST.get("deja", "0") != str(count_par_lien(request.cpts, habitude.professionnel)):
                _refuse("Ces places viennent d’être ouvertes. Pour en ouvrir d’autres, choisissez de nouveau.")
            _, bilan = services.open_places(
                cpts=request.cpts,
                professionnel=habitude.professionnel,
                places=lu["places"],
                quand=lu["quand"],
                origine=Origine.LIEN,
                by=request.acteur,
            )
            contexte["dit"] = describe_places(lu["places"], lu["quand"], bilan)
        except ActionRefusee as refus:
            contexte["refus"], status = str(refus), 422
    contexte["resume"] = resume_jour(request.cpts, habitude.professionnel)
    contexte["deja"] = count_par_lien(request.cpts, habitude.professionnel)
    return render(request, "soins_non_programmes/lien_places.html", contexte, status=status)
