"""Sealed periods: those of a community, one of them with what changed since, and the same for CPAM and ARS."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from maillon.pilotage.contrats.annee import compute_annee
from maillon.pilotage.contrats.models import Contrat
from maillon.pilotage.contrats.permissions import LIRE, LIRE_TERRITOIRE, MODIFIER
from maillon.pilotage.contrats.presentation import build_chiffres, chiffres_of_json
from maillon.pilotage.contrats.regles import bounds_of, find_annee
from maillon.pilotage.contrats.selectors import get_contrat
from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Vide
from maillon.socle.ui.typographie import format_date

from . import presentation, selectors, services
from .contenu import serialise
from .differences import compare
from .forms import ArreteForm
from .models import Arrete


@acces(LIRE)
@require_GET
def arretes(request: Requete, slug: str) -> HttpResponse:
    """The years of the contract, each with its seals."""
    contrat = get_contrat(request.cpts.pk)
    lus = [] if contrat is None else list(selectors.list_arretes(contrat.pk, for_acteur=request.acteur))
    return render(
        request,
        "arretes/arretes.html",
        {
            "titre": "Périodes arrêtées",
            "annees": [] if contrat is None else _list_annees(slug, contrat, lus),
            "modifiable": request.acteur.can(MODIFIER),
            "vide": Vide(
                "Aucun contrat n’est encore saisi",
                "Une période s’arrête dans une année de contrat : ses chiffres, ses actes et ses justificatifs.",
                "Saisir le contrat" if request.acteur.can(MODIFIER) else "",
                reverse("pilotage:saisie", args=[slug]),
                "signature",
            ),
        },
    )


def _list_annees(slug: str, contrat: Contrat, lus: list[Arrete]) -> list[dict[str, Any]]:
    """The years already begun, the latest first."""
    remplaces = {arrete.remplace_id for arrete in lus}
    courante, _, _ = find_annee(contrat, today())
    annees = []
    for numero in range(courante, 0, -1):
        debut, fin = bounds_of(contrat, numero)
        siens = [arrete for arrete in lus if arrete.annee == numero]
        annees.append(
            {
                "numero": numero,
                "debut": debut,
                "fin": fin,
                "close": today() >= fin,
                "definitif": any(arrete.definitif for arrete in siens),
                "arretes": [
                    (
                        arrete,
                        presentation.find_pastille(arrete, remplace=arrete.pk in remplaces),
                        reverse("arretes:arrete", args=[slug, arrete.pk]),
                    )
                    for arrete in siens
                ],
            }
        )
    return annees


@acces(MODIFIER)
@require_http_methods(["GET", "POST"])
def nouveau(request: Requete, slug: str) -> HttpResponse:
    """What would be sealed of a year (`?annee=3`; the current one by default), and the sealing."""
    contrat = get_contrat(request.cpts.pk)
    if contrat is None:
        return redirect("arretes:arretes", slug=slug)
    courante, _, _ = find_annee(contrat, today())
    voulue = request.GET.get("annee", "") or str(courante)
    if not voulue.isdecimal() or not 1 <= int(voulue) <= courante:
        raise Http404
    numero = int(voulue)
    form = ArreteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            arrete = services.freeze_periode(
                contrat=contrat, numero=numero, by=request.acteur, motif=form.cleaned_data["motif"]
            )
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"L’année {numero} est arrêtée. Son empreinte figure sur la page.")
            return redirect("arretes:arrete", slug=slug, pk=arrete.pk)
    annee = compute_annee(contrat, today(), numero=numero)
    return render(
        request,
        "arretes/nouveau.html",
        {
            "titre": f"Arrêter l’année {numero}",
            "fil": [("Périodes arrêtées", reverse("arretes:arretes", args=[slug])), (f"Année {numero}", "")],
            "annee": annee,
            "chiffres": build_chiffres(annee),
            "ancien": selectors.find_dernier(contrat.cpts_id, contrat.pk, numero),
            "form": form,
        },
        status=422 if form.errors else 200,
    )


@acces(LIRE)
@require_GET
def arrete(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """A sealed period: its figures, its hash, and what changed since."""
    objet = selectors.get_arrete(pk, for_acteur=request.acteur)
    actuel = selectors.compute_actuel(objet)
    suivant = selectors.find_suivant(objet)
    modifiable = request.acteur.can(MODIFIER)
    return _render_arrete(
        request,
        objet,
        actuel,
        fil=[("Périodes arrêtées", reverse("arretes:arretes", args=[slug])), (f"Année {objet.annee}", "")],
        suivant=reverse("arretes:arrete", args=[slug, suivant.pk]) if suivant else None,
        # Dates and communes of discreet lists are in the file: it is for the coordination, CPAM and ARS.
        url_contenu=reverse("arretes:contenu", args=[slug, pk]) if modifiable else "",
        url_nouveau=_url_nouveau(slug, objet.annee) if modifiable and suivant is None else "",
    )


def _url_nouveau(slug: str, numero: int) -> str:
    return f"{reverse('arretes:nouveau', args=[slug])}?annee={numero}"


def _render_arrete(
    request: Requete, objet: Arrete, actuel: dict[str, Any] | None, *, suivant: str | None, **contexte: Any
) -> HttpResponse:
    differences = [] if actuel is None else compare(objet, actuel)
    verification = selectors.verify_arrete(objet, with_journal=request.acteur.cpts_id is not None)
    return render(
        request,
        "arretes/arrete.html",
        {
            "titre": f"Année {objet.annee}, arrêtée le {format_date(objet.arrete_le, jour=False)}",
            "arrete": objet,
            "pastille_etat": presentation.find_pastille(objet, remplace=suivant is not None),
            "suivant": suivant,
            "verification": verification,
            "faits": presentation.build_faits(objet),
            "chiffres": chiffres_of_json(objet.chiffres, close=objet.definitif),
            "barres": presentation.build_barres(objet.chiffres, close=objet.definitif),
            "missions": presentation.build_missions(objet.contenu),
            "differences": presentation.group_differences(differences),
            "nombre": len(differences),
            **contexte,
        },
    )


@acces(MODIFIER)
@require_GET
def contenu(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The sealed bytes: their SHA-256 is the hash."""
    return _answer_contenu(selectors.get_arrete(pk, for_acteur=request.acteur))


