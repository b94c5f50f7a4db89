"""Taking the attendance, as the organiser does: code on the wall, tablet, sheet, one touch a person; then the end."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.qr import draw_qr
from maillon.socle.ui.typographie import compter

from ..codes import AVANT, absolute, is_ouverte, make_code
from ..documents.pdf import write_pdf
from ..enums import Etat, Presence, PreuvePresence
from ..forms.presences import ClotureForm, FeuilleForm, HeuresForm
from ..matiere import build_feuille
from ..models import ActionRefusee, Participation, Reunion
from ..permissions import GERER
from ..selectors.presences import (
    compute_duree_of,
    count_presences,
    get_participation,
    is_scellee,
    list_connus,
    list_documents,
    list_invitables,
    list_lignes,
)
from ..selectors.reunions import get_reunion
from ..services import cloture
from ..services import presences as services
from .commun_presences import at_time, attempt, build_cadre, read_uuid, serve_pdf

GESTES = {"excuse": Presence.EXCUSE, "absent": Presence.ABSENT, "inconnue": Presence.INCONNUE}


def _build_liste(request: Requete, reunion: Reunion) -> dict[str, Any]:
    """Everybody on the list with what may be noted of them; one query."""
    lignes = list(list_lignes(reunion))
    for ligne in lignes:
        ligne.duree = compute_duree_of(ligne) if ligne.presence == Presence.PRESENT else None  # type: ignore[attr-defined]
    close = reunion.etat in (Etat.TENUE, Etat.ANNULEE)
    commencee = reunion.debut is not None and reunion.debut - AVANT <= now()
    return {
        "reunion": reunion,
        "lignes": lignes,
        "compte": count_presences(lignes),
        "close": close,
        "relevable": commencee and not close,
        "vivante": not close and is_ouverte(reunion.debut, reunion.fin, now()),
    }


@acces(GERER)
@require_safe
def presences(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The list, the ways of signing, the end; asked again by htmx, the list alone."""
    reunion = get_reunion(pk, for_acteur=request.acteur)
    contexte = _build_liste(request, reunion)
    if request.headers.get("HX-Request") and "liste" in request.GET:
        return render(request, "reunions/_presences_liste.html", contexte)
    return _render_page(request, reunion, contexte)


def _render_page(
    request: Requete, reunion: Reunion, contexte: dict[str, Any], *, status: int = 200, **formulaires: Any
) -> HttpResponse:
    fin = timezone.localtime(reunion.fin).time() if reunion.fin else None
    finie = reunion.debut is not None and reunion.debut <= now()
    contexte |= build_cadre(request, reunion, "presences") | {
        "form_cloture": ClotureForm(initial={"fin": fin}),
        "closable": finie and not contexte["close"],
        "scellee": is_scellee(reunion),
        "documents": list_documents(reunion),
        "recherche": request.GET.get("q", ""),
        "trouves": list_invitables(reunion, request.GET.get("q", "")) if contexte["relevable"] else [],
    }
    return render(request, "reunions/presences.html", contexte | formulaires, status=status)


@acces(GERER)
@require_POST
def noter(request: Requete, slug: str, pk: UUID, participation_id: UUID) -> HttpResponse:
    """One touch: present, excused, absent, or not known again."""
    reunion = get_reunion(pk, for_acteur=request.acteur)
    ligne = get_participation(participation_id, reunion=reunion)
    geste = request.POST.get("geste") or request.GET.get("geste", "")
    attempt(request, lambda: _note(request, ligne, geste))
    if request.headers.get("HX-Request"):
        return render(request, "reunions/_presences_liste.html", _build_liste(request, reunion) | {"fragment": True})
    return redirect("reunions:presences", slug=slug, pk=pk)


def _note(request: Requete, ligne: Participation, geste: str) -> Any:
    if geste == "present":
        return services.record_presence(participation=ligne, preuve=PreuvePresence.SAISIE, by=request.acteur)
    if geste == "inconnue" and ligne.presence == Presence.PRESENT:
        return services.cancel_presence(participation=ligne, by=request.acteur)
    if geste in GESTES:
        return services.record_absence(participation=ligne, presence=GESTES[geste], by=request.acteur)
    return None


@acces(GERER)
@require_http_methods(["GET", "POST"])
def heures(request: Requete, slug: str, pk: UUID, participation_id: UUID) -> HttpResponse:
    """When somebody came and went."""
    reunion = get_reunion(pk, for_acteur=request.acteur)
    ligne = get_participation(participation_id, reunion=reunion)
    trace = getattr(ligne, "emargement", None)
    connues = {
        nom: timezone.localtime(getattr(trace, nom)).time()
        for nom in ("arrivee", "depart")
        if trace is not None and getattr(trace, nom)
    }
    form = HeuresForm(request.POST if request.method == "POST" else None, initial=connues)
    if request.method == "POST" and form.is_valid():
        passages = {nom: at_time(reunion, form.cleaned_data[nom]) for nom in ("arrivee", "depart")}
        try:
            services.record_heures(participation=ligne, by=request.acteur, **passages)
        except ActionRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"Les heures de {ligne.personne} sont enregistrées.")
            return redirect("reunions:presences", slug=slug, pk=pk)
    contexte = build_cadre(request, reunion, "presences") | {"ligne": ligne, "form": form, "trace": trace}
    return render(request, "reunions/heures.html", contexte, status=422 if form.errors else 200)


