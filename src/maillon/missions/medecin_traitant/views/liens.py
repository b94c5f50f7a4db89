"""Pages of signed links: the patient follows and answers. GET changes nothing, and no identity is ever shown."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from maillon.communaute.sollicitations.enums import EtatSollicitation
from maillon.communaute.sollicitations.selectors import get_sollicitation
from maillon.socle.droits.permissions import acces_lien
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.composants import Etape

from .. import services
from ..enums import OUVERTS, Cloture, Etat
from ..forms import ContactForm, SituationForm, build_faits
from ..models import ActionRefusee, Demande, PersonneDejaPlacee
from ..selectors import get_demande, get_demande_of, list_communes, list_equipe
from .commun import attempt

# What the person reads: where it stands, and what happens now.
SUIVI = {
    Etat.DEPOSEE: ("Votre demande est arrivée", "Nous vous appelons pour mieux comprendre vos besoins."),
    Etat.QUALIFIEE: ("Nous cherchons un médecin", "Nous demandons à ceux qui ont de la place et vous conviennent."),
    Etat.PROPOSEE: ("Un médecin a reçu votre demande", "Il ne connaît pas votre nom. Il répond sous quelques jours."),
    Etat.ACCEPTEE: ("Un médecin peut vous suivre", "Il attend votre réponse, par le lien reçu ou au téléphone."),
    Etat.PLACEE: ("Vous avez trouvé un médecin", "Appelez son cabinet pour prendre un premier rendez-vous."),
    Etat.CLOSE: ("Votre demande est close", "Nous ne cherchons plus."),
}


@acces_lien(services.LIEN_SUIVI, patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def suivi(request: Requete, jeton: str) -> HttpResponse:
    """State in plain words; correct how to be called, where one lives, what concerns one; withdraw or resume."""
    acteur = request.acteur
    demande = get_demande(request.lien.objet_id, for_acteur=acteur)
    communes = list_communes(demande.cpts_id)
    contact, situation = ContactForm(communes=communes), SituationForm.of_demande(demande)
    geste = request.POST.get("geste", "contact") if request.method == "POST" else ""
    gestes: dict[str, tuple[Callable[[], Any], str]] = {
        "retirer": (
            lambda: services.close_demande(demande_id=demande.pk, motif=Cloture.ABANDON, by=acteur),
            "Votre demande est retirée. Personne ne vous appellera.",
        ),
        "reprendre": (
            lambda: services.resume_demande(demande_id=demande.pk, by=acteur),
            "Votre demande est reprise, à son rang.",
        ),
    }
    if geste == "contact":
        contact = ContactForm(request.POST, communes=communes)
        if contact.is_valid():
            lu = contact.cleaned_data
            gestes[geste] = (
                lambda: services.correct_contact(
                    demande_id=demande.pk,
                    telephone=lu["telephone"],
                    courriel=lu["courriel"],
                    commune_id=lu["commune"],
                    by=acteur,
                ),
                "C’est corrigé.",
            )
    elif geste == "situation":
        situation = SituationForm(request.POST)
        if situation.is_valid():
            faits = build_faits(situation.cleaned_data)
            gestes[geste] = (
                lambda: services.correct_situation(demande_id=demande.pk, faits=faits, by=acteur),
                "Votre situation est à jour.",
            )
    if geste in gestes:
        action, done = gestes[geste]
        attempt(request, action, done=done)
        return redirect("medecin_traitant_suivi", jeton=jeton)
    depot = request.session.pop("mt_depot", None) if request.method == "GET" else None
    contexte = _contexte_suivi(demande, depot) | {"contact": contact, "situation": situation, "form": contact}
    errors = bool(contact.errors or situation.errors)
    return render(request, "medecin_traitant/suivi.html", contexte, status=422 if errors else 200)


def _contexte_suivi(demande: Demande, depot: dict[str, Any] | None) -> dict[str, Any]:
    etat = Etat(demande.etat)
    titre, suite = SUIVI[etat]
    medecin = demande.medecin if etat == Etat.PLACEE else None
    return {
        "titre": titre,
        "suite": suite,
        "demande": demande,
        "ouverte": demande.is_ouverte,
        "corrigeable": etat in (Etat.DEPOSEE, Etat.QUALIFIEE, Etat.PROPOSEE),
        "reprenable": etat == Etat.CLOSE and demande.motif_cloture == Cloture.ABANDON,
        "interlocuteur": demande.responsable.compte.prenom if demande.responsable and demande.is_ouverte else "",
        "depot": depot,
        "medecin": medecin,
        "activites": list(medecin.activites.select_related("commune")) if medecin else [],
        "equipe": list_equipe(demande) if demande.is_ouverte else [],
        "etapes": [Etape(SUIVI[e][0]) for e in (*OUVERTS, Etat.PLACEE)],
        "rang": list(Etat).index(etat) + 1 if etat != Etat.CLOSE else 0,
    }


def _answer(request: Requete, demande: Demande) -> str:
    """« oui », « non », « double » when the person already has a doctor, or nothing when it is too late."""
    acteur, oui = request.acteur, request.POST["reponse"] == "oui"
    try:
        services.confirm_by_patient(demande_id=demande.pk, oui=oui, by=acteur)
    except PersonneDejaPlacee:
        # Nothing of the other request is told to the bearer of a link.
        services.note_double(demande_id=demande.pk, by=acteur)
        return "double"
    except ActionRefusee as refus:
        messages.error(request, str(refus))
        return ""
    return "oui" if oui else "non"


@acces_lien(services.LIEN_REPONSE, patients=True)
@require_http_methods(["GET", "HEAD", "POST"])
def reponse(request: Requete, jeton: str) -> HttpResponse:
    """A doctor can take the person: yes or no. The doctor's name and place are public information."""
    acteur = request.acteur
    acceptee = get_sollicitation(request.lien.objet_id, for_acteur=acteur)
    demande = get_demande_of(acceptee)
    contexte = {
        "titre": "Un médecin peut vous suivre",
        "medecin": acceptee.professionnel,
        "activites": list(acceptee.professionnel.activites.select_related("commune")),
        "attendue": acceptee.etat == EtatSollicitation.ACCEPTEE and demande.etat == Etat.ACCEPTEE,
    }
    if request.method == "POST" and request.POST.get("reponse") in {"oui", "non"}:
        # The link closes with the answer: this page is its last.
        contexte |= {"titre": "Merci de votre réponse", "donnee": _answer(request, demande)}
        return render(request, "medecin_traitant/reponse.html", contexte | {"attendue": False})
    return render(request, "medecin_traitant/reponse.html", contexte)
