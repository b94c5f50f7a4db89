"""Requests: filed in twenty seconds, followed by who asked, answered by the desk."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.communaute.patients.selectors import read_identites
from maillon.communaute.sollicitations.selectors import build_vagues
from maillon.communaute.territoire.models import TerritoireCommune
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now, today
from maillon.socle.journal.listes import describe_evenement
from maillon.socle.ui.composants import Evenement, Fait
from maillon.socle.ui.typographie import format_date_heure, format_duree

from .. import services
from ..enums import SANS_REPONSE, EtatDemande, Reponse
from ..forms.champs import label_commune
from ..forms.demandes import DemanderForm, RepondreForm
from ..models import GENRE, ActionRefusee, DemandeSoin
from ..permissions import CHERCHER, GERER, REGULER
from ..selectors.demandes import get_demande, list_histoire, list_professions, list_usuels, read_jour
from .commun import attempt, pastille_demande
from .cotes import Cote, on_side
from .recherche import DEFAUTS
from .rendez_vous import commune_initiale, notice


@on_side
def file_page(request: Requete, cote: Cote) -> HttpResponse:
    """The form keeps what the search already knew."""
    kept = {**DEFAUTS, **request.session.get("soins_recherche", {}).get(cote.lieu, {})}
    usuels = (
        [] if cote.is_regulation else list_usuels(request.cpts.pk, request.POST.get("profession", kept["profession"]))
    )
    form = DemanderForm(
        request.POST or None,
        communes=cote.communes,
        professions=list_professions(),
        usuels=usuels,
        fuseau=cote.fuseau,
        initial={
            "commune": commune_initiale(request, cote),
            "profession": kept["profession"],
            "modalite": kept["modalite"] or "cabinet",
        },
    )
    if request.method == "POST" and form.is_valid():
        demande = _file(request, cote, form)
        if demande is not None:
            messages.success(request, f"Demande {demande.reference} enregistrée. {say_suite(demande)}")
            return redirect(cote.url("demande", demande.pk))
    contexte = {
        "titre": "Demander à la communauté",
        "form": form,
        "communes": [label_commune(commune) for commune in cote.communes],
        "cle": request.POST.get("cle") or get_random_string(32),
        "recherche": cote.url("recherche"),
        **notice(),
    }
    return render(request, "soins_non_programmes/demander.html", contexte, status=422 if form.errors else 200)


def _file(request: Requete, cote: Cote, form: DemanderForm) -> DemandeSoin | None:
    """None, with the error on the form, when refused."""
    cpts = _find_cpts(cote, form.cleaned_data["commune"])
    if cpts is None:
        form.add_error("commune", "Aucune communauté de votre territoire ne couvre cette commune.")
        return None
    try:
        with cote.inside(cpts):
            return services.file_demande(
                cpts=cpts,
                identite=form.identite,
                saisie=form.saisie,
                origine=cote.origine,
                cle_depot=request.POST.get("cle", "")[:64] or get_random_string(32),
                by=cote.acteur,
            )
    except ActionRefusee as refus:
        form.add_error(None, str(refus))
        return None


def _find_cpts(cote: Cote, commune: str) -> Cpts | None:
    """The community that is asked: one's own, or the one that covers the person's commune."""
    if not cote.is_regulation:
        return cote.request.cpts
    covering = TerritoireCommune.objects.filter(
        cpts__in=cote.communautes, commune=commune, territoire__periode__contains=today()
    ).select_related("cpts")
    found = covering.first()
    return found.cpts if found else None


def say_suite(demande: DemandeSoin) -> str:
    """What happens next, in a sentence."""
    if demande.etat == EtatDemande.SOLLICITEE and demande.prochaine_le:
        return "Des professionnels sont sollicités en ce moment."
    if demande.etat == EtatDemande.ESCALADEE:
        return "Personne ne pouvait être sollicité\u00a0: l’accueil et la régulation sont prévenus."
    return ""


@on_side
def show_jour(request: Requete, cote: Cote) -> HttpResponse:
    """What waits, the urgent first; the desk sees all, the others what they asked."""
    jour = read_jour(for_acteur=cote.acteur)
    moment = now()
    contexte = {
        "titre": "Demandes du jour"
        if cote.is_guichet
        else "Demandes à reprendre"
        if cote.is_regulation
        else "Mes demandes",
        "groupes": [
            ("À vous", "alerte", _rows(jour.escaladees, cote)),
            ("Un professionnel a accepté", "cours", _rows(jour.acceptees, cote)),
            ("Sollicitation en cours", "cours", _rows(jour.en_cours, cote)),
            ("Ces dernières 24 heures", "neutre", _rows(jour.repondues, cote)),
        ],
        "attente": jour.attente,
        "moment": moment,
        "recherche": cote.url("recherche"),
        "demander": cote.url("demander"),
        "rafraichir": cote.url("demandes"),
        "guichet": cote.is_guichet,
        "regulation": cote.is_regulation,
    }
    partial = bool(request.headers.get("HX-Request"))
    return render(request, f"soins_non_programmes/{'_jour' if partial else 'demandes'}.html", contexte)


def _rows(demandes: tuple[DemandeSoin, ...], cote: Cote) -> list[dict[str, Any]]:
    """One line each: the clock, the next step, where to click."""
    return [
        {
            "demande": demande,
            "etat": pastille_demande(demande),
            "delai": format_duree((demande.repondue_le or now()) - demande.deposee_le),
            "etape": say_etape(demande),
            "retard": demande.etat in SANS_REPONSE and demande.avant_le < now(),
            "url": cote.url("demande", demande.pk),
            "chercher": f"{cote.url('recherche')}?demande={demande.pk}&profession={demande.profession}",
        }
        for demande in demandes
    ]


def say_etape(demande: DemandeSoin) -> str:
    """The next step and its hour, or the answer."""
    if demande.etat in (EtatDemande.POURVUE, EtatDemande.ORIENTEE):
        return demande.get_reponse_display().capitalize()
    if demande.etat == EtatDemande.ANNULEE:
        return "Annulée par le demandeur"
    if demande.etat == EtatDemande.ACCEPTEE:
        return f"{demande.accepte_par} dit à quelle heure"
    if demande.etat == EtatDemande.ESCALADEE:
        return "Personne n’a pu\u00a0: appelez, ou donnez une réponse"
    return f"Réponse attendue avant {format_date_heure(demande.prochaine_le).split(', ')[-1]}"


@on_side
def show_demande(request: Requete, cote: Cote, demande_id: UUID) -> HttpResponse:
    """One request: where it stands, what comes next, the gestures."""
    demande = get_demande(demande_id, for_acteur=cote.acteur)
    identites = {}
    if not cote.is_regulation:
        identites = read_identites([demande.patient_id], quoi="identite", pourquoi="demande de soin", by=cote.acteur)
    en_cours = demande.etat in SANS_REPONSE
    given = demande.rendez_vous.pris().select_related("creneau__professionnel").first() if not en_cours else None
    contexte = {
        "titre": demande.reference,
        "demande": demande,
        "etat": pastille_demande(demande),
        "sous_titre": f"Déposée {format_date_heure(demande.deposee_le)}, {demande.get_origine_display()}.",
        "etape": say_etape(demande),
        "delai": format_duree((demande.repondue_le or now()) - demande.deposee_le),
        "retard": en_cours and demande.avant_le < now(),
        "faits": build_faits(demande),
        "identite": identites.get(demande.patient_id),
        "en_cours": en_cours,
        "guichet": cote.is_guichet,
        "peut_repondre": en_cours and (cote.is_guichet or cote.is_regulation),
        "vagues": build_vagues(GENRE, demande.pk) if cote.is_guichet else [],
        "evenements": build_histoire(demande) if cote.is_guichet else [],
        "repondre_form": RepondreForm(),
        "chercher": f"{cote.url('recherche')}?demande={demande.pk}&profession={demande.profession}",
        "adresses": {nom: cote.url(nom, demande.pk) for nom in ("repondre", "annuler_demande", "rouvrir")},
        "solliciter": cote.url("solliciter", demande.pk) if cote.is_guichet else "",
        "rendez_vous": given,
        "rendez_vous_url": cote.url("rendez_vous", given.pk) if given else "",
        "heure_url": _heure_url(demande, cote),
        "fil": [("Demandes", cote.url("demandes")), (demande.reference, "")],
    }
    return render(request, "soins_non_programmes/demande.html", contexte)


def _heure_url(demande: DemandeSoin, cote: Cote) -> str:
    """Where who accepted says the hour."""
    mine = demande.accepte_par is not None and demande.accepte_par.rpps == cote.acteur.rpps
    return cote.url("heure", demande.pk) if mine and demande.etat in SANS_REPONSE else ""


def build_faits(demande: DemandeSoin) -> list[Fait]:
    """What is sought; who asked, so that they may be called."""
    demandeur = str(demande.demandeur) if demande.demandeur else demande.get_origine_display()
    usuel = [Fait("Professionnel habituel", str(demande.usuel))] if demande.usuel else []
    return [
        Fait("Besoin", f"{demande.get_besoin_display()}, {demande.get_modalite_display()}"),
        Fait("Réponse attendue", format_date_heure(demande.avant_le)),
        Fait("Commune", demande.commune.nom),
        Fait("Demandée par", demandeur),
        *usuel,
    ]


def build_histoire(demande: DemandeSoin) -> list[Evenement]:
    return [Evenement(entree.le, describe_evenement(entree.evenement)) for entree in list_histoire(demande)]


def _do(request: Requete, cote: Cote, demande_id: UUID, action: Any, done: str, undo: str = "") -> HttpResponse:
    """One gesture on a request, inside its community."""
    demande = get_demande(demande_id, for_acteur=cote.acteur)

    def run() -> Any:
        with cote.inside(demande.cpts):
            return action(demande)

    attempt(request, run, done=done, undo=cote.url(undo, demande.pk) if undo else "")
    still = DemandeSoin.objects.visible_to(cote.acteur).filter(pk=demande.pk).exists()
    return redirect(cote.url("demande", demande.pk) if still else cote.url("demandes"))


@on_side
def answer_page(request: Requete, cote: Cote, demande_id: UUID) -> HttpResponse:
    """What the person was told instead of an appointment."""
    form = RepondreForm(request.POST)
    if not form.is_valid():
        demande = get_demande(demande_id, for_acteur=cote.acteur)
        messages.error(request, "Dites ce qui a été répondu à la personne.")
        return redirect(cote.url("demande", demande.pk))
    reponse = Reponse(form.cleaned_data["reponse"])
    return _do(
        request,
        cote,
        demande_id,
        lambda demande: services.answer_demande(demande_id=demande.pk, reponse=reponse, by=cote.acteur),
        "La réponse est notée, avec son heure.",
        "" if cote.is_regulation else "rouvrir",
    )


@on_side
def cancel_demande_page(request: Requete, cote: Cote, demande_id: UUID) -> HttpResponse:
    return _do(
        request,
        cote,
        demande_id,
        lambda demande: services.cancel_demande(demande_id=demande.pk, by=cote.acteur),
        "La demande est annulée. Plus personne n’est sollicité.",
        "" if cote.is_regulation else "rouvrir",
    )


@on_side
def reopen_page(request: Requete, cote: Cote, demande_id: UUID) -> HttpResponse:
    return _do(
        request,
        cote,
        demande_id,
        lambda demande: services.reopen_demande(demande_id=demande.pk, by=cote.acteur),
        "La demande est rouverte\u00a0: des professionnels sont sollicités.",
    )


@on_side
def ask_page(request: Requete, cote: Cote, demande_id: UUID) -> HttpResponse:
    demande = get_demande(demande_id, for_acteur=cote.acteur)
    asked = attempt(request, lambda: services.ask_professionnels(demande_id=demande.pk, by=cote.acteur))
    if asked is True and DemandeSoin.objects.filter(pk=demande.pk, etat=EtatDemande.SOLLICITEE).exists():
        messages.success(request, "Des professionnels sont sollicités de nouveau.")
    return redirect(cote.url("demande", demande.pk))


@acces(CHERCHER, patients=True)
@require_safe
def jour(request: Requete, slug: str) -> HttpResponse:
    return show_jour(request)


@acces(CHERCHER, patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def demander(request: Requete, slug: str) -> HttpResponse:
    return file_page(request)


@acces(CHERCHER, patients=True)
@require_safe
def demande(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    return show_demande(request, demande_id=demande_id)


@acces(GERER, patients=True)
@require_POST
def repondre(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    return answer_page(request, demande_id=demande_id)


@acces(CHERCHER, patients=True)
@require_POST
def annuler(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    return cancel_demande_page(request, demande_id=demande_id)


@acces(CHERCHER, patients=True)
@require_POST
def rouvrir(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    return reopen_page(request, demande_id=demande_id)


@acces(GERER, patients=True)
@require_POST
def solliciter(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    """Those who did not answer are asked once more."""
    return ask_page(request, demande_id=demande_id)


# Regulators


@acces(REGULER)
@require_safe
def regulation_jour(request: Requete) -> HttpResponse:
    """What nobody could take in the territory, and what this regulator asked."""
    return show_jour(request)


@acces(REGULER)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def regulation_demander(request: Requete) -> HttpResponse:
    return file_page(request)


@acces(REGULER)
@require_safe
def regulation_demande(request: Requete, demande_id: UUID) -> HttpResponse:
    return show_demande(request, demande_id=demande_id)


@acces(REGULER)
@require_POST
def regulation_repondre(request: Requete, demande_id: UUID) -> HttpResponse:
    return answer_page(request, demande_id=demande_id)


@acces(REGULER)
@require_POST
def regulation_annuler(request: Requete, demande_id: UUID) -> HttpResponse:
    return cancel_demande_page(request, demande_id=demande_id)


@acces(REGULER)
@require_POST
def regulation_rouvrir(request: Requete, demande_id: UUID) -> HttpResponse:
    return reopen_page(request, demande_id=demande_id)
