"""Rosters: the list, a new one, its grid, what happens to it, its paper."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now, today
from maillon.socle.ui.composants import Chiffre, Onglet
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import compter, format_date

from .. import presentation, selectors, services
from ..enums import EtatTableau
from ..forms import MOIS, LimitesForm, TableauForm, VoeuxOuvrirForm
from ..modeles import MODELES, find_modele, find_periode
from ..models import ActionRefusee, Tableau
from ..permissions import GERER, VOIR
from .commun import attempt, build_fil
from .listes import ListeTableaux

# Somebody is placed: what they go beyond is said.
PLACES = (EtatTableau.CALCUL, EtatTableau.PUBLIE)
# A week to answer, and ten days to build, when there is time for both.
REPONDRE, CONSTRUIRE = timedelta(days=7), timedelta(days=10)


@acces(VOIR)
@require_safe
def liste(request: Requete, slug: str) -> HttpResponse:
    """The rosters that this person may see."""
    rows = selectors.list_tableaux(for_acteur=request.acteur)
    return afficher_liste(
        request,
        ListeTableaux,
        rows,
        gabarit="gardes/liste.html",
        contexte={
            "gere": request.acteur.can(GERER),
            "modeles": MODELES,
            "aucun": not rows.exists(),
            "ouvertes": selectors.list_ouvertes(request.cpts.pk, now()),
        },
    )


@acces(GERER)
@require_http_methods(["GET", "POST"])
def nouveau(request: Requete, slug: str) -> HttpResponse:
    """A roster from a pattern."""
    modele = find_modele(request.GET.get("modele", ""))
    debut, fin = find_periode(selectors.find_dernier_jour(request.cpts.pk), today())
    initial = {"debut": debut, "fin": fin, **(modele.champs if modele else {})}
    form = TableauForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            tableau = services.create_tableau(cpts=request.cpts, donnees=form.donnees, by=request.acteur)
            messages.success(request, "Le tableau est prêt. Personne n’est encore prévenu.")
            return redirect("gardes_tableau", slug=slug, pk=tableau.pk)
        except ActionRefusee as refus:
            form.add_error(None, str(refus))
    contexte = {
        "titre": "Préparer un tableau de garde",
        "fil": build_fil(request, None, "Nouveau tableau"),
        "form": form,
        "modeles": MODELES,
        "modele": modele,
        "periode": f"du {format_date(debut)} au {format_date(fin)}",
        "annuler": reverse("gardes_liste", args=[slug]),
    }
    return render(request, "gardes/nouveau.html", contexte, status=422 if form.errors else 200)


def _read_mois(request: Requete) -> date | None:
    try:
        return date.fromisoformat(f"{request.GET.get('mois', '')}-01")
    except ValueError:
        return None


def build_onglets(grille: selectors.Grille) -> list[Onglet]:
    """One tab a month."""
    return [
        Onglet(f"{MOIS[mois.month - 1].capitalize()} {mois.year}", f"?mois={mois:%Y-%m}", mois == grille.montre)
        for mois in grille.mois
    ]


@acces(VOIR)
@require_safe
def tableau(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """A roster: the next step for who builds it, and its grid, month by month."""
    found = selectors.get_tableau(pk, for_acteur=request.acteur)
    gere = request.acteur.can(GERER)
    grille = selectors.build_grille(found, _read_mois(request), brouillons=gere)
    contexte: dict[str, Any] = {
        "titre": found.nom,
        "fil": build_fil(request, found),
        "tableau": found,
        "gere": gere,
        "grille": grille,
        "mois": build_onglets(grille),
        "rpps": request.acteur.rpps or "-",
        "aujourd_hui": today(),
        "periode": f"Du {format_date(found.debut)} au {format_date(found.fin)}",
    }
    if gere:
        bilan = selectors.compute_bilan(found, moment=now())
        fautes = selectors.list_fautes(found, now()) if found.etat in PLACES else []
        contexte |= {
            "bilan": bilan,
            "chiffres": _build_chiffres(found, bilan, slug),
            "enfreintes": presentation.list_regles_enfreintes(fautes, slug),
            **_build_gestes(found, bilan, len(fautes)),
        }
    return render(request, "gardes/tableau.html", contexte)


def _build_chiffres(found: Tableau, bilan: selectors.BilanTableau, slug: str) -> list[Chiffre]:
    people = reverse("gardes_participants", args=[slug, found.pk])
    chiffres = [
        Chiffre("Personnes dans le tableau", bilan.participants, url=people),
        Chiffre(
            "Vœux dits",
            bilan.repondants,
            cible=f"sur {bilan.participants}",
            realise=bilan.repondants / bilan.participants if bilan.participants else None,
            url=people,
        ),
    ]
    if found.etat in (EtatTableau.CALCUL, EtatTableau.PUBLIE, EtatTableau.CLOS):
        chiffres.append(
            Chiffre(
                "Gardes pourvues",
                bilan.pourvues,
                cible=f"sur {bilan.places}",
                realise=bilan.pourvues / bilan.places if bilan.places else None,
            )
        )
    else:
        chiffres.append(Chiffre("Gardes à pourvoir", bilan.places))
    if found.is_officiel:
        chiffres.append(
            Chiffre("Gardes passées à confirmer", bilan.a_constater, url=reverse("gardes_constats", args=[slug]))
        )
    return chiffres


def _build_gestes(found: Tableau, bilan: selectors.BilanTableau, enfreintes: int) -> dict[str, Any]:
    """What the dialogues say before something leaves."""
    prevus = compter(bilan.participants, "personne reçoit", "personnes reçoivent")
    manque = (
        f"{compter(bilan.manquent, 'garde reste', 'gardes restent')} sans personne\u00a0: elles paraîtront "
        "« à pourvoir ». "
        if bilan.manquent
        else ""
    )
    outre = f"{compter(enfreintes, 'règle est enfreinte', 'règles sont enfreintes')}. " if enfreintes else ""
    avant = found.voeux_avant or max(today() + REPONDRE, found.debut - CONSTRUIRE)
    return {
        "form_voeux": VoeuxOuvrirForm(initial={"voeux_avant": avant}),
        "texte_voeux": f"{prevus} un courriel avec un lien personnel pour dire ses disponibilités. Il part aussitôt.",
        "texte_relance": "Un courriel part aussitôt aux personnes qui n’ont rien dit.",
        "texte_publier": f"{manque}{outre}Chaque personne de garde reçoit le lien de ses gardes, le tableau paraît "
        "dans les agendas et sur la page publique. Il se corrige ensuite garde par garde.",
    }


@acces(GERER)
@require_http_methods(["GET", "POST"])
def modifier(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The name and the limits."""
    found = selectors.get_tableau(pk, for_acteur=request.acteur)
    champs = ("nom", "voeux_avant", "max_semaine", "max_weekends", "ecart_heures")
    form = LimitesForm(request.POST or None, initial={champ: getattr(found, champ) for champ in champs})
    if request.method == "POST" and form.is_valid():
        services.update_tableau(tableau_id=pk, by=request.acteur, **form.cleaned_data)
        messages.success(request, "C’est enregistré.")
        return redirect("gardes_tableau", slug=slug, pk=pk)
    contexte = {
        "titre": "Nom et règles du tableau",
        "fil": build_fil(request, found, "Règles"),
        "form": form,
        "annuler": reverse("gardes_tableau", args=[slug, pk]),
    }
    return render(request, "gardes/formulaire.html", contexte, status=422 if form.errors else 200)