@acces(LIRE_TERRITOIRE)
@require_GET
def territoire_arretes(request: Requete, contrat_id: UUID) -> HttpResponse:
    """The seals of a contract of the territory."""
    cpts = selectors.get_cpts(contrat_id, for_acteur=request.acteur)
    lus = list(selectors.list_arretes(contrat_id, for_acteur=request.acteur))
    remplaces = {arrete.remplace_id for arrete in lus}
    return render(
        request,
        "arretes/territoire_arretes.html",
        {
            "titre": f"Périodes arrêtées, {cpts.nom}",
            "fil": _fil_territoire(cpts.nom, contrat_id, ("Périodes arrêtées", "")),
            "arretes": [
                (
                    arrete,
                    presentation.find_pastille(arrete, remplace=arrete.pk in remplaces),
                    reverse("arretes:territoire_arrete", args=[contrat_id, arrete.pk]),
                )
                for arrete in lus
            ],
            "vide": Vide(
                "Aucune période n’est arrêtée",
                "La communauté arrête une période avant un dialogue de gestion et à la fin de chaque année de contrat.",
                icone="lock",
            ),
        },
    )


@acces(LIRE_TERRITOIRE)
@require_GET
def territoire_arrete(request: Requete, contrat_id: UUID, pk: UUID) -> HttpResponse:
    """A sealed period of the territory, and what the published figures say since."""
    objet = _get_du_territoire(request, contrat_id, pk)
    suivant = selectors.find_suivant(objet)
    liste = reverse("arretes:territoire_arretes", args=[contrat_id])
    return _render_arrete(
        request,
        objet,
        selectors.find_publie(objet),
        fil=_fil_territoire(objet.cpts.nom, contrat_id, ("Périodes arrêtées", liste), (f"Année {objet.annee}", "")),
        suivant=reverse("arretes:territoire_arrete", args=[contrat_id, suivant.pk]) if suivant else None,
        url_contenu=reverse("arretes:territoire_contenu", args=[contrat_id, pk]),
    )


@acces(LIRE_TERRITOIRE)
@require_GET
def territoire_contenu(request: Requete, contrat_id: UUID, pk: UUID) -> HttpResponse:
    """The sealed bytes, for whoever wants to compute the hash again."""
    return _answer_contenu(_get_du_territoire(request, contrat_id, pk))


def _get_du_territoire(request: Requete, contrat_id: UUID, pk: UUID) -> Arrete:
    objet = selectors.get_arrete(pk, for_acteur=request.acteur)
    if objet.contrat_id != contrat_id:
        raise Http404
    return objet


def _fil_territoire(nom: str, contrat_id: UUID, *suite: tuple[str, str]) -> list[tuple[str, str]]:
    contrat = reverse("portefeuille:contrat", args=[contrat_id])
    return [("Contrats du territoire", reverse("portefeuille:contrats")), (nom, contrat), *suite]


def _answer_contenu(objet: Arrete) -> HttpResponse:
    reponse = HttpResponse(serialise(objet.contenu), content_type="application/json")
    nom = f"arrete-{objet.cpts.slug}-annee-{objet.annee}-{objet.fin.isoformat()}.json"
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    reponse["X-Content-Type-Options"] = "nosniff"
    return reponse
