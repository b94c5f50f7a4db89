"""The second click: who comes. And one person more on a slot that is taken."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_POST

from maillon.communaute.patients.notices import NOTICE_VERSION, template_of
from maillon.communaute.patients.services import create_patient
from maillon.socle.droits.requete import Requete

from .. import services
from ..enums import EtatRendezVous
from ..forms.champs import label_commune
from ..forms.rendez_vous import EnPlusForm, IdentiteForm
from ..models import ActionRefusee, DemandeSoin, RendezVous
from ..permissions import GERER
from ..selectors.recherche import get_creneau
from ..selectors.rendez_vous import find_connues, get_patient, get_rendez_vous, get_retenu, get_tenu, may_search
from .commun import list_faits, name_creneau, read_uuid
from .cotes import Cote, on_side
from .portes import for_members, open_page, take_form
from .recherche import find_demande, for_demande, show_pris


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
    held = get_retenu(rendez_vous_id, for_acteur=cote.acteur)
    if held.etat == EtatRendezVous.CONFIRME:
        return redirect(cote.url("rendez_vous", held.pk))
    if held.etat != EtatRendezVous.RETENU:
        messages.info(request, "Ce créneau n’est plus retenu. Choisissez-le à nouveau s’il est encore libre.")
        return redirect(cote.url("recherche"))
    demande = find_demande(request, cote)
    geste = request.POST.get("geste", "")
    if request.method == "POST" and (geste == "connue" or demande):
        return _confirm(request, cote, held, demande=demande)
    is_identite = request.method == "POST" and geste != "chercher"
    form = IdentiteForm(
        request.POST if is_identite else None,
        communes=cote.communes,
        initial={"commune": commune_initiale(request, cote)},
    )
    if is_identite and form.is_valid():
        return _confirm(request, cote, held, form=form)
    texte = request.POST.get("texte", "") if geste == "chercher" else ""
    held.creneau = get_tenu(held)
    contexte = {
        "titre": "Qui vient ?" if not demande else "Donner ce rendez-vous",
        "rendez_vous": held,
        "faits": list_faits(held.creneau),
        "form": form,
        "demande": demande,
        "communes": [label_commune(commune) for commune in cote.communes],
        "cherche": not demande and cote.is_here(held.creneau) and may_search(cote.acteur),
        "ailleurs": "" if cote.is_regulation or cote.is_here(held.creneau) else held.creneau.cpts.nom,
        "quoi": name_creneau(held.creneau),
        "texte": texte,
        "connues": find_connues(texte, by=cote.acteur) if cote.is_here(held.creneau) else [],
        "liberer": cote.url("liberer", held.pk) + for_demande(demande),
        **notice(),
    }
    return render(request, "soins_non_programmes/confirmer.html", contexte, status=422 if form.errors else 200)


def _confirm(
    request: Requete,
    cote: Cote,
    held: RendezVous,
    *,
    form: IdentiteForm | None = None,
    demande: DemandeSoin | None = None,
) -> HttpResponse:
    """For a request, for a person entered in the form, or for a person known."""
    acteur = cote.acteur
    try:
        with cote.inside(cote.get_cpts(held.cpts_id)):
            if demande is not None:
                given = services.confirm_demande(demande_id=demande.pk, rendez_vous=held, by=acteur)
            elif form is None:
                patient = get_patient(read_uuid(request.POST.get("patient", "")), for_acteur=acteur)
                given = services.confirm(rendez_vous=held, patient=patient, by=acteur)
            else:
                with transaction.atomic(), services.enter(held):
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
    messages.success(request, f"Rendez-vous donné\u00a0: {name_creneau(given.creneau)}.")
    return redirect(cote.url("rendez_vous", given.pk))


@on_side
def release_page(request: Requete, cote: Cote, rendez_vous_id: UUID) -> HttpResponse:
    """Another slot, or none: this one is free again at once."""
    held = get_rendez_vous(rendez_vous_id, for_acteur=cote.acteur)
    services.release(rendez_vous=held, by=cote.acteur)
    messages.info(request, "Le créneau est de nouveau libre.")
    return redirect(cote.url("recherche") + for_demande(find_demande(request, cote)))


@on_side
def override_page(request: Requete, cote: Cote, creneau_id: UUID) -> HttpResponse:
    creneau = get_creneau(creneau_id, for_acteur=cote.acteur)
    form = EnPlusForm(
        request.POST or None, communes=cote.communes, initial={"commune": commune_initiale(request, cote)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            with cote.inside(creneau.cpts), transaction.atomic(), services.enter(creneau):
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


confirmer = for_members(confirm_page, take_form)
liberer = for_members(release_page, require_POST)
en_plus = open_page(override_page, GERER, take_form)
