"""Conversations: the list, one of them, a new one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillon.communaute.personnes.models import Groupe, PersonneQuerySet
from maillon.communaute.personnes.selectors import get_personne_of, groupes_of
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.horloge import today
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.composants import Onglet, Vide
from maillon.socle.ui.typographie import compter

from ..enums import Genre
from ..forms import AjoutForm, MessageForm, NouvelleForm
from ..models import Conversation, MessageConversation, Participant
from ..permissions import CONVERSER, DIFFUSER, MSSANTE
from ..selectors import conversations as lues
from ..services import conversations as services
from ..services.commun import MessageRefuse
from .commun import TOURS, build_fil, find_url, get_status, may_soigner, read_tour, url_of

PAR_PAGE = 30


def _find_autres(conversation: Conversation, moi: UUID) -> list[Participant]:
    return [p for p in conversation.participants.all() if p.personne_id != moi and p.quittee_le is None]


def _nommer(conversation: Conversation, moi: UUID) -> str:
    """Who the others are, as a list names a conversation without subject."""
    if conversation.groupe is not None:
        return conversation.titre or conversation.groupe.nom
    noms = [str(autre.personne) for autre in _find_autres(conversation, moi)]
    if conversation.patient is not None:
        return f"Patient {conversation.patient.reference}"
    autres = f" et {compter(len(noms) - 3, 'autre')}" if len(noms) > 3 else ""
    return conversation.titre or ", ".join(noms[:3]) + autres or "Personne d’autre"


def _show_vide(request: Requete, texte: str, archivees: bool) -> Vide:
    """What to say when there is nothing: nothing found, nothing put away, nothing at all."""
    if texte:
        raison = "Ce qui est écrit au sujet d’un patient est chiffré : la recherche n’y entre pas."
        return Vide("Rien ne correspond", raison, icone="messages")
    if archivees:
        return Vide("Aucune conversation archivée", icone="archive")
    return Vide(
        "Aucun message",
        "Écrivez à un membre ou à un groupe : il en est prévenu par courriel, sans que rien y soit dit.",
        "Écrire un message",
        find_url("nouvelle", request),
        "messages",
    )


@acces(CONVERSER)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def conversations(request: Requete, slug: str) -> HttpResponse:
    """The person's conversations. What is looked for may name somebody: it is posted."""
    personne = get_personne_of(request.acteur)
    texte = request.POST.get("q", "").strip()[:100]
    archivees = request.GET.get("voir") == "archivees"
    page, liste = None, []
    if personne is not None:
        rows = lues.list_conversations(request.acteur, personne, archivees=archivees, texte=texte)
        page = Paginator(rows, PAR_PAGE).get_page(request.GET.get("page"))
        liste = [
            (c, _nommer(c, personne.pk), _find_autres(c, personne.pk), url_of(c, request)) for c in page.object_list
        ]
    ici = find_url("conversations", request)
    contexte = {
        "titre": "Messages",
        "fil": [("Communauté", ""), ("Messages", "")],
        "onglets": [Onglet("En cours", ici, not archivees), Onglet("Archivées", f"{ici}?voir=archivees", archivees)],
        "liste": liste,
        "page": page,
        "q": texte,
        "archivees": archivees,
        "soigne": may_soigner(request),
        "regle": request.acteur.can(MSSANTE),
        "vide": _show_vide(request, texte, archivees),
    }
    return render(request, "messagerie/conversations.html", contexte)


def _list_groupes(request: Requete) -> list[Groupe]:
    """The groups to which one may write: one's own; every group to whoever writes to members."""
    if request.acteur.can(DIFFUSER):
        return list(Groupe.objects.filter(cpts=request.cpts, ferme_le=None))
    personne = get_personne_of(request.acteur)
    return groupes_of(personne.pk, on=today()) if personne else []


@acces(CONVERSER)
@require_http_methods(["GET", "HEAD", "POST"])
def nouvelle(request: Requete, slug: str) -> HttpResponse:
    """Write to people or to a group."""
    form = NouvelleForm(
        request.POST or None,
        request.FILES or None,
        personnes=lues.find_interlocuteurs(request.acteur),
        groupes=_list_groupes(request),
        initial={"personnes": request.GET.getlist("a"), "groupe": request.GET.get("groupe")},
    )
    if request.method == "POST" and form.is_valid():
        donnees = form.cleaned_data
        try:
            conversation = services.open_conversation(
                cpts_id=request.cpts.pk,
                personnes=donnees["personnes"],
                groupe=donnees["groupe"],
                titre=donnees["titre"],
                texte=donnees["texte"],
                pieces=donnees["pieces"],
                by=request.acteur,
            )
            return redirect(find_url("conversation", request, conversation.pk))
        except MessageRefuse as refus:
            form.add_error(None, str(refus))
        except FichierRefuse as refus:
            form.add_error("pieces", str(refus))
    contexte = {
        "titre": "Nouveau message",
        "fil": build_fil(request, ("Nouveau message", "")),
        "form": form,
        "retour": find_url("conversations", request),
        "soigne": may_soigner(request),
    }
    return render(request, "messagerie/nouvelle.html", contexte, status=get_status(form))


