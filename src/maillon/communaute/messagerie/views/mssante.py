"""The MSSanté mailbox of the community, and the documents sent from a thread."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from maillon.communaute.annuaire.models import Activite
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.composants import Pastille, Ton
from maillon.socle.ui.typographie import format_date_heure

from ..enums import EtatMssante, Securite
from ..forms import BoiteForm, MssanteForm
from ..models import BoiteMssante, Conversation, EnvoiMssante
from ..permissions import MSSANTE, SOIGNER
from ..selectors import fils as selectors
from ..selectors.conversations import list_participants
from ..services import mssante as services
from ..services.commun import MessageRefuse
from .commun import build_fil, find_url, get_status

TONS: dict[str, Ton] = {
    EtatMssante.A_ENVOYER: "attente",
    EtatMssante.EN_COURS: "cours",
    EtatMssante.ENVOYE: "cours",
    EtatMssante.REMIS: "bien",
    EtatMssante.REFUSE: "alerte",
    EtatMssante.ECHEC: "alerte",
    EtatMssante.INCERTAIN: "alerte",
    EtatMssante.ANNULE: "neutre",
}
PHRASES = {
    EtatMssante.ENVOYE: "Pris par l’opérateur ; l’accusé de remise n’est pas encore arrivé.",
    EtatMssante.INCERTAIN: "La connexion s’est coupée pendant l’envoi : il est peut-être arrivé.",
    EtatMssante.A_ENVOYER: "Il part dans l’instant.",
}


def show_etat(envoi: EnvoiMssante) -> tuple[Pastille, str]:
    """The state of a sending, and what to understand by it."""
    etat = EtatMssante(envoi.etat)
    phrase = PHRASES.get(etat, "")
    if envoi.raison:
        phrase = f"{envoi.raison[:1].upper()}{envoi.raison[1:]}." if not phrase else f"{phrase} ({envoi.raison})"
    return Pastille(etat.label.capitalize(), TONS[etat]), phrase


@acces(MSSANTE)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def boite(request: Requete, slug: str) -> HttpResponse:
    """Set the mailbox of the community."""
    objet = BoiteMssante.objects.filter(cpts=request.cpts).first()
    initial = (
        {name: getattr(objet, name) for name in BoiteForm.base_fields if name != "mot_de_passe"}
        if objet
        else {"smtp_securite": Securite.TLS}
    )
    form = BoiteForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        champs = {**form.cleaned_data}
        secret = champs.pop("mot_de_passe")
        try:
            objet = services.save_boite(cpts_id=request.cpts.pk, champs=champs, mot_de_passe=secret, by=request.acteur)
            services.ask_check(boite=objet, by=request.acteur)
            messages.success(request, "La boîte est enregistrée. Maillon l’essaie : le résultat s’affiche ici.")
            return redirect(find_url("boite", request))
        except ValueError as refus:
            form.add_error(None, str(refus))
    contexte = {
        "titre": "Boîte MSSanté",
        "fil": build_fil(request, ("Boîte MSSanté", "")),
        "form": form,
        "boite": objet,
        "retour": find_url("conversations", request),
    }
    return render(request, "messagerie/boite.html", contexte, status=get_status(form))


@acces(MSSANTE)
@require_POST
def essayer(request: Requete, slug: str) -> HttpResponse:
    """Try the mailbox again."""
    objet = get_object_or_404(BoiteMssante, cpts=request.cpts)
    services.ask_check(boite=objet, by=request.acteur)
    messages.success(request, "Maillon essaie la boîte : rechargez la page dans quelques secondes.")
    return redirect(find_url("boite", request))


@acces(MSSANTE)
@require_POST
def oublier(request: Requete, slug: str) -> HttpResponse:
    """Forget the mailbox and its password."""
    services.delete_boite(boite=get_object_or_404(BoiteMssante, cpts=request.cpts), by=request.acteur)
    messages.success(request, "La boîte et son mot de passe sont oubliés.")
    return redirect(find_url("boite", request))


@acces(SOIGNER, patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def envoyer(request: Requete, slug: str, pk: UUID, piece_id: UUID) -> HttpResponse:
    """Send a document of a thread to an MSSanté address."""
    objet = selectors.get_fil(pk, for_acteur=request.acteur)
    piece = selectors.get_piece(objet, piece_id)
    form = MssanteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.send_document(fil=objet, piece=piece, by=request.acteur, **form.cleaned_data)
            messages.success(request, "Le document part par MSSanté. Son état s’affiche dans l’échange.")
            return redirect(f"{find_url('fil', request, pk)}#mssante")
        except MessageRefuse as refus:
            form.add_error(None, str(refus))
    nom = next((p.nom for m in selectors.read_messages(objet) for p in m.pieces if p.pk == piece.pk), "")
    assert objet.patient is not None
    contexte = {
        "titre": "Envoyer par MSSanté",
        "fil": build_fil(
            request, (f"Patient {objet.patient.reference}", find_url("fil", request, pk)), ("Envoyer par MSSanté", "")
        ),
        "form": form,
        "nom": nom,
        "piece": piece,
        "boite": BoiteMssante.objects.filter(cpts=request.cpts).first(),
        "connues": list_connues(objet),
        "retour": find_url("fil", request, pk),
    }
    return render(request, "messagerie/envoyer_mssante.html", contexte, status=get_status(form))


def list_connues(fil: Conversation) -> list[tuple[str, str]]:
    """The MSSanté addresses that the directory knows of those who take part, with their names."""
    people = {
        p.personne.professionnel_id: str(p.personne) for p in list_participants(fil) if p.personne.professionnel_id
    }
    places = Activite.objects.filter(professionnel__in=people, courriel__iendswith=".mssante.fr")
    return [(place.courriel.lower(), people[place.professionnel_id]) for place in places]


@acces(SOIGNER, patients=True)
@require_POST
def renvoyer(request: Requete, slug: str, pk: UUID, envoi_id: UUID) -> HttpResponse:
    """Send again what was refused, failed or is uncertain."""
    objet = selectors.get_fil(pk, for_acteur=request.acteur)
    envoi = get_object_or_404(EnvoiMssante, pk=envoi_id, conversation=objet)
    if services.resend_document(envoi=envoi, by=request.acteur):
        messages.success(request, f"Le document repart ({format_date_heure(envoi.cree_le)}).")
    else:
        messages.info(request, "Ce document n’est plus à renvoyer.")
    return redirect(f"{find_url('fil', request, pk)}#mssante")
