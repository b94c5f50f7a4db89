"""Pages of the members: the year, an indicator down to its acts, the contract."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.droits.selectors import may_open
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Onglet, Vide

from . import presentation, selectors, services
from .annee import AnneeContrat, compute_annee
from .forms import ConstatForm, ContratForm, DemarrageForm, PreuveForm
from .models import Indicateur, MissionContrat
from .permissions import LIRE, LIRE_MISSION, MODIFIER

ACTES_PAR_PAGE = 25


def _find_annee(request: Requete) -> AnneeContrat | None:
    """The year asked for (`?annee=2`), else the current one; None without contract."""
    contrat = selectors.get_contrat(request.cpts.pk)
    if contrat is None:
        return None
    voulue = request.GET.get("annee", "")
    courante = compute_annee(contrat, today())
    if not voulue:
        return courante
    if not voulue.isdecimal() or not 1 <= int(voulue) <= courante.annee.numero:
        raise Http404
    return courante if int(voulue) == courante.annee.numero else compute_annee(contrat, today(), numero=int(voulue))


def _onglets(annee: AnneeContrat) -> list[Onglet]:
    """The years already begun."""
    courante, _, _ = selectors.find_annee(annee.contrat, today())
    return [
        Onglet(f"Année {numero}", f"?annee={numero}" if numero != courante else "?", numero == annee.annee.numero)
        for numero in range(1, courante + 1)
    ]


@acces(LIRE_MISSION)
@require_GET
def annee(request: Requete, slug: str) -> HttpResponse:
    """The contract year: whole for those who steer, their missions' indicators for the others."""
    acteur = request.acteur
    annee = _find_annee(request)
    if annee is None:
        vide = Vide(
            "Aucun contrat n’est encore saisi",
            "Le contrat donne à chaque indicateur ses paliers et ses euros : l’année se calcule à partir de lui.",
            "Saisir le contrat" if acteur.can(MODIFIER) else "",
            reverse("pilotage:nouveau", args=[slug]),
            "signature",
        )
        return render(request, "pilotage/vide.html", {"titre": "L’année", "vide": vide})
    visibles = (
        None
        if acteur.can(LIRE)
        else set(Indicateur.objects.visible_to(acteur).filter(contrat=annee.contrat).values_list("pk", flat=True))
    )
    if visibles is not None:
        lignes = [ligne for ligne in annee.indicateurs if ligne.indicateur.pk in visibles]
        return render(
            request, "pilotage/mes_indicateurs.html", {"titre": "Mes indicateurs", "annee": annee, "lignes": lignes}
        )
    return render(
        request,
        "pilotage/annee.html",
        {
            "titre": f"Année {annee.annee.numero} du contrat",
            "annee": annee,
            "onglets": _onglets(annee),
            "phrase": selectors.say_annee(annee),
            "chiffres": presentation.build_chiffres(annee),
            "barres": presentation.build_barres(annee),
            "prochains": annee.prochains[:4] if not annee.is_close else (),
            "lacunes": annee.lacunes,
            "phrase_lacunes": selectors.say_lacunes(annee.lacunes) if annee.lacunes else "",
        },
    )