@acces(CONVERSER)
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Read a conversation and write in it. Mails lead here; about a patient, one is sent on to its own page."""
    participant = lues.get_participation(pk, for_acteur=request.acteur)
    if participant.conversation.genre == Genre.PATIENT:
        return redirect(find_url("fil", request, pk))
    objet = lues.get_conversation(pk, for_acteur=request.acteur)
    form = MessageForm(request.POST, request.FILES) if request.method == "POST" else MessageForm()
    if form.is_bound and form.is_valid():
        try:
            donnees = form.cleaned_data
            services.post_message(
                conversation=objet, texte=donnees["texte"], pieces=donnees["pieces"], by=request.acteur
            )
            return redirect(f"{find_url('conversation', request, pk)}#dernier")
        except MessageRefuse as refus:
            form.add_error("texte", str(refus))
        except FichierRefuse as refus:
            form.add_error("pieces", str(refus))
    return render(
        request, "messagerie/conversation.html", _contexte(request, objet, participant, form), status=get_status(form)
    )


def _contexte(request: Requete, objet: Conversation, participant: Participant, form: MessageForm) -> dict[str, Any]:
    tout = "tout" in request.GET
    bulles = lues.list_messages(objet, tout=tout)
    services.mark_read(participant)
    participants = lues.list_participants(objet)
    noms = [str(p.personne) for p in participants if p.personne_id != participant.personne_id]
    titre = objet.titre or (objet.groupe.nom if objet.groupe else ", ".join(noms[:3]) or "Conversation")
    return {
        "titre": titre,
        "sous_titre": f"Groupe {objet.groupe.nom}" if objet.groupe and objet.titre else "",
        "fil": build_fil(request, (titre, "")),
        "conversation": objet,
        "participant": participant,
        "participants": participants,
        "moi": participant.personne_id,
        "bulles": bulles,
        "lu_avant": participant.lu_le,
        "anciens": not tout and len(bulles) == lues.MESSAGES_MONTRES,
        "form": form,
        "suite": _url_suite(request, objet, 1),
        "archivee": participant.archivee_le is not None and participant.archivee_le >= objet.dernier_le,
        "quittable": objet.genre == Genre.PERSONNES,
        "ajout": AjoutForm(personnes=_find_nouveaux(request, objet)) if objet.genre == Genre.PERSONNES else None,
    }


def _url_suite(request: Requete, objet: Conversation, tour: int) -> str:
    """Where the page asks for news; empty when it has asked long enough."""
    if tour > TOURS:
        return ""
    moment = objet.dernier_le.isoformat().replace("+00:00", "Z")
    return f"{find_url('suite', request, objet.pk)}?depuis={moment}&tour={tour}"


@acces(CONVERSER)
@require_GET
def suite(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """What was written since the page was shown."""
    participant = lues.get_participation(pk, for_acteur=request.acteur)
    objet = lues.get_conversation(pk, for_acteur=request.acteur)
    depuis = _read_depuis(request)
    bulles: list[MessageConversation] = []
    if depuis is not None and objet.dernier_le > depuis:
        bulles = [message for message in lues.list_messages(objet) if message.envoye_le > depuis]
        services.mark_read(participant)
    contexte = {
        "bulles": bulles,
        "moi": participant.personne_id,
        "suite": _url_suite(request, objet, read_tour(request) + 1),
        "ici": find_url("conversation", request, pk),
    }
    return render(request, "messagerie/_suite.html", contexte)


def _read_depuis(request: Requete) -> Any:
    try:
        moment = parse_datetime(request.GET.get("depuis", ""))
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _find_nouveaux(request: Requete, objet: Conversation) -> PersonneQuerySet:
    """Who could still be brought in."""
    return lues.find_interlocuteurs(request.acteur).exclude(conversations__conversation=objet)


@acces(CONVERSER)
@require_POST
def ajouter(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Bring somebody else in."""
    objet = lues.get_conversation(pk, for_acteur=request.acteur)
    form = AjoutForm(request.POST, personnes=_find_nouveaux(request, objet))
    if form.is_valid():
        personne = form.cleaned_data["personne"]
        try:
            services.add_personne(conversation=objet, personne=personne, by=request.acteur)
            messages.success(request, f"{personne} prend part à la conversation.")
        except MessageRefuse as refus:
            messages.error(request, str(refus))
    else:
        messages.error(request, "Choisissez une personne de la liste.")
    return redirect(find_url("conversation", request, pk))


@acces(CONVERSER)
@require_POST
def archiver(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Put a conversation away, or take it back."""
    participant = lues.get_participation(pk, for_acteur=request.acteur)
    archivee = request.POST.get("sens") != "reprendre" and "reprendre" not in request.GET
    services.archive(participant=participant, archivee=archivee)
    if archivee:
        offer_undo(request, "La conversation est archivée.", f"{find_url('archiver', request, pk)}?reprendre")
    else:
        messages.success(request, "La conversation est de retour.")
    return redirect(find_url("conversations", request))


@acces(CONVERSER)
@require_POST
def quitter(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Take part no more."""
    participant = lues.get_participation(pk, for_acteur=request.acteur)
    try:
        services.leave(participant=participant, by=request.acteur)
        offer_undo(request, "Vous avez quitté la conversation.", find_url("revenir", request, pk))
    except MessageRefuse as refus:
        messages.error(request, str(refus))
    return redirect(find_url("conversations", request))


@acces(CONVERSER)
@require_POST
def revenir(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Undo a departure of today."""
    rows = Participant.objects.filter(personne=get_personne_of(request.acteur), quittee_le__date=today())
    participant = get_object_or_404(rows.select_related("conversation"), conversation=pk)
    try:
        services.rejoin(conversation=participant.conversation, by=request.acteur)
    except MessageRefuse as refus:
        messages.error(request, str(refus))
        return redirect(find_url("conversations", request))
    messages.success(request, "Vous êtes de retour dans la conversation.")
    return redirect(find_url("conversation", request, pk))
