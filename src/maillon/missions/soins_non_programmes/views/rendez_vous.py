"""The second click, then the life of an appointment: moved, cancelled, honoured or missed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.communaute.patients.notices import NOTICE_VERSION, template_of
from maillon.communaute.patients.services import create_patient
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.listes import afficher_liste

from .. import services
from ..enums import EtatRendezVous, MotifAnnulation
from ..forms.champs import label_commune
from ..forms.rendez_vous import AnnulerForm, EnPlusForm, IdentiteForm
from ..models import ActionRefusee, CreneauPris, DemandeSoin, RendezVous
from ..permissions import CHERCHER, GERER, REGULER
from ..selectors.plages import get_rendez_vous_recu, is_recu
from ..selectors.recherche import get_creneau, list_suivants
from ..selectors.rendez_vous import (
    find_connues,
    get_patient,
    get_rendez_vous,
    list_donnes,
    list_rendez_vous,
    may_search,
    read_identite,
)
from .commun import A_APPELER, attempt, list_faits, name_creneau, pastille_rendez_vous
from .cotes import Cote, on_side
from .listes import ListeDonnes, ListeRendezVous
from .recherche import find_demande, show_pris


def notice() -> dict[str, Any]:
    """The notice to read to the person."""
    return {"notice": template_of(NOTICE_VERSION)}


def commune_initiale(request: Requete, cote: Cote) -> str:
    """The commune near which one seeks."""
    kept = request.session.get("soins_recherche", {}).get(cote.lieu, {}).get("commune", "")
    found = next((commune for commune in cote.communes if commune.pk == kept), None)
    return label_commune(found) if found else ""


@on_side
def confirm_page(request: Requete, cote: Cote, rendez_vous_id: UUID) -> HttpResponse:
    """Who comes: a person known, or a name, a birth date and a telephone number."""
    held = get_rendez_vous(rendez_vous_id, for_acteur=cote.acteur)
    if held.etat == EtatRendezVous.CONFIRME:
        return redirect(cote.url("rendez_vous", held.pk))
    if held.etat != EtatRendezVous.RETENU:
        messages.info(request, "Ce créneau n’est plus retenu. Choisissez-le à nouveau s’il est encore libre.")
        return redirect(cote.url("recherche"))
    demande = find_demande(request, cote)
    geste = request.POST.get("geste", "")
    is_identite = request.method == "POST" and not demande and geste not in ("chercher", "connue")
    form = IdentiteForm(
        request.POST if is_identite else None,
        communes=cote.communes,
        initial={"commune": commune_initiale(request, cote)},
    )
    if request.method == "POST" and (geste == "connue" or demande or (is_identite and form.is_valid())):
        return _confirm(request, cote, held, form=form, demande=demande)
    texte = request.POST.get("texte", "") if geste == "chercher" else ""
    contexte = {
        "titre": "Qui vient ?" if not demande else "Donner ce rendez-vous",
        "rendez_vous": held,
        "faits": list_faits(held.creneau),
        "form": form,
        "demande": demande,
        "communes": [label_commune(commune) for commune in cote.communes],
        "cherche": may_search(cote.acteur) and not demande,
        "texte": texte,
        "connues": find_connues(texte, by=cote.acteur),
        "liberer": cote.url("liberer", held.pk),
        **notice(),
    }
    return render(request, "soins_non_programmes/confirmer.html", contexte, status=422 if form.errors else 200)


def _confirm(
    request: Requete, cote: Cote, held: RendezVous, *, form: IdentiteForm, demande: DemandeSoin | None
) -> HttpResponse:
    acteur = cote.acteur
    try:
        with cote.inside(held.creneau.cpts):
            if demande is not None:
                given = services.confirm_demande(demande_id=demande.pk, rendez_vous=held, by=acteur)
            elif request.POST.get("geste") == "connue":
                patient = get_patient(_read_uuid(request.POST.get("patient", "")), for_acteur=acteur)
                given = services.confirm(rendez_vous=held, patient=patient, by=acteur)
            else:
                with services.enter(held.creneau):
                    patient = create_patient(
                        cpts_id=held.cpts_id,
                        identite=form.identite,
                        commune_id=form.cleaned_data["commune"],
                        annee_naissance=None,
                        origine="accueil" if cote.is_guichet else "professionnel",
                        notice_version=NOTICE_VERSION,
                        by=acteur,
                    )
                    given = services.confirm(rendez_vous=held, patient=patient, by=acteur)
    except ActionRefusee as refus:
        return show_pris(request, cote, held.creneau, str(refus), demande=demande, status=409)
    messages.success(request, f"Rendez-vous donné\u00a0: {name_creneau(held.creneau)}.")
    return redirect(cote.url("rendez_vous", given.pk))


def _read_uuid(brut: str) -> UUID:
    try:
        return UUID(brut)
    except ValueError as error:
        raise Http404 from error


@on_side
def release_page(request: Requete, cote: Cote, rendez_vous_id: UUID) -> HttpResponse:
    """Another slot, or none: this one is free again at once."""
    held = get_rendez_vous(rendez_vous_id, for_acteur=cote.acteur)
    services.release(rendez_vous=held, by=cote.acteur)
    messages.info(request, "Le créneau est de nouveau libre.")
    return redirect(cote.url("recherche"))


@on_side
def show_rendez_vous(request: Requete, cote: Cote, rendez_vous_id: UUID) -> HttpResponse:
    """One appointment. Who comes is shown to whoever may read it, with a trace; to the others it is not."""
    found = get_rendez_vous(rendez_vous_id, for_acteur=cote.acteur)
    if found.etat == EtatRendezVous.RETENU:
        return redirect(cote.url("confirmer", found.pk))
    identite = None
    if not cote.is_regulation:
        identite = read_identite(found, quoi="identite", pourquoi="rendez-vous", by=cote.acteur)
    is_coming = found.etat == EtatRendezVous.CONFIRME and found.creneau.debut > now()
    contexte = {
        "titre": "Rendez-vous",
        "sous_titre": name_creneau(found.creneau),
        "rendez_vous": found,
        "etat": pastille_rendez_vous(found),
        "faits": list_faits(found.creneau),
        "identite": identite,
        "a_venir": is_coming,
        "constatable": is_recu(found, by=cote.acteur) and found.etat == EtatRendezVous.CONFIRME,
        "annulable": found.etat == EtatRendezVous.CONFIRME,
        "annuler_form": AnnulerForm(),
        "adresses": {
            nom: cote.url(nom, found.pk)
            for nom in ("annuler", "deplacer", *(("constater",) if is_recu(found, by=cote.acteur) else ()))
        },
        "recherche": cote.url("recherche"),
        "suite": found.remplace_par if hasattr(found, "remplace_par") else None,
        "suite_url": cote.url("rendez_vous", found.remplace_par.pk) if hasattr(found, "remplace_par") else "",
        "demande_url": cote.url("demande", found.demande_id) if found.demande_id else "",
    }
    return render(request, "soins_non_programmes/rendez_vous.html", contexte)


@on_side
def cancel_page(request: Requete, cote: Cote, rendez_vous_id: UUID) -> HttpResponse:
    """With a reason; the slot is offered again, unless the professional cannot. Undone while nobody took it."""
    found = get_rendez_vous(rendez_vous_id, for_acteur=cote.acteur)
    form = AnnulerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choisissez pourquoi ce rendez-vous est annulé.")
        return redirect(cote.url("rendez_vous", found.pk))
    motif = form.cleaned_data["motif"]
    cancelled = attempt(
        request,
        lambda: services.cancel(
            rendez_vous=found, motif=motif, by=cote.acteur, rouvrir=motif != MotifAnnulation.PROFESSIONNEL
        ),
    )
    if cancelled is not None:
        offer_undo(request, say_annule(cancelled), cote.url("retablir", found.pk))
    return redirect(cote.url("rendez_vous", found.pk))


def say_annule(rendez_vous: RendezVous) -> str:
    """Whether the person knows, or must be called."""
    fait = "Le rendez-vous est annulé."
    if rendez_vous.motif_annulation == MotifAnnulation.PATIENT:
        return fait
    if services.is_prevenue(rendez_vous, annule=True):
        return f"{fait} La personne en est prévenue."
    return f"{fait} {A_APPELER}"


@on_side
def restore_page(request: Requete, cote: Cote, rendez_vous_id: UUID) -> HttpResponse:
    """The cancellation was a mistake."""
    found = get_rendez_vous(rendez_vous_id, for_acteur=cote.acteur)
    attempt(
        request,
        lambda: services.undo_cancel(rendez_vous=found, by=cote.acteur),
        done="Le rendez-vous est rétabli.",
    )
    return redirect(cote.url("rendez_vous", found.pk))


@on_side
def move_page(request: Requete, cote: Cote, rendez_vous_id: UUID) -> HttpResponse:
    """The same person on another slot of the same community."""
    found = get_rendez_vous(rendez_vous_id, for_acteur=cote.acteur)
    if request.method == "POST":
        vers = get_creneau(_read_uuid(request.POST.get("creneau", "")), for_acteur=cote.acteur)
        try:
            moved = services.move(rendez_vous=found, vers=vers.pk, by=cote.acteur)
        except CreneauPris as refus:
            messages.error(request, str(refus))
            return _show_move(request, cote, found, status=409)
        except ActionRefusee as refus:
            messages.error(request, str(refus))
            return _show_move(request, cote, found, status=422)
        messages.success(request, f"Rendez-vous déplacé\u00a0: {name_creneau(moved.creneau)}.")
        return redirect(cote.url("rendez_vous", moved.pk))
    return _show_move(request, cote, found)


def _show_move(request: Requete, cote: Cote, found: RendezVous, *, status: int = 200) -> HttpResponse:
    suivants = [
        c for c in list_suivants(found.creneau, for_acteur=cote.acteur, limite=40) if c.cpts_id == found.cpts_id
    ]
    contexte = {
        "titre": "Déplacer le rendez-vous",
        "sous_titre": name_creneau(found.creneau),
        "suivants": suivants,
        "retour": cote.url("rendez_vous", found.pk),
        "deplacer": cote.url("deplacer", found.pk),
    }
    return render(request, "soins_non_programmes/deplacer.html", contexte, status=status)


@acces(CHERCHER, patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def confirmer(request: Requete, slug: str, rendez_vous_id: UUID) -> HttpResponse:
    return confirm_page(request, rendez_vous_id=rendez_vous_id)


@acces(CHERCHER, patients=True)
@require_POST
def liberer(request: Requete, slug: str, rendez_vous_id: UUID) -> HttpResponse:
    return release_page(request, rendez_vous_id=rendez_vous_id)


@acces(CHERCHER, patients=True)
@require_safe
def rendez_vous(request: Requete, slug: str, rendez_vous_id: UUID) -> HttpResponse:
    return show_rendez_vous(request, rendez_vous_id=rendez_vous_id)


@acces(CHERCHER, patients=True)
@require_POST
def annuler(request: Requete, slug: str, rendez_vous_id: UUID) -> HttpResponse:
    return cancel_page(request, rendez_vous_id=rendez_vous_id)


@acces(CHERCHER, patients=True)
@require_POST
def retablir(request: Requete, slug: str, rendez_vous_id: UUID) -> HttpResponse:
    return restore_page(request, rendez_vous_id=rendez_vous_id)


@acces(CHERCHER, patients=True)
@require_http_methods(["GET", "HEAD", "POST"])
def deplacer(request: Requete, slug: str, rendez_vous_id: UUID) -> HttpResponse:
    return move_page(request, rendez_vous_id=rendez_vous_id)


@acces(CHERCHER, patients=True)
@require_POST
def constater(request: Requete, slug: str, rendez_vous_id: UUID) -> HttpResponse:
    """Came, did not come, or neither after all."""
    return record_page(request, rendez_vous_id=rendez_vous_id)


@on_side
def record_page(request: Requete, cote: Cote, rendez_vous_id: UUID) -> HttpResponse:
    """One touch, undone for some seconds."""
    found = get_rendez_vous_recu(rendez_vous_id, for_acteur=cote.acteur)
    geste = request.POST.get("geste", "annuler")
    if geste in ("honore", "absent"):
        attempt(
            request,
            lambda: services.record_venue(rendez_vous=found, honore=geste == "honore", by=cote.acteur),
            done="La personne est venue\u00a0: c’est noté." if geste == "honore" else "Son absence est notée.",
            undo=cote.url("constater", found.pk),
        )
    else:
        attempt(
            request,
            lambda: services.undo_venue(rendez_vous=found, by=cote.acteur),
            done="Le rendez-vous est de nouveau à constater.",
        )
    return redirect(cote.url("rendez_vous", found.pk))


@acces(GERER, patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def en_plus(request: Requete, slug: str, creneau_id: UUID) -> HttpResponse:
    """A person more on a slot that is taken, with the professional's agreement."""
    return override_page(request, creneau_id=creneau_id)


