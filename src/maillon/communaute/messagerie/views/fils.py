"""Threads about patients. Every page leaves its traces; no name, no word of them in an address or a tab."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillon.communaute.patients.selectors import IdentiteLue, read_identites, search_patients
from maillon.communaute.personnes.models import PersonneQuerySet
from maillon.communaute.personnes.selectors import get_personne_of
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.horloge import now
from maillon.socle.ui.composants import Vide

from ..courrier import write_courrier
from ..forms import AjoutForm, CourrierForm, FilForm, MessageForm
from ..models import BoiteMssante, Conversation
from ..permissions import SOIGNER
from ..selectors import conversations as lues
from ..selectors import fils as selectors
from ..services import fils as services
from ..services.commun import MessageRefuse, Recu, keep_auteur
from ..services.conversations import mark_read
from .commun import TOURS, build_fil, find_url, get_status, read_tour
from .conversations import _read_depuis
from .mssante import show_etat

ONGLET = "Échange au sujet d’un patient"
TROUVES_MAX = 20


def read_identite(request: Requete, patient_id: UUID, pourquoi: str) -> IdentiteLue | None:
    """Who the patient is; leaves a trace."""
    return read_identites([patient_id], quoi="identite", pourquoi=pourquoi, by=request.acteur).get(patient_id)


@acces(SOIGNER, patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def chercher(request: Requete, slug: str) -> HttpResponse:
    """Find the patient about whom one wants to write; what is typed is posted."""
    texte = request.POST.get("q", "").strip()[:100]
    trouves: list[tuple[UUID, IdentiteLue]] = []
    if texte:
        found = search_patients(texte, pourquoi="écrire au sujet du patient", by=request.acteur, limite=TROUVES_MAX)
        keys = selectors.keep_informes(found)
        identites = read_identites(keys, quoi="identite", pourquoi="écrire au sujet du patient", by=request.acteur)
        trouves = [(key, identites[key]) for key in keys if key in identites]
    contexte = {
        "titre": "Écrire au sujet d’un patient",
        "fil": build_fil(request, ("Au sujet d’un patient", "")),
        "q": texte,
        "trouves": trouves,
        "vide": Vide(
            "Aucun patient trouvé",
            "Vous ne trouvez que les personnes que vous suivez. Cherchez par le nom, la date de naissance "
            "(jj/mm/aaaa) ou le téléphone en entier.",
            icone="user-search",
        ),
    }
    return render(request, "messagerie/chercher.html", contexte)


@acces(SOIGNER, patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ouvrir(request: Requete, slug: str, patient_id: UUID) -> HttpResponse:
    """Begin a thread about a patient, among those who follow them."""
    patient = selectors.get_patient(patient_id, for_acteur=request.acteur)
    identite = read_identite(request, patient.pk, "écrire au sujet du patient")
    soignants = lues.find_soignants(patient, request.acteur)
    form = FilForm(request.POST or None, request.FILES or None, personnes=soignants)
    if request.method == "POST" and form.is_valid():
        donnees = form.cleaned_data
        try:
            fil = services.open_fil(
                patient=patient,
                personnes=donnees["personnes"],
                texte=donnees["texte"],
                pieces=donnees["pieces"],
                by=request.acteur,
            )
            return redirect(find_url("fil", request, fil.pk))
        except MessageRefuse as refus:
            form.add_error(None, str(refus))
        except FichierRefuse as refus:
            form.add_error("pieces", str(refus))
    contexte = {
        "titre": identite.nom_complet if identite else patient.reference,
        "titre_onglet": ONGLET,
        "sous_titre": "Nouvel échange au sujet de cette personne",
        "fil": build_fil(request, ("Au sujet d’un patient", find_url("chercher", request)), (patient.reference, "")),
        "form": form,
        "seul": not soignants.exists(),
        "existant": selectors.find_fil(patient, for_acteur=request.acteur),
        "retour": find_url("chercher", request),
    }
    return render(request, "messagerie/ouvrir.html", contexte, status=get_status(form))


@acces(SOIGNER, patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def fil(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Read a thread and write in it."""
    objet = selectors.get_fil(pk, for_acteur=request.acteur)
    form = MessageForm(request.POST, request.FILES) if request.method == "POST" else MessageForm()
    if form.is_bound and form.is_valid():
        try:
            donnees = form.cleaned_data
            services.post_in_fil(fil=objet, texte=donnees["texte"], pieces=donnees["pieces"], by=request.acteur)
            return redirect(f"{find_url('fil', request, pk)}#dernier")
        except MessageRefuse as refus:
            form.add_error("texte", str(refus))
        except FichierRefuse as refus:
            form.add_error("pieces", str(refus))
    return render(request, "messagerie/fil.html", _contexte(request, objet, form), status=get_status(form))


