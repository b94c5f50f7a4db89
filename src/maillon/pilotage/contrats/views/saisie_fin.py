"""The end of the guided entry: what already happened, the check, the recording; and giving it up."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Onglet

from .. import services
from ..forms_saisie.ensemble import Ensemble
from ..forms_saisie.passe import propose_versements, read_versements_postes
from ..permissions import MODIFIER
from ..saisie import verification
from ..saisie.phrases import say_contrat
from ..saisie.verification import Probleme
from ._saisie_commun import find, flatten, keep_documents, need, read_draft, render_etape, save, send_back, url_of


@acces(MODIFIER)
@require_http_methods(["GET", "POST"])
def passe(request: Requete, slug: str) -> HttpResponse:
    """Step 4: payments received, then the results of each year (`?annee=2`)."""
    ensemble = read_draft(request)
    if retour := send_back(request, ensemble):
        return retour
    if ensemble.complet is None:
        return redirect(url_of(request, "indicateurs"))
    voulue = request.GET.get("annee", "")
    if not voulue:
        return _versements(request, ensemble)
    if not voulue.isdecimal() or int(voulue) not in ensemble.annees:
        raise Http404
    return _resultats(request, ensemble, int(voulue))


def _build_onglets(request: Requete, ensemble: Ensemble, courante: int) -> list[Onglet]:
    page = url_of(request, "passe")
    onglets = [Onglet("Versements reçus", page, courante == 0, len(ensemble.contenu.get("versements", [])) or None)]
    for annee in ensemble.annees:
        donnees = ensemble.contenu.get("resultats", {}).get(str(annee), {})
        nombre = sum(bool(valeur) for nom, valeur in donnees.items() if nom.endswith("-valeur"))
        onglets.append(
            Onglet(f"Résultats de l’année {annee}", f"{page}?annee={annee}", courante == annee, nombre or None)
        )
    return onglets


def _versements(request: Requete, ensemble: Ensemble) -> HttpResponse:
    page, action = url_of(request, "passe"), request.POST.get("action", "")
    assert ensemble.contrat is not None
    echeancier = verification.compute_echeancier(ensemble.contrat)
    if request.method == "POST":
        lignes = read_versements_postes(request.POST)
        if action == "proposer" and echeancier is not None:
            lignes = propose_versements(lignes, echeancier, on=today())
        ensemble = Ensemble(save(request, "passe", versements=lignes).contenu)
        form = ensemble.versements
        assert form is not None
        if action != "suite":
            return redirect(f"{page}#lignes")
        if form.is_valid():
            return redirect(f"{page}?annee=1")
    return render_etape(
        request,
        "passe",
        ensemble,
        422 if request.method == "POST" else 200,
        form=ensemble.versements,
        onglets=_build_onglets(request, ensemble, 0),
        proposable=echeancier is not None,
    )


def _resultats(request: Requete, ensemble: Ensemble, annee: int) -> HttpResponse:
    page = url_of(request, "passe")
    form = ensemble.resultats(annee)
    assert form is not None
    if request.method == "POST":
        gardes = dict(ensemble.contenu.get("resultats", {}))
        brouillon = save(request, "passe", resultats=gardes | {str(annee): flatten(request.POST)})
        places = {"document": f"resultats-{annee}"}
        places |= {f"{cle}-preuve": f"resultats-{annee}-{cle}" for cle in form.indicateurs}
        brouillon, refus = keep_documents(request, brouillon, "passe", places, mission=True)
        ensemble = Ensemble(brouillon.contenu)
        form = ensemble.resultats(annee)
        assert form is not None
        for champ, phrase in refus.items():
            form.add_error(champ, phrase)
        if form.is_valid():
            suivante = annee + 1
            return redirect(f"{page}?annee={suivante}" if suivante in ensemble.annees else url_of(request, "verifier"))
    return render_etape(
        request,
        "passe",
        ensemble,
        422 if request.method == "POST" else 200,
        form=form,
        annee=annee,
        fin=min(form.fin, today()),
        derniere=annee == ensemble.annees[-1],
        onglets=_build_onglets(request, ensemble, annee),
    )


@acces(MODIFIER)
@require_http_methods(["GET", "POST"])
def verifier(request: Requete, slug: str) -> HttpResponse:
    """Step 5: the contract in words, what disagrees, then everything recorded at once."""
    ensemble = read_draft(request)
    if retour := send_back(request, ensemble):
        return retour
    problemes = list(ensemble.problemes)
    bloquants = [probleme for probleme in problemes if probleme.bloquant]
    if request.method == "POST" and not bloquants and ensemble.saisie is not None:
        try:
            services.record_saisie(brouillon=need(request), saisie=ensemble.saisie, by=request.acteur)
            messages.success(
                request, "Le contrat est enregistré, avec ses indicateurs, ses versements et ses résultats."
            )
            return redirect("pilotage:annee", slug=slug)
        except ErreurRegle as refus:
            bloquants = [Probleme("termes", str(refus))]
    contexte: dict[str, Any] = {
        "bloquants": [(p, _name_etape(p.etape), url_of(request, p.etape)) for p in bloquants],
        "remarques": [(p, _name_etape(p.etape), url_of(request, p.etape)) for p in problemes if not p.bloquant],
        "attendus": ensemble.attendus,
        "saisie": ensemble.saisie,
        "enveloppes": ensemble.enveloppes,
    }
    donnees = ensemble.complet or ensemble.contrat
    assert donnees is not None
    contexte["phrases"] = say_contrat(donnees, on=today())
    return render_etape(request, "verifier", ensemble, 422 if request.method == "POST" else 200, **contexte)


def _name_etape(etape: str) -> str:
    rang = ("termes", "missions", "indicateurs", "passe").index(etape) + 1
    return f"Corriger à l’étape {rang}"


@acces(MODIFIER)
@require_POST
def abandonner(request: Requete, slug: str) -> HttpResponse:
    """Give the entry up: what was typed is erased."""
    brouillon = find(request)
    if brouillon is None:
        raise Http404
    services.abandon_brouillon(brouillon=brouillon, by=request.acteur)
    messages.success(request, "La saisie est abandonnée. Rien n’a été enregistré.")
    return redirect(reverse("pilotage:annee", args=[slug]))
