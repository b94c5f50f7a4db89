"""Pages of signed links: the patient follows and answers. GET changes nothing, and no identity is ever shown."""

from typing import Any

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
from ..forms import TelephoneForm
from ..models import Demande
from ..selectors import get_demande, get_demande_of, list_equipe
from .commun import attempt

# What the person reads: where it stands, and what happens now.
SUIVI = {
    Etat.DEPOSEE: ("Votre demande est arrivée", "Nous vous appelons pour mieux comprendre vos besoins."),
    Etat.QUALIFIEE: ("Nous cherchons un médecin", "Nous demandons à ceux qui ont de la place et vous conviennent."),
    Etat.PROPOSEE: ("Un médecin a reçu votre demande", "Il ne connaît pas votre nom. Il répond sous quelques jours."),
    Etat.ACCEPTEE: ("Un médecin peut vous suivre", "Il attend votre réponse, par le lien reçu ou au téléphone."),
    Etat.PLACEE: ("Vous avez trouvé un médecin", "Appelez son cabinet pour prendre un premier rendez-vous."),
    Etat.CLOSE: ("Votre demande est close", "Nous ne cherchons plus. Appelez-nous pour la rouvrir."),
}


@acces_lien(services.LIEN_SUIVI, patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def suivi(request: Requete, jeton: str) -> HttpResponse:
    """State in plain words; correct the telephone; withdraw."""
    acteur = request.acteur
    demande = get_demande(request.lien.objet_id, for_acteur=acteur)
    form = TelephoneForm()
    if request.method == "POST" and request.POST.get("geste") == "retirer":
        attempt(
            request,
            lambda: services.close_demande(demande_id=demande.pk, motif=Cloture.ABANDON, by=acteur),
            done="Votre demande est retirée. Personne ne vous appellera.",
        )
        return redirect("medecin_traitant_suivi", jeton=jeton)
    if request.method == "POST":
        form = TelephoneForm(request.POST)
        if form.is_valid():
            attempt(
                request,
                lambda: services.correct_telephone(
                    demande_id=demande.pk, telephone=form.cleaned_data["telephone"], by=acteur
                ),
                done="Le nouveau numéro est enregistré.",
            )
            return redirect("medecin_traitant_suivi", jeton=jeton)
    depot = request.session.pop("mt_depot", None) if request.method == "GET" else None
    return render(
        request,
        "medecin_traitant/suivi.html",
        _contexte_suivi(demande, form, depot),
        status=422 if form.errors else 200,
    )


def _contexte_suivi(demande: Demande, form: TelephoneForm, depot: dict[str, Any] | None) -> dict[str, Any]:
    etat = Etat(demande.etat)
    titre, suite = SUIVI[etat]
    medecin = demande.medecin if etat == Etat.PLACEE else None
    return {
        "titre": titre,
        "suite": suite,
        "demande": demande,
        "ouverte": demande.is_ouverte,
        "form": form,
        "depot": depot,
        "medecin": medecin,
        "activites": list(medecin.activites.select_related("commune")) if medecin else [],
        "equipe": list_equipe(demande) if demande.is_ouverte else [],
        "etapes": [Etape(SUIVI[e][0]) for e in (*OUVERTS, Etat.PLACEE)],
        "rang": list(Etat).index(etat) + 1 if etat != Etat.CLOSE else 0,
    }


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
        oui = request.POST["reponse"] == "oui"
        done = attempt(request, lambda: services.confirm_by_patient(demande_id=demande.pk, oui=oui, by=acteur))
        # The link closes with the answer: this page is its last.
        contexte |= {"titre": "Merci de votre réponse", "donnee": ("oui" if oui else "non") if done else ""}
        return render(request, "medecin_traitant/reponse.html", contexte | {"attendue": False})
    return render(request, "medecin_traitant/reponse.html", contexte)