@on_side
def override_page(request: Requete, cote: Cote, creneau_id: UUID) -> HttpResponse:
    creneau = get_creneau(creneau_id, for_acteur=cote.acteur)
    form = EnPlusForm(
        request.POST or None, communes=cote.communes, initial={"commune": commune_initiale(request, cote)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            with cote.inside(creneau.cpts), services.enter(creneau):
                cle_depot = f"en-plus:{request.POST.get('cle', '')[:24] or get_random_string(24)}"
                services.lock_creneau(creneau.pk)
                if (known := RendezVous.objects.filter(creneau=creneau, cle_depot=cle_depot).first()) is not None:
                    return redirect(cote.url("rendez_vous", known.pk))
                patient = create_patient(
                    cpts_id=creneau.cpts_id,
                    identite=form.identite,
                    commune_id=form.cleaned_data["commune"],
                    annee_naissance=None,
                    origine="accueil",
                    notice_version=NOTICE_VERSION,
                    by=cote.acteur,
                )
                given = services.override(
                    creneau_id=creneau.pk,
                    patient=patient,
                    motif=form.cleaned_data["motif"],
                    by=cote.acteur,
                    cle_depot=cle_depot,
                    origine=cote.origine,
                )
        except ActionRefusee as refus:
            form.add_error("motif", str(refus))
        else:
            messages.success(request, f"Rendez-vous donné en plus\u00a0: {name_creneau(creneau)}.")
            return redirect(cote.url("rendez_vous", given.pk))
    contexte = {
        "titre": "Donner un rendez-vous en plus",
        "cle": request.POST.get("cle") or get_random_string(24),
        "faits": list_faits(creneau),
        "form": form,
        "communes": [label_commune(commune) for commune in cote.communes],
        "recherche": cote.url("recherche"),
        **notice(),
    }
    return render(request, "soins_non_programmes/en_plus.html", contexte, status=422 if form.errors else 200)


@acces(CHERCHER, patients=True)
@require_safe
def liste(request: Requete, slug: str) -> HttpResponse:
    """Appointments that this person may see."""
    return afficher_liste(request, ListeRendezVous, list_rendez_vous(for_acteur=request.acteur))


@acces(REGULER)
@require_safe
def regulation_donnes(request: Requete) -> HttpResponse:
    """What this regulator gave over the last month."""
    return afficher_liste(request, ListeDonnes, list_donnes(for_acteur=request.acteur))


@acces(REGULER)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def regulation_confirmer(request: Requete, rendez_vous_id: UUID) -> HttpResponse:
    return confirm_page(request, rendez_vous_id=rendez_vous_id)


@acces(REGULER)
@require_POST
def regulation_liberer(request: Requete, rendez_vous_id: UUID) -> HttpResponse:
    return release_page(request, rendez_vous_id=rendez_vous_id)


@acces(REGULER)
@require_safe
def regulation_rendez_vous(request: Requete, rendez_vous_id: UUID) -> HttpResponse:
    return show_rendez_vous(request, rendez_vous_id=rendez_vous_id)


@acces(REGULER)
@require_POST
def regulation_annuler(request: Requete, rendez_vous_id: UUID) -> HttpResponse:
    return cancel_page(request, rendez_vous_id=rendez_vous_id)


@acces(REGULER)
@require_POST
def regulation_retablir(request: Requete, rendez_vous_id: UUID) -> HttpResponse:
    return restore_page(request, rendez_vous_id=rendez_vous_id)


@acces(REGULER)
@require_http_methods(["GET", "HEAD", "POST"])
def regulation_deplacer(request: Requete, rendez_vous_id: UUID) -> HttpResponse:
    return move_page(request, rendez_vous_id=rendez_vous_id)
