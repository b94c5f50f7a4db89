"""The outbox of a community, and the inbox of the demonstration."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.socle.droits.demo import check_demo
from maillon.socle.droits.permissions import acces, acces_public
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.listes import afficher_liste

from .listes import ListeCourriels, get_pastille
from .models import Message
from .permissions import SUIVRE
from .selectors import list_demo_messages
from .services import resend

SOUS_TITRE = (
    "Un envoi est incertain quand la connexion s’est coupée pendant la remise : "
    "Maillon ne le renvoie pas de lui-même, pour ne pas écrire deux fois à la même personne."
)


@acces(SUIVRE)
@require_safe
def courriels(request: Requete, slug: str) -> HttpResponse:
    """Every message with its state; addresses are masked."""
    rows = Message.objects.filter(cpts_id=request.cpts.pk)
    return afficher_liste(request, ListeCourriels, rows, contexte={"sous_titre": SOUS_TITRE})


@acces(SUIVRE)
@require_POST
def renvoyer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Send a failed or uncertain message again."""
    message = get_object_or_404(Message, pk=pk, cpts_id=request.cpts.pk)
    if resend(message=message, by=request.acteur):
        messages.success(request, f"Le courriel « {message.sujet} » repart.")
    else:
        messages.info(request, "Ce courriel n’est plus à renvoyer.")
    return redirect("courriels", slug=slug)


@acces_public
@require_http_methods(["GET", "HEAD", "POST"])
def boite_demo(request: Requete) -> HttpResponse:
    """The mail that the demonstration would have sent, on the machine that runs it. Its links open accounts.

    The address looked for is posted: an address of a patient has no place in a page's own.
    """
    check_demo(request)
    adresse = request.POST.get("a", "").strip()[:100]
    contexte = {"titre": "Boîte de réception", "courriels": list_demo_messages(adresse=adresse), "adresse": adresse}
    return render(request, "courriels/boite_demo.html", contexte)


@acces_public
@require_safe
def message_demo(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """One message of the demonstration, with its links. Closed elsewhere and for true communities."""
    check_demo(request)
    if not request.cpts.fictive:
        raise Http404
    message = get_object_or_404(Message, pk=pk)
    contexte = {"titre": message.sujet, "message": message, "pastille": get_pastille(message)}
    return render(request, "courriels/message_demo.html", contexte)