def _contexte(request: Requete, objet: Conversation, form: MessageForm) -> dict[str, Any]:
    assert objet.patient is not None
    participant = lues.get_participation(objet.pk, for_acteur=request.acteur)
    identite = read_identite(request, objet.patient.pk, "conversation")
    bulles = selectors.read_messages(objet)
    mark_read(participant)
    noms = {piece.pk: piece.nom for message in bulles for piece in message.pieces}
    return {
        "titre": identite.nom_complet if identite else objet.patient.reference,
        "titre_onglet": ONGLET,
        "sous_titre": f"{objet.patient.reference}, {objet.patient.commune}",
        "fil": build_fil(request, (f"Patient {objet.patient.reference}", "")),
        "conversation": objet,
        "participant": participant,
        "participants": lues.list_participants(objet),
        "moi": participant.personne_id,
        "lu_avant": participant.lu_le,
        "bulles": bulles,
        "form": form,
        "suite": _url_suite(request, objet, 1),
        "archivee": participant.archivee_le is not None and participant.archivee_le >= objet.dernier_le,
        "envois": [
            (envoi, show_etat(envoi), noms.get(envoi.piece_id) if envoi.piece_id else "")
            for envoi in selectors.list_envois(objet)
        ],
        "mssante": BoiteMssante.objects.filter(cpts=request.cpts).exists(),
        "ajout": AjoutForm(personnes=_find_nouveaux(request, objet)),
    }


def _find_nouveaux(request: Requete, objet: Conversation) -> PersonneQuerySet:
    """Who follows the patient and could still be brought in."""
    assert objet.patient is not None
    return lues.find_soignants(objet.patient, request.acteur).exclude(conversations__conversation=objet)


@acces(SOIGNER, patients=True)
@require_POST
def ajouter(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Bring in somebody else who follows the patient."""
    objet = selectors.get_fil(pk, for_acteur=request.acteur)
    assert objet.patient is not None
    form = AjoutForm(request.POST, personnes=_find_nouveaux(request, objet))
    if form.is_valid():
        personne = form.cleaned_data["personne"]
        services.add_soignant(fil=objet, patient=objet.patient, personne=personne, by=request.acteur)
        messages.success(request, f"{personne} prend part à l’échange.")
    else:
        messages.error(request, "Choisissez une personne de la liste.")
    return redirect(find_url("fil", request, pk))


def _url_suite(request: Requete, objet: Conversation, tour: int) -> str:
    if tour > TOURS:
        return ""
    moment = objet.dernier_le.isoformat().replace("+00:00", "Z")
    return f"{find_url('fil_suite', request, objet.pk)}?depuis={moment}&tour={tour}"


@acces(SOIGNER, patients=True)
@require_GET
def suite(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """What was written since the page was shown; nothing is read, nor traced, when nothing is new."""
    objet = selectors.get_fil(pk, for_acteur=request.acteur)
    participant = lues.get_participation(pk, for_acteur=request.acteur)
    depuis = _read_depuis(request)
    bulles: list[selectors.MessageLu] = []
    if depuis is not None and objet.dernier_le > depuis:
        bulles = [message for message in selectors.read_messages(objet) if message.envoye_le > depuis]
        mark_read(participant)
    contexte = {
        "bulles": bulles,
        "moi": participant.personne_id,
        "conversation": objet,
        "suite": _url_suite(request, objet, read_tour(request) + 1),
        "ici": find_url("fil", request, pk),
        "patient": True,
    }
    return render(request, "messagerie/_suite.html", contexte)


@acces(SOIGNER, patients=True)
@require_GET
def piece(request: Requete, slug: str, pk: UUID, piece_id: UUID) -> HttpResponse:
    """A document of a thread, always as an attachment."""
    objet = selectors.get_fil(pk, for_acteur=request.acteur)
    trouvee = selectors.get_piece(objet, piece_id)
    try:
        document = selectors.read_piece(trouvee, pourquoi="téléchargement")
    except FichierRefuse as refus:
        return HttpResponse(str(refus), status=410, content_type="text/plain; charset=utf-8")
    if document is None:
        raise Http404
    reponse = HttpResponse(document.contenu, content_type=document.type)
    nom = quote(document.nom, safe="")
    reponse["Content-Disposition"] = f"attachment; filename=\"document\"; filename*=UTF-8''{nom}"
    reponse["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reponse["Cache-Control"] = "no-store"
    return reponse


@acces(SOIGNER, patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def courrier(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Type a letter about the patient: it becomes a PDF of the thread, ready to be sent."""
    objet = selectors.get_fil(pk, for_acteur=request.acteur)
    assert objet.patient is not None
    form = CourrierForm(request.POST or None)
    identite = read_identite(request, objet.patient.pk, "courrier")
    if request.method == "POST" and form.is_valid() and identite is not None:
        auteur = keep_auteur(request.acteur)
        pdf = write_courrier(
            cpts=request.cpts,
            auteur=auteur,
            identite=identite,
            titre=form.cleaned_data["titre"],
            texte=form.cleaned_data["texte"],
            le=now(),
        )
        try:
            services.post_in_fil(fil=objet, texte="", pieces=[Recu("courrier.pdf", pdf)], by=request.acteur)
        except MessageRefuse as refus:
            messages.error(request, str(refus))
        else:
            messages.success(request, "Le courrier est dans l’échange, en PDF. Vous pouvez l’envoyer par MSSanté.")
        return redirect(f"{find_url('fil', request, pk)}#dernier")
    contexte = {
        "titre": "Rédiger un courrier",
        "fil": build_fil(
            request, (f"Patient {objet.patient.reference}", find_url("fil", request, pk)), ("Courrier", "")
        ),
        "form": form,
        "personne": get_personne_of(request.acteur),
        "identite": identite,
        "retour": find_url("fil", request, pk),
    }
    return render(request, "messagerie/courrier.html", contexte, status=get_status(form))
