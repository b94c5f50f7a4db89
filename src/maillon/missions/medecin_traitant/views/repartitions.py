"""The assignment of the waiting list: launch, read, decide as a whole, send."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.communaute.territoire.selectors import get_zones
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.cartes import Zone, build_carte
from maillon.socle.ui.composants import Onglet, Vide
from maillon.socle.ui.listes import afficher_liste

from .. import presentation_repartition as presentation
from .. import services
from ..enums_repartition import EtatRepartition
from ..forms import RepartirForm
from ..models import Repartition
from ..permissions import GERER, VOIR_TOTAUX
from ..selectors.alternatives import name_retours
from ..selectors.repartitions import (
    Bilan,
    compute_attente,
    compute_bilan,
    count_motifs,
    count_par_commune,
    get_repartition,
    list_lignes,
    list_parts,
    list_repartitions,
)
from .commun import attempt
from .listes_repartition import build_liste_lignes
from .onglets import FIL, build_onglets

MONTREES = 20
EN_TRAVAIL = (EtatRepartition.EN_CALCUL, EtatRepartition.EN_ENVOI)


@acces(GERER, patients=True)
@require_http_methods(["GET", "HEAD", "POST"])
def repartir(request: Requete, slug: str) -> HttpResponse:
    """What waits, what is offered, the options; then the runs already made."""
    form = RepartirForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = attempt(
            request,
            lambda: services.launch_repartition(
                cpts=request.cpts, parametres=dict(form.cleaned_data), by=request.acteur
            ),
        )
        if found:
            return redirect("medecin_traitant_repartition", slug=slug, repartition_id=found.pk)
    attente = compute_attente(request.cpts.pk)
    runs = list(list_repartitions(for_acteur=request.acteur)[:MONTREES])
    contexte = {
        "titre": "Répartir la liste d’attente",
        "onglets": build_onglets(request, "medecin_traitant_repartir"),
        "form": form,
        "attente": attente,
        "phrase": presentation.say_attente(attente),
        "vivante": next((run for run in runs if run.is_vivante), None),
        "repartitions": [(run, presentation.name_repartition(run), presentation.show_etat(run)) for run in runs],
        "personne": Vide(
            "Personne n’attend d’être proposé à un médecin",
            "Les demandes qualifiées paraissent ici : qualifiez d’abord celles qui viennent d’arriver.",
            "Voir les demandes",
            reverse("medecin_traitant_liste", args=[slug]),
            "stethoscope",
        ),
    }
    return render(request, "medecin_traitant/repartir.html", contexte, status=422 if form.errors else 200)


def _frame(request: Requete, run: Repartition, bilan: Bilan, here: str) -> dict[str, Any]:
    """What the three pages of a run share."""
    slug = request.cpts.slug
    name = presentation.name_repartition(run)
    desk = request.acteur.can(GERER)
    pages = (
        ("Demandes", "medecin_traitant_repartition", bilan.lignes, desk),
        ("Par médecin", "medecin_traitant_repartition_medecins", bilan.medecins, desk),
        ("Par commune", "medecin_traitant_repartition_carte", None, True),
    )
    back = "medecin_traitant_repartir" if desk else "medecin_traitant_totaux"
    return {
        "titre": name,
        "fil": [
            *([(FIL, reverse("medecin_traitant_liste", args=[slug]))] if desk else []),
            ("Répartir" if desk else "Le guichet en chiffres", reverse(back, args=[slug])),
            (name, ""),
        ],
        "repartition": run,
        "pastille_etat": presentation.show_etat(run),
        "bilan": bilan,
        "desk": desk,
        "a_revoir": run.etat == EtatRepartition.A_REVOIR,
        "onglets": [
            Onglet(mot, reverse(nom, args=[slug, run.pk]), nom == here, compte)
            for mot, nom, compte, shown in pages
            if shown
        ],
    }


@acces(GERER, patients=True)
@require_safe
def repartition(request: Requete, slug: str, repartition_id: UUID) -> HttpResponse:
    """A run: its sentence, its proof, its lines; or how far the work is."""
    run = get_repartition(repartition_id, for_acteur=request.acteur)
    bilan = compute_bilan(run)
    contexte = _frame(request, run, bilan, "medecin_traitant_repartition")
    if run.etat in EN_TRAVAIL:
        contexte |= {
            "p": presentation.build_avancement(run, bilan),
            "rafraichir": reverse("medecin_traitant_repartition_avancement", args=[slug, run.pk]),
        }
    chiffres = run.chiffres
    if chiffres:
        preuve, phrase_preuve = presentation.say_preuve(run.certificat)
        contexte |= {
            "phrase": presentation.say_bilan(bilan, count_motifs(run)),
            "phrase_envoi": presentation.say_envoi(bilan) if run.etat == EtatRepartition.ENVOYEE else "",
            "chiffres": presentation.build_chiffres(chiffres, bilan),
            "preuve": preuve,
            "phrase_preuve": phrase_preuve,
            "comparaison": presentation.build_comparaison(chiffres),
            "retours": name_retours(chiffres["retours"]),
        }
    contexte |= {
        "faits": presentation.say_parametres(run),
        "texte_recalcul": presentation.say_recalcul(bilan),
        "question_envoi": presentation.ask_envoi(bilan),
        "texte_envoi": presentation.say_avant_envoi(run, bilan),
    }
    return afficher_liste(
        request,
        build_liste_lignes(request, run),
        list_lignes(run),
        gabarit="medecin_traitant/repartition.html",
        contexte=contexte,
    )


@acces(GERER, patients=True)
@require_safe
def avancement(request: Requete, slug: str, repartition_id: UUID) -> HttpResponse:
    """The progress alone, asked every two seconds; once done, the page is asked whole."""
    run = get_repartition(repartition_id, for_acteur=request.acteur)
    if run.etat not in EN_TRAVAIL:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    contexte = {"p": presentation.build_avancement(run, compute_bilan(run)), "rafraichir": request.path}
    return render(request, "ui/avancement.html", contexte)


@acces(GERER, patients=True)
@require_safe
def medecins(request: Requete, slug: str, repartition_id: UUID) -> HttpResponse:
    """Who receives how many: what will be sent, before it is."""
    run = get_repartition(repartition_id, for_acteur=request.acteur)
    bilan = compute_bilan(run)
    parts = list_parts(run)
    contexte = _frame(request, run, bilan, "medecin_traitant_repartition_medecins") | {
        "parts": parts,
        "phrase": presentation.say_parts(bilan),
        "graphique": presentation.build_repartition_graphique(parts),
        "adresse": reverse("medecin_traitant_repartition", args=[slug, run.pk]),
    }
    return render(request, "medecin_traitant/repartition_medecins.html", contexte)


@acces(VOIR_TOTAUX, patients=True)
@require_safe
def carte(request: Requete, slug: str, repartition_id: UUID) -> HttpResponse:
    """Requests without doctor by commune; small numbers only for those who handle requests."""
    run = get_repartition(repartition_id, for_acteur=request.acteur)
    communes = count_par_commune(run, for_acteur=request.acteur)
    desk = request.acteur.can(GERER)
    outlines = {zone.id: zone.rings for zone in get_zones([commune.code for commune in communes])}
    address = reverse("medecin_traitant_repartition", args=[slug, run.pk])
    zones = [
        Zone(
            commune.code,
            commune.nom,
            outlines.get(commune.code, ()),
            valeur=None if commune.attendent < 0 else float(commune.attendent),
            url=f"{address}?situation=attend&commune={commune.code}" if desk and commune.attendent > 0 else "",
            detail=presentation.say_demandes(commune.demandes),
        )
        for commune in communes
    ]
    contexte = _frame(request, run, compute_bilan(run), "medecin_traitant_repartition_carte") | {
        "carte": build_carte(
            zones,
            titre=presentation.say_communes(communes),
            libelle_valeur="Attendent",
            source="" if desk else "Les nombres de moins de 11 personnes ne sont pas montrés.",
        )
        if zones
        else None,
    }
    return render(request, "medecin_traitant/repartition_carte.html", contexte)


def _act(request: Requete, repartition_id: UUID, action: Callable[[Repartition], Any], done: str) -> HttpResponse:
    run = get_repartition(repartition_id, for_acteur=request.acteur)
    attempt(request, lambda: action(run), done=done)
    return redirect("medecin_traitant_repartition", slug=request.cpts.slug, repartition_id=run.pk)


@acces(GERER, patients=True)
@require_POST
def recalculer(request: Requete, slug: str, repartition_id: UUID) -> HttpResponse:
    return _act(
        request,
        repartition_id,
        lambda run: services.recompute_repartition(repartition_id=run.pk, by=request.acteur),
        "Le calcul reprend autour de vos décisions.",
    )


@acces(GERER, patients=True)
@require_POST
def envoyer(request: Requete, slug: str, repartition_id: UUID) -> HttpResponse:
    return _act(
        request,
        repartition_id,
        lambda run: services.send_repartition(repartition_id=run.pk, by=request.acteur),
        "L’envoi a commencé. Vous pouvez quitter cette page.",
    )


@acces(GERER, patients=True)
@require_POST
def abandonner(request: Requete, slug: str, repartition_id: UUID) -> HttpResponse:
    return _act(
        request,
        repartition_id,
        lambda run: services.abandon_repartition(repartition_id=run.pk, by=request.acteur),
        "La répartition est abandonnée. Rien n’a été envoyé ; chaque demande garde son rang.",
    )