@acces(GERER)
@require_POST
def ajouter(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Somebody who was not invited is there: found by name, added in one touch."""
    reunion = get_reunion(pk, for_acteur=request.acteur)
    cle = read_uuid(request.POST.get("personne", ""))
    personne = list_connus(reunion).filter(pk=cle).first() if cle else None
    if personne is not None:
        ligne = attempt(
            request,
            lambda: services.add_present(
                reunion=reunion, personne=personne, preuve=PreuvePresence.SAISIE, by=request.acteur
            ),
        )
        if ligne:
            annuler = reverse("reunions:presence_noter", args=[slug, pk, ligne.pk])
            offer_undo(request, f"{personne} est ajouté et présent.", f"{annuler}?geste=inconnue")
    return redirect("reunions:presences", slug=slug, pk=pk)


@acces(GERER)
@require_safe
def code(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The code to scan, for a wall or a table; asked again by htmx before it is out of date."""
    reunion = get_reunion(pk, for_acteur=request.acteur)
    moment = now()
    ouverte = is_ouverte(reunion.debut, reunion.fin, moment) and reunion.etat not in (Etat.TENUE, Etat.ANNULEE)
    adresse = absolute(reverse("reunions:presence_code", args=[slug, make_code(reunion.pk, moment)]))
    contexte = {
        "titre": reunion.titre,
        "reunion": reunion,
        "ouverte": ouverte,
        "qr": draw_qr(adresse) if ouverte else "",
        "adresse": adresse,
        "compte": count_presences(list_lignes(reunion)),
        "retour": reverse("reunions:presences", args=[slug, pk]),
    }
    gabarit = "reunions/_code.html" if request.headers.get("HX-Request") else "reunions/code.html"
    return render(request, gabarit, contexte)


@acces(GERER)
@require_POST
def tablette(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Open the list for a tablet passed around: a link of its own, so that nobody holds the organiser's session."""
    reunion = get_reunion(pk, for_acteur=request.acteur)
    jeton = attempt(request, lambda: services.open_tablette(reunion=reunion, by=request.acteur))
    if not jeton:
        return redirect("reunions:presences", slug=slug, pk=pk)
    adresse = reverse("reunions:lien_tablette", args=[jeton])
    contexte = build_cadre(request, reunion, "presences") | {"adresse": adresse, "qr": draw_qr(absolute(adresse))}
    return render(request, "reunions/tablette_ouverte.html", contexte)


@acces(GERER)
@require_POST
def liens(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Send everybody expected their personal link, for those who attend from afar."""
    reunion = get_reunion(pk, for_acteur=request.acteur)
    ecrits = attempt(request, lambda: services.send_liens(reunion=reunion, by=request.acteur))
    if ecrits is not None:
        messages.success(request, f"{compter(ecrits, 'lien part', 'liens partent')} par courriel.")
    return redirect("reunions:presences", slug=slug, pk=pk)


@acces(GERER)
@require_safe
def feuille(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The sheet to print and sign."""
    reunion = get_reunion(pk, for_acteur=request.acteur)
    if reunion.debut is None:
        return redirect("reunions:presences", slug=slug, pk=pk)
    pdf = write_pdf("feuille", build_feuille(reunion), le=now())
    return serve_pdf(pdf, f"feuille-emargement-{timezone.localtime(reunion.debut):%Y-%m-%d}.pdf")


@acces(GERER)
@require_http_methods(["GET", "POST"])
def papier(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The sheet comes back: its picture is kept, everybody is ticked, exceptions are unticked."""
    reunion = get_reunion(pk, for_acteur=request.acteur)
    form = FeuilleForm(request.POST or None, request.FILES or None)
    lignes = list(list_lignes(reunion))
    presents = {ligne.pk for ligne in lignes if ligne.presence not in (Presence.ABSENT, Presence.EXCUSE)}
    if request.method == "POST":
        presents = {ligne.pk for ligne in lignes if str(ligne.pk) in request.POST.getlist("present")}
        if form.is_valid():
            fichier = form.cleaned_data["feuille"]
            piece = services.Piece(fichier.name, fichier.read()) if fichier else None
            nombre = attempt(
                request,
                lambda: services.record_feuille(reunion=reunion, piece=piece, presents=presents, by=request.acteur),
            )
            if nombre is not None:
                phrase = compter(nombre, "personne a signé", "personnes ont signé")
                messages.success(request, f"{phrase}. Les autres sont notées absentes ou excusées.")
                return redirect("reunions:presences", slug=slug, pk=pk)
    contexte = build_cadre(request, reunion, "presences") | {
        "form": form,
        "lignes": [(ligne, ligne.pk in presents) for ligne in lignes],
        "retour": reverse("reunions:presences", args=[slug, pk]),
    }
    return render(request, "reunions/papier.html", contexte, status=422 if form.errors else 200)


@acces(GERER)
@require_POST
def clore(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The meeting was held: its attendance is frozen."""
    reunion = get_reunion(pk, for_acteur=request.acteur)
    form = ClotureForm(request.POST)
    if not form.is_valid():
        return _render_page(request, reunion, _build_liste(request, reunion), status=422, form_cloture=form)
    if attempt(
        request,
        lambda: cloture.close_reunion(
            reunion=reunion, by=request.acteur, fin=at_time(reunion, form.cleaned_data["fin"])
        ),
        done="La réunion est close. Ses présences sont figées, elle compte dès maintenant.",
    ):
        return redirect("reunions:compte_rendu", slug=slug, pk=pk)
    return redirect("reunions:presences", slug=slug, pk=pk)
