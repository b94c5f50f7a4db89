"""Partners without account: the desk gives and takes back a link; its bearer files and follows, never reads a name."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from maillon.communaute.partenaires.selectors import get_structure
from maillon.communaute.patients.notices import NOTICE_VERSION
from maillon.socle.comptes.verrou import get_adresse
from maillon.socle.droits.permissions import acces, acces_lien
from maillon.socle.droits.requete import Requete

from .. import services
from ..enums import Etat, Origine
from ..forms import AccesPartenaireForm, OrienterForm, build_faits, build_identite, label_commune
from ..models import AccesPartenaire, ActionRefusee
from ..notifications import absolute
from ..permissions import GERER
from ..selectors import list_communes
from ..selectors.entrees import (
    find_origine_structure,
    get_acces,
    list_acces,
    list_deposees,
    list_medecins_choix,
)
from .commun import attempt, notice_contexte
from .depots import SUIVI
from .listes import pastille_etat
from .publiques import PIEGE

DEPOTS_PAR_HEURE = 30
MONTREES = 50


@acces(GERER, patients=True)
@require_http_methods(["GET", "HEAD", "POST"])
def donner_acces(request: Requete, slug: str, structure_id: UUID) -> HttpResponse:
    """Give a partner a link; it is shown once."""
    structure = get_structure(structure_id, for_acteur=request.acteur)
    initial = {"origine": find_origine_structure(structure)}
    form = AccesPartenaireForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        donne = services.give_acces(
            cpts=request.cpts,
            structure=structure,
            origine=Origine(form.cleaned_data["origine"]),
            service=form.cleaned_data["service"],
            mois=form.cleaned_data["mois"],
            courriel=form.cleaned_data["courriel"],
            by=request.acteur,
        )
        # Shown once on the next page, and kept nowhere in clear.
        request.session["mt_lien"] = absolute("orienter", jeton=donne.jeton)
        return redirect("medecin_traitant_donner_acces", slug=slug, structure_id=structure.pk)
    contexte = {
        "titre": "Déposer sans compte",
        "structure": structure,
        "form": form,
        "lien": request.session.pop("mt_lien", "") if request.method == "GET" else "",
        "liste_acces": list_acces(request.cpts.pk, structure.pk),
        "fil": [
            ("Partenaires", reverse("partenaires:partenaires", args=[slug])),
            (structure.nom, reverse("partenaires:partenaire", args=[slug, structure.pk])),
            ("Déposer sans compte", ""),
        ],
    }
    return render(request, "medecin_traitant/acces_partenaire.html", contexte, status=422 if form.errors else 200)


@acces(GERER, patients=True)
@require_POST
def retirer_acces(request: Requete, slug: str, acces_id: UUID) -> HttpResponse:
    """Take a link back."""
    objet = get_acces(acces_id, for_acteur=request.acteur)
    done = f"L’accès de {objet} est fermé. Les demandes déjà déposées suivent leur cours."
    attempt(request, lambda: services.revoke_acces(acces_id=objet.pk, by=request.acteur), done=done)
    return redirect("medecin_traitant_donner_acces", slug=slug, structure_id=objet.structure_id)


@acces_lien(services.LIEN_PARTENAIRE, patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def orienter(request: Requete, jeton: str) -> HttpResponse:
    """The partner's page: file a request for a person, and see where those already filed are."""
    objet = get_acces(request.lien.objet_id, for_acteur=request.acteur)
    if not objet.is_valable:
        raise Http404
    cpts_id = request.cpts.pk
    communes = list_communes(cpts_id)
    form = OrienterForm(request.POST or None, communes=communes, medecins=list_medecins_choix(cpts_id))
    if request.method == "POST" and form.is_valid():
        found = _file(request, objet, form.cleaned_data)
        if isinstance(found, HttpResponse):
            return found
        request.session["mt_orientee"] = found
        return redirect("medecin_traitant_orienter", jeton=jeton)
    deposees = [(d, pastille_etat(d), SUIVI[Etat(d.etat)][0]) for d in list_deposees(objet)[:MONTREES]]
    contexte: dict[str, Any] = {
        "titre": "Orienter une personne sans médecin traitant",
        "objet": objet,
        "form": form,
        "communes": [label_commune(commune) for commune in communes],
        "deposees": deposees,
        "recue": request.session.pop("mt_orientee", None) if request.method == "GET" else None,
        "cle": services.read_cle(request.POST.get("cle", "")),
        **notice_contexte(),
    }
    return render(request, "medecin_traitant/orienter.html", contexte, status=422 if form.errors else 200)


def _file(request: Requete, objet: AccesPartenaire, donnees: dict[str, Any]) -> HttpResponse | dict[str, str]:
    """What the partner notes: the reference, and the code to give to the person."""
    may = services.count_passage(
        cpts_id=request.cpts.pk, adresse=get_adresse(request), geste="partenaire", maximum=DEPOTS_PAR_HEURE
    )
    if not may or request.POST.get(PIEGE):
        return render(request, "medecin_traitant/freine.html", {"titre": "Un instant"}, status=429)
    try:
        depot = services.file_demande(
            cpts=request.cpts,
            identite=build_identite(donnees),
            commune_id=donnees["commune"],
            annee_naissance=donnees["annee_naissance"],
            faits=build_faits(donnees),
            origine=objet.filed_as,
            notice_version=NOTICE_VERSION,
            cle_depot=services.read_cle(request.POST.get("cle", "")),
            medecin_souhaite_id=donnees["medecin_souhaite"] or None,
            acces_partenaire_id=objet.pk,
            by=request.acteur,
        )
    except ActionRefusee as refus:
        messages.error(request, str(refus))
        return redirect(request.path)
    return {"reference": depot.demande.reference, "code": depot.code_suivi}
