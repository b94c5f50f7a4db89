"""The sheet of a request and what one does with it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from maillon.communaute.messagerie.permissions import SOIGNER
from maillon.communaute.patients.selectors import read_identites
from maillon.communaute.sollicitations.selectors import build_vagues
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Fait

from .. import services
from ..enums import Action, Cloture, Etat
from ..forms import CloreForm, FaitsForm, PrevoirForm, ProposerForm, build_faits
from ..models import GENRE, Demande
from ..permissions import GERER
from ..selectors import (
    FAITS,
    build_frise,
    explain_priorite,
    get_demande,
    list_candidats,
    list_responsables,
    tranche_age,
)
from .commun import attempt
from .listes import pastille_etat, pastille_priorite
from .onglets import FIL


@acces(GERER, patients=True)
@require_safe
def fiche(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    """Everything about one request; the name is read with its trace."""
    acteur = request.acteur
    demande = get_demande(demande_id, for_acteur=acteur)
    identites = read_identites([demande.patient_id], quoi="identite", pourquoi="fiche du guichet", by=acteur)
    identite = identites.get(demande.patient_id)
    score, _, lignes = explain_priorite(demande)
    membres = list_responsables(demande.cpts_id)
    proposable = demande.etat in (Etat.QUALIFIEE, Etat.PROPOSEE)
    contexte = {
        "titre": demande.reference,
        "fil": [(FIL, reverse("medecin_traitant_liste", args=[slug])), (demande.reference, "")],
        "demande": demande,
        "identite": identite,
        "echanger": bool(identite) and acteur.can(SOIGNER),
        "pastille_etat": pastille_etat(demande),
        "pastille_priorite": pastille_priorite(demande),
        "faits": _faits(demande),
        "score": score,
        "lignes_priorite": lignes,
        "phrase_medecin": f"{demande.medecin} suit cette personne depuis son accord." if demande.medecin else "",
        "vagues": build_vagues(GENRE, demande.pk),
        "candidats": list_candidats(demande) if proposable else [],
        "proposable": proposable,
        "qualifiable": demande.etat in (Etat.DEPOSEE, Etat.QUALIFIEE, Etat.PROPOSEE),
        "attend_patient": demande.etat == Etat.ACCEPTEE,
        "a_appeler": demande.prochaine_action in (Action.QUALIFIER, Action.RAPPELER_PATIENT),
        "faits_form": FaitsForm.of_demande(demande),
        "prevoir_form": PrevoirForm(
            membres=membres,
            initial={"responsable": str(demande.responsable_id), "prochaine_date": demande.prochaine_date},
        ),
        "clore_form": CloreForm(),
        "en_retard": demande.prochaine_date is not None and demande.prochaine_date < today(),
        "evenements": build_frise(demande),
    }
    return render(request, "medecin_traitant/fiche.html", contexte)


def _faits(demande: Demande) -> list[Fait]:
    patient = demande.patient
    besoins = [
        str(Demande._meta.get_field(nom).verbose_name)  # type: ignore[union-attr]
        for nom in FAITS
        if getattr(demande, nom)
    ]
    return [
        Fait(
            "Âge",
            tranche_age(demande),
            note=f"née ou né en {patient.annee_naissance}" if patient.annee_naissance else "",
        ),
        Fait("Commune", patient.commune.nom),
        Fait("Langue", demande.get_langue_display()),
        Fait("Situation", " ; ".join(besoins) if besoins else "rien de particulier"),
        Fait("Déposée par", demande.get_origine_display(), note=str(demande.depositaire or "")),
        Fait("Suivie par", str(demande.responsable or "personne")),
    ]


def _back(request: Requete, demande: Demande) -> HttpResponse:
    return redirect("medecin_traitant_fiche", slug=request.cpts.slug, demande_id=demande.pk)


def _get(request: Requete, demande_id: UUID) -> Demande:
    return get_demande(demande_id, for_acteur=request.acteur)


@acces(GERER, patients=True)
@require_POST
def qualifier(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    demande = _get(request, demande_id)
    form = FaitsForm(request.POST)
    if form.is_valid():
        faits = build_faits(form.cleaned_data)
        attempt(
            request,
            lambda: services.qualify_demande(demande_id=demande.pk, faits=faits, by=request.acteur),
            done="La situation est enregistrée et la priorité calculée.",
        )
    else:
        messages.error(request, "La situation n’a pas été enregistrée : choisissez parmi les réponses proposées.")
    return _back(request, demande)


@acces(GERER, patients=True)
@require_POST
def proposer(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    demande = _get(request, demande_id)
    choix = [(str(candidat.professionnel.pk), "") for candidat in list_candidats(demande)]
    form = ProposerForm(request.POST, choix=choix)
    if form.is_valid():
        chosen = [UUID(pk) for pk in form.cleaned_data["medecins"]]
        attempt(
            request,
            lambda: services.propose_demande(
                demande_id=demande.pk,
                professionnel_ids=chosen,
                by=request.acteur,
            ),
            done="La demande est proposée. Sans réponse dans cinq jours, elle revient à son rang.",
        )
    else:
        messages.error(request, "Choisissez au moins un médecin de la liste : elle a pu changer entre-temps.")
    return _back(request, demande)


@acces(GERER, patients=True)
@require_POST
def repondre_pour_patient(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    """The patient's answer, told on the telephone."""
    demande = _get(request, demande_id)
    reponse = request.POST.get("reponse")
    if reponse in {"oui", "non"}:
        attempt(
            request,
            lambda: services.confirm_by_patient(
                demande_id=demande.pk,
                oui=reponse == "oui",
                by=request.acteur,
            ),
            done="La réponse du patient est enregistrée.",
        )
    return _back(request, demande)


@acces(GERER, patients=True)
@require_POST
def prevoir(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    demande = _get(request, demande_id)
    form = PrevoirForm(request.POST, membres=list_responsables(demande.cpts_id))
    if form.is_valid():
        attempt(
            request,
            lambda: services.plan_demande(
                demande_id=demande.pk,
                responsable_id=UUID(form.cleaned_data["responsable"]),
                prochaine_date=form.cleaned_data["prochaine_date"],
                by=request.acteur,
            ),
            done="La prochaine étape est notée.",
        )
    else:
        messages.error(request, "La prochaine étape n’a pas été notée : donnez une personne et une date.")
    return _back(request, demande)


@acces(GERER, patients=True)
@require_POST
def clore(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    demande = _get(request, demande_id)
    form = CloreForm(request.POST)
    if form.is_valid():
        attempt(
            request,
            lambda: services.close_demande(
                demande_id=demande.pk,
                motif=Cloture(form.cleaned_data["motif"]),
                by=request.acteur,
            ),
            done="La demande est close. Elle peut être rouverte.",
        )
    else:
        messages.error(request, "La demande n’est pas close : choisissez un motif.")
    return _back(request, demande)


@acces(GERER, patients=True)
@require_POST
def rouvrir(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    demande = _get(request, demande_id)
    attempt(
        request,
        lambda: services.reopen_demande(demande_id=demande.pk, by=request.acteur),
        done="La demande est rouverte, à son rang.",
    )
    return _back(request, demande)