@acces(GERER)
@require_POST
def etape(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """What happens to a roster next: `geste` says what."""
    found = selectors.get_tableau(pk, for_acteur=request.acteur)
    geste, by = request.POST.get("geste", ""), request.acteur
    if geste == "voeux":
        form = VoeuxOuvrirForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Choisissez un jour à venir pour la réponse.")
        else:
            attempt(
                request,
                lambda: services.open_voeux(tableau_id=pk, by=by, **form.cleaned_data),
                done="Les vœux sont demandés\u00a0: chacun reçoit son lien personnel.",
            )
    elif geste == "supprimer":
        if attempt(request, lambda: services.delete_tableau(tableau_id=pk, by=by), done="Le tableau est supprimé."):
            return redirect("gardes_liste", slug=slug)
    elif geste in GESTES:
        service, done = GESTES[geste]
        attempt(request, lambda: service(tableau_id=pk, by=by), done=done)
        if geste == "clore_voeux":
            return redirect("gardes_variantes", slug=slug, pk=pk)
    return redirect("gardes_tableau", slug=slug, pk=found.pk)


GESTES: dict[str, tuple[Any, str]] = {
    "relancer": (services.remind_voeux, "Le rappel part aux personnes qui n’ont rien dit."),
    "clore_voeux": (services.close_voeux, "Les vœux sont clos. Construisons le tableau."),
    "publier": (services.publish_tableau, "Le tableau est publié\u00a0: chacun reçoit le lien de ses gardes."),
    "clore": (services.close_tableau, "Le tableau est terminé."),
    "rouvrir": (services.reopen_tableau, "Le tableau est rouvert."),
}


@acces(VOIR)
@require_safe
def imprimer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The roster as one A4 sheet a month, to print or keep as PDF."""
    found = selectors.get_tableau(pk, for_acteur=request.acteur)
    gere = request.acteur.can(GERER)
    first = selectors.build_grille(found, _read_mois(request), brouillons=gere)
    mois = [_read_mois(request)] if request.GET.get("mois") else list(first.mois)
    pages = [
        (
            f"{MOIS[m.month - 1].capitalize()} {m.year}" if len(first.mois) > 1 else found.nom,
            selectors.build_grille(found, m, brouillons=gere),
        )
        for m in mois
        if m is not None
    ]
    contexte = {
        "titre": found.nom,
        "fil": build_fil(request, found, "Imprimer"),
        "tableau": found,
        "pages": pages,
    }
    return render(request, "gardes/imprimer.html", contexte)