@acces(LIRE_MISSION)
@require_GET
def indicateur(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """One indicator: what it is, its tiers, its values, and the acts and documents behind them."""
    objet = selectors.get_indicateur(pk, for_acteur=request.acteur)
    return _render_indicateur(request, objet)


def _render_indicateur(request: Requete, objet: Indicateur, status: int = 200, **formulaires: Any) -> HttpResponse:
    annee = compute_annee(objet.contrat, today(), numero=_numero(request, objet))
    ligne = selectors.find_ligne(annee, objet)
    actes = selectors.get_actes(ligne, annee)
    slug = request.cpts.slug
    contexte = {
        "titre": objet.libelle,
        "fil": [("L’année", reverse("pilotage:annee", args=[slug])), (objet.get_mission_display(), "")],
        "annee": annee,
        "ligne": ligne,
        "indicateur": objet,
        "onglets": _onglets(annee),
        "faits": presentation.build_faits(ligne),
        "paliers": presentation.build_paliers(ligne, close=annee.is_close),
        "barre": presentation.build_barre(ligne),
        "courbe": presentation.build_courbe(ligne, annee.annee.on),
        "constate": presentation.say_valeur(ligne.certifie.valeur, objet.unite) if ligne.certifie else "",
        "prevu": presentation.say_valeur(ligne.prevision.valeur, objet.unite),
        "constats": [(c, presentation.say_valeur(c.valeur, objet.unite)) for c in reversed(ligne.constats)],
        **_actes(request, objet, actes),
    }
    if request.acteur.can(MODIFIER):
        contexte |= {"form_constat": ConstatForm(indicateur=objet), "form_preuve": PreuveForm(indicateur=objet)}
    return render(request, "pilotage/indicateur.html", contexte | formulaires, status=status)


def _numero(request: Requete, objet: Indicateur) -> int | None:
    voulue = request.GET.get("annee", "")
    courante, _, _ = selectors.find_annee(objet.contrat, today())
    if not voulue:
        return None
    if not voulue.isdecimal() or not 1 <= int(voulue) <= courante:
        raise Http404
    return int(voulue)


def _actes(request: Requete, objet: Indicateur, actes: selectors.ActesIndicateur | None) -> dict[str, Any]:
    """A page of the acts that the forecast counts, each opened by its own page, and how many came before.

    References and hashes are those that CPAM and ARS read of this indicator, and quote.
    """
    if actes is None:
        return {"actes": None}
    page = Paginator(actes.comptes, ACTES_PAR_PAGE).get_page(request.GET.get("page"))
    declare, rows = actes.declare, list(page.object_list)
    # The bureau reads the acts; only who handles the requests opens one.
    opens = bool(rows) and may_open(request.acteur, declare.url_row(rows[0]))
    montres = [asdict(acte) for acte in selectors.show_actes(objet, declare, rows)]
    if declare.discret and not opens:  # a doctor of the bureau would know the patient of that day and place
        montres = [{**acte, "le": None, "commune": ""} for acte in montres]
    return {
        "actes": [(acte, declare.url_row(row) if opens else "") for acte, row in zip(montres, rows, strict=True)],
        "page": page,
        "deja": actes.deja_constates.count(),
        "declare": declare,
    }


def _enter(
    request: Requete, pk: UUID, nom: str, classe: Callable[..., Any], act: Callable[[Indicateur, Any], str]
) -> HttpResponse:
    """One form of an indicator's page: acts and comes back, or shows the page again with what is refused."""
    objet = selectors.get_indicateur(pk, for_acteur=request.acteur)
    form = classe(request.POST, request.FILES, indicateur=objet)
    if form.is_valid():
        try:
            messages.success(request, act(objet, form))
            return redirect("pilotage:indicateur", slug=request.cpts.slug, pk=objet.pk)
        except (ErreurRegle, FichierRefuse) as refus:
            form.add_error(None, str(refus))
    return _render_indicateur(request, objet, status=422, **{nom: form, "ouvert": nom})


@acces(MODIFIER)
@require_POST
def ajouter_constat(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """A dated value, declared or certified."""

    def act(objet: Indicateur, form: ConstatForm) -> str:
        constat = services.record_constat(
            indicateur=objet,
            valeur=form.cleaned_data["valeur"],
            le=form.cleaned_data["le"],
            source=form.cleaned_data["source"],
            certifie_par=form.certificateur,
            document=form.piece,
            by=request.acteur,
        )
        return (
            "La valeur est enregistrée : elle vaut constat."
            if constat.certifie_par
            else ("La valeur est déclarée : elle reste à confirmer.")
        )

    return _enter(request, pk, "form_constat", ConstatForm, act)


@acces(MODIFIER)
@require_POST
def ajouter_preuve(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """A document behind the indicator."""

    def act(objet: Indicateur, form: PreuveForm) -> str:
        piece = form.piece
        services.attach_preuve(
            indicateur=objet,
            libelle=form.cleaned_data["libelle"],
            le=form.cleaned_data["fait_le"],
            nom=piece.nom,
            contenu=piece.contenu,
            by=request.acteur,
        )
        return "Le document est joint."

    return _enter(request, pk, "form_preuve", PreuveForm, act)


@acces(LIRE)
@require_GET
def contrat(request: Requete, slug: str) -> HttpResponse:
    """The terms of the contract, explained line by line."""
    return _render_contrat(request)


def _render_contrat(request: Requete, status: int = 200, **contexte: Any) -> HttpResponse:
    slug = request.cpts.slug
    objet = selectors.get_contrat(request.cpts.pk)
    if objet is None:
        return redirect("pilotage:annee", slug=slug)
    annee = compute_annee(objet, today())
    return render(
        request,
        "pilotage/contrat.html",
        {
            "titre": "Le contrat",
            "contrat": objet,
            "annee": annee,
            "fil": [("L’année", reverse("pilotage:annee", args=[slug])), ("Le contrat", "")],
            "faits": presentation.build_faits_contrat(objet, annee),
            "explication": presentation.build_explication(annee),
            "evenements": presentation.build_frise(objet, today()),
            "modifiable": request.acteur.can(MODIFIER),
            "form": DemarrageForm(),
            **contexte,
        },
        status=status,
    )


@acces(MODIFIER)
@require_POST
def demarrer_mission(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Record the start of a mission."""
    missions = MissionContrat.objects.select_related("contrat")
    mission = get_object_or_404(missions, pk=pk, cpts=request.cpts)
    form = DemarrageForm(request.POST)
    if form.is_valid():
        try:
            services.start_mission(mission=mission, le=form.cleaned_data["le"], by=request.acteur)
            messages.success(request, f"La mission {mission.get_mission_display()} a démarré.")
            return redirect("pilotage:contrat", slug=slug)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    return _render_contrat(request, status=422, form=form, mission_ouverte=mission.pk)


@acces(MODIFIER)
@require_http_methods(["GET", "POST"])
def nouveau(request: Requete, slug: str) -> HttpResponse:
    """Enter a contract from its file: terms, indicators and tiers, refused with the numbers that disagree."""
    form = ContratForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.create_contrat(cpts_id=request.cpts.pk, donnees=form.contrat, by=request.acteur)
            messages.success(request, "Le contrat est enregistré.")
            return redirect("pilotage:contrat", slug=slug)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    return render(
        request,
        "pilotage/nouveau.html",
        {
            "titre": "Saisir le contrat",
            "fil": [("L’année", reverse("pilotage:annee", args=[slug])), ("Saisir le contrat", "")],
            "form": form,
        },
        status=422 if form.errors else 200,
    )
