"""My duties, on the telephone: the next one, swaps, open ones, what is over, what I leave to the next."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now
from maillon.socle.ui.typographie import format_date

from .. import presentation, selectors, services
from ..enums import EtatTableau
from ..forms import PassationForm
from ..models import ActionRefusee, Participant
from ..permissions import DIRE, REPONDRE
from .commun import attempt


@acces(REPONDRE)
@require_safe
def miennes(request: Requete, slug: str) -> HttpResponse:
    """The next duty, those that come, what waits for my answer, open duties that I may take."""
    acteur, moment = request.acteur, now()
    mine = selectors.get_miennes(acteur, moment)
    participations = list(
        Participant.objects.visible_to(acteur)
        .filter(professionnel__rpps=acteur.rpps or "-")
        .select_related("tableau", "professionnel")
    )
    professions = {participation.professionnel.profession for participation in participations}
    rosters = {participation.tableau_id for participation in participations}
    ouvertes = [
        poste
        for poste in selectors.list_ouvertes(request.cpts.pk, moment, professions=professions)
        if poste.tableau_id in rosters
    ]
    pairs = [(garde, mine.proposees.get(garde.pk)) for garde in mine.a_venir]
    contexte = {
        "titre": "Mes gardes",
        "mes": mine,
        "maintenant": moment,
        "prochaine": pairs[0] if pairs else None,
        "suite": pairs[1:],
        "passees": [(garde, presentation.show_etat(garde)) for garde in mine.passees],
        "transmissibles": [garde.pk for garde in mine.a_constater if services.is_transmissible(garde)],
        "ouvertes": ouvertes[:12],
        "voeux": [p for p in participations if p.tableau.etat == EtatTableau.VOEUX],
        "dans_un_tableau": bool(participations),
        "agenda": reverse("agenda:abonnements", args=[slug]),
    }
    return render(request, "gardes/miennes.html", contexte)


@acces(REPONDRE)
@require_http_methods(["GET", "POST"])
def echanger(request: Requete, slug: str, garde_id: UUID) -> HttpResponse:
    """To whom to offer a duty, against which of theirs; who cannot take it, and why."""
    garde = selectors.get_own_garde(garde_id, for_acteur=request.acteur)
    retour = reverse("gardes_miennes", args=[slug])
    if request.method == "POST":
        vers, _, contre = request.POST.get("vers", "").partition("/")
        try:
            services.propose_echange(
                garde_id=garde.pk,
                vers_id=UUID(vers),
                contre_id=UUID(contre) if contre else None,
                by=request.acteur,
            )
            messages.success(request, "C’est proposé. Votre collègue répond d’un geste\u00a0; vous serez prévenu.")
            return redirect("gardes_miennes", slug=slug)
        except ActionRefusee as refus:
            messages.error(request, str(refus))
        except (ValueError, Participant.DoesNotExist):
            messages.error(request, "Choisissez un collègue de la liste.")
        return redirect("gardes_echanger", slug=slug, garde_id=garde.pk)
    collegues = selectors.list_collegues(garde, now())
    contexte = {
        "titre": "Échanger ou céder une garde",
        "fil": [("Mes gardes", retour), ("Échanger", "")],
        "garde": garde,
        "reprennent": [collegue for collegue in collegues if not collegue.raisons],
        "echangent": [collegue for collegue in collegues if collegue.contre],
        "empeches": [collegue for collegue in collegues if collegue.raisons and not collegue.contre],
    }
    return render(request, "gardes/echanger.html", contexte)


@acces(REPONDRE)
@require_POST
def repondre(request: Requete, slug: str, echange_id: UUID) -> HttpResponse:
    """Accept, refuse or take back an offer: `geste` says what."""
    echange = selectors.get_echange(echange_id, for_acteur=request.acteur)
    geste, by = request.POST.get("geste", ""), request.acteur
    donneur = echange.garde.professionnel_id
    mine = selectors.is_self(by, echange.vers.professionnel_id), selectors.is_self(by, donneur)
    if geste == "accepter" and mine[0]:
        attempt(
            request,
            lambda: services.accept_echange(echange_id=echange.pk, by=by),
            done="C’est fait\u00a0: la garde a changé de mains, votre collègue est prévenu.",
        )
    elif geste == "refuser" and mine[0]:
        attempt(
            request,
            lambda: services.refuse_echange(echange_id=echange.pk, by=by),
            done="C’est noté\u00a0: votre collègue est prévenu.",
        )
    elif geste == "retirer" and mine[1]:
        attempt(
            request,
            lambda: services.withdraw_echange(echange_id=echange.pk, by=by),
            done="La proposition est retirée.",
        )
    else:
        raise Http404
    return redirect("gardes_miennes", slug=slug)


@acces(REPONDRE)
@require_POST
def ceder(request: Requete, slug: str, garde_id: UUID) -> HttpResponse:
    """I cannot hold it: its place opens, the community is told; undone while nobody has it."""
    garde = selectors.get_own_garde(garde_id, for_acteur=request.acteur)
    attempt(
        request,
        lambda: services.give_up(garde_id=garde.pk, by=request.acteur),
        done="La garde est ouverte à vos collègues, la coordination est prévenue.",
        undo=reverse("gardes_recuperer", args=[slug, garde.pk]),
    )
    return redirect("gardes_miennes", slug=slug)


@acces(REPONDRE)
@require_POST
def recuperer(request: Requete, slug: str, garde_id: UUID) -> HttpResponse:
    """The undo of the former."""
    garde = selectors.get_own_garde(garde_id, for_acteur=request.acteur)
    attempt(
        request,
        lambda: services.undo_give_up(garde_id=garde.pk, by=request.acteur),
        done="La garde est de nouveau à vous.",
    )
    return redirect("gardes_miennes", slug=slug)


@acces(REPONDRE)
@require_POST
def prendre(request: Requete, slug: str, poste_id: UUID) -> HttpResponse:
    """Take an open duty: the first who does has it."""
    found = selectors.get_poste(poste_id, for_acteur=request.acteur)
    attempt(
        request,
        lambda: services.take_ouverte(poste_id=found.pk, by=request.acteur),
        done="Cette garde est à vous. Merci.",
    )
    return redirect("gardes_miennes", slug=slug)


@acces(DIRE)
@require_POST
def constater(request: Requete, slug: str, garde_id: UUID) -> HttpResponse:
    """I held it, or not; undone in one touch."""
    garde = selectors.get_own_garde(garde_id, for_acteur=request.acteur)
    geste, by = request.POST.get("geste", ""), request.acteur
    if geste in ("tenue", "non_tenue"):
        attempt(
            request,
            lambda: services.record_constat(garde_id=garde.pk, tenue=geste == "tenue", by=by),
            done="Garde notée tenue." if geste == "tenue" else "Garde notée pas tenue.",
            undo=reverse("gardes_constat_annuler", args=[slug, garde.pk]),
        )
    return redirect("gardes_constats" if request.POST.get("retour") == "constats" else "gardes_miennes", slug=slug)


@acces(DIRE)
@require_POST
def constat_annuler(request: Requete, slug: str, garde_id: UUID) -> HttpResponse:
    """It was said by mistake."""
    garde = selectors.get_own_garde(garde_id, for_acteur=request.acteur)
    attempt(
        request,
        lambda: services.undo_constat(garde_id=garde.pk, by=request.acteur),
        done="C’est annulé\u00a0: la garde attend d’être confirmée.",
    )
    own = selectors.is_self(request.acteur, garde.professionnel_id)
    return redirect("gardes_miennes" if own else "gardes_constats", slug=slug)


@acces(REPONDRE)
@require_http_methods(["GET", "POST"])
def passation(request: Requete, slug: str, garde_id: UUID) -> HttpResponse:
    """What the next one on duty should know."""
    garde = selectors.get_own_garde(garde_id, for_acteur=request.acteur)
    written = getattr(garde, "passation", None)
    form = PassationForm(request.POST or None, initial={"texte": written.texte if written else ""})
    if request.method == "POST" and form.is_valid():
        try:
            services.write_passation(garde_id=garde.pk, texte=form.cleaned_data["texte"], by=request.acteur)
            messages.success(request, "C’est transmis à la prochaine personne de garde.")
            return redirect("gardes_miennes", slug=slug)
        except ActionRefusee as refus:
            form.add_error("texte", str(refus))
    retour = reverse("gardes_miennes", args=[slug])
    contexte = {
        "titre": "Passation",
        "sous_titre": f"Votre garde du {format_date(garde.debut)}. La prochaine personne de garde lira ce mot.",
        "fil": [("Mes gardes", retour), ("Passation", "")],
        "form": form,
        "envoyer": "Transmettre",
        "annuler": retour,
    }
    return render(request, "gardes/formulaire.html", contexte, status=422 if form.errors else 200)


@acces(REPONDRE)
@require_POST
def passation_lue(request: Requete, slug: str, garde_id: UUID) -> HttpResponse:
    """I have read what was left before my duty."""
    garde = selectors.get_own_garde(garde_id, for_acteur=request.acteur)
    services.mark_lues(garde_id=garde.pk)
    return redirect("gardes_miennes", slug=slug)
