"""Who files for somebody else follows what they filed: its state, never its identity."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.listes import afficher_liste

from .. import services
from ..enums import Etat
from ..forms import NouvelleForm, label_commune
from ..models import Demande, DemandeQuerySet
from ..permissions import DEPOSER
from ..selectors import get_demande, list_communes
from ..selectors.entrees import list_medecins_choix
from .commun import file_from_form, notice_contexte
from .listes import ListeMesDemandes, pastille_etat

# The same states as the patient reads them, told to somebody else.
SUIVI = {
    Etat.DEPOSEE: ("La demande est arrivée", "Le guichet appelle la personne pour mieux comprendre ses besoins."),
    Etat.QUALIFIEE: ("Le guichet cherche un médecin", "Il demande à ceux qui ont de la place et conviennent."),
    Etat.PROPOSEE: ("Un médecin a reçu la demande", "Il répond sous quelques jours."),
    Etat.ACCEPTEE: ("Un médecin peut suivre la personne", "Il attend la réponse de la personne."),
    Etat.PLACEE: ("La personne a un médecin traitant", "Elle prend rendez-vous à son cabinet."),
    Etat.CLOSE: ("La demande est close", "Le guichet ne cherche plus. Appelez-le pour la rouvrir."),
}


def _mine(request: Requete) -> DemandeQuerySet:
    acteur = request.acteur
    return Demande.objects.visible_to(acteur).filter(depositaire_id=acteur.membre_id)


@acces(DEPOSER, patients=True)
@require_safe
def mes_demandes(request: Requete, slug: str) -> HttpResponse:
    demandes = _mine(request).select_related("commune")
    return afficher_liste(request, ListeMesDemandes, demandes, gabarit="medecin_traitant/mes_demandes.html")


@acces(DEPOSER, patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def deposer(request: Requete, slug: str) -> HttpResponse:
    communes = list_communes(request.cpts.pk)
    form = NouvelleForm(request.POST or None, communes=communes, medecins=list_medecins_choix(request.cpts.pk))
    if request.method == "POST" and form.is_valid():
        depot = file_from_form(request, form.cleaned_data)
        if depot:
            return redirect("medecin_traitant_ma_demande", slug=slug, demande_id=depot.demande.pk)
    retour = reverse("medecin_traitant_mes_demandes", args=[slug])
    contexte = {
        "titre": "Déposer une demande pour une personne",
        "form": form,
        "communes": [label_commune(commune) for commune in communes],
        **notice_contexte(),
        "cle": services.read_cle(request.POST.get("cle", "")),
        "retour": retour,
        "fil": [("Mes demandes déposées", retour), ("Nouvelle", "")],
    }
    return render(request, "medecin_traitant/nouvelle.html", contexte, status=422 if form.errors else 200)


@acces(DEPOSER, patients=True)
@require_safe
def ma_demande(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    demande = get_demande(demande_id, for_acteur=request.acteur)
    if demande.depositaire_id != request.acteur.membre_id:
        raise Http404
    titre, suite = SUIVI[Etat(demande.etat)]
    contexte = {
        "titre": demande.reference,
        "demande": demande,
        "phrase": titre,
        "suite": suite,
        "pastille_etat": pastille_etat(demande),
        "fil": [
            ("Mes demandes déposées", reverse("medecin_traitant_mes_demandes", args=[slug])),
            (demande.reference, ""),
        ],
    }
    return render(request, "medecin_traitant/ma_demande.html", contexte)
