"""Members: the list, one membership, a member structure with its professionals."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.annuaire.selectors import search_professionnels
from maillon.communaute.personnes.forms import ChampJour
from maillon.communaute.personnes.permissions import VOIR as VOIR_PERSONNES
from maillon.communaute.personnes.services import keep_professionnel
from maillon.communaute.structures.selectors import search_structures
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui import annonces
from maillon.socle.ui.composants import Fait, Pastille
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import INSECABLE, format_date, format_nombre

from .. import selectors, services
from ..enums import Etat
from ..forms.candidatures import CollegeForm, read_adherent
from ..listes import ListeMembres
from ..listes_gestion import show_cotisation
from ..models import Adhesion, Rattachement
from ..permissions import COTISATIONS, GERER_ADHESIONS, VOIR_MEMBRES
from .commun import MEMBRES, attempt, build_fil

PROPOSES = 12


def join_words(words: list[str]) -> str:
    """« a, b et c »."""
    return " et ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


@acces(VOIR_MEMBRES)
@require_safe
def membres(request: Requete, slug: str) -> HttpResponse:
    """Members of the community today: search, filters, export."""
    cpts_id, acteur = request.cpts.pk, request.acteur
    adhesions = selectors.with_places(selectors.members(cpts_id, on=today()).visible_to(acteur))
    effectifs = selectors.count_by_profession(cpts_id, on=today())
    contexte: dict[str, Any] = {
        "fil": [("Communauté", ""), ("Membres", "")],
        "sous_titre": join_words([f"{format_nombre(e.nombre)}{INSECABLE}{e.libelle}" for e in effectifs]),
    }
    contexte["gerer"] = acteur.can(GERER_ADHESIONS)
    return afficher_liste(request, ListeMembres, adhesions, gabarit="adhesions/membres.html", contexte=contexte)


def _get(request: Requete, pk: UUID) -> Adhesion:
    rows = Adhesion.objects.visible_to(request.acteur).exclude(etat=Etat.DEMANDEE)
    return get_object_or_404(rows.select_related("professionnel", "structure__commune"), pk=pk)


@acces(VOIR_MEMBRES)
@require_safe
def adhesion(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """One membership: college and dates, dues, and the professionals of a structure."""
    found = _get(request, pk)
    gerer = request.acteur.can(GERER_ADHESIONS)
    colleges = selectors.get_choix_colleges(found.cpts_id)
    contexte: dict[str, Any] = {
        "titre": str(found.adherent),
        "fil": build_fil(request, MEMBRES, str(found.adherent)),
        "adhesion": found,
        "etat": Pastille("membre", "bien") if found.etat == Etat.ACTIVE else Pastille("adhésion terminée", "neutre"),
        "faits": _faits(found),
        "gerer": gerer,
        "en_cours": found.etat == Etat.ACTIVE,
        "form_college": CollegeForm(colleges=colleges, initial={"college": found.college}),
        "voir_fiches": request.acteur.can(VOIR_PERSONNES),
        "personne_id": selectors.get_people_of([found]).get(found.professionnel_id),  # type: ignore[arg-type]
        "rattachements": list(selectors.rattachements(found.cpts_id, on=today()).filter(adhesion=found)),
        "dues": _dues(found) if request.acteur.can(COTISATIONS) else [],
    }
    if gerer and found.structure_id and found.etat == Etat.ACTIVE:
        contexte |= _choose_people(request, found)
    return render(request, "adhesions/adhesion.html", contexte)


def _faits(found: Adhesion) -> list[Fait]:
    nom = selectors.get_colleges(found.cpts_id).get(found.college, found.college)
    faits = [Fait("Collège", nom), Fait("Membre depuis", format_date(found.debut, jour=False))]
    if found.fin:
        faits.append(Fait("Jusqu’au", format_date(found.fin, jour=False)))
    if found.professionnel is not None:
        return [*faits, Fait("Profession", found.professionnel.libelle_profession)]
    structure = found.structure
    if structure is not None:
        faits += [Fait("Type", structure.get_type_display()), Fait("Commune", structure.commune or "—")]
        faits += [Fait("Numéro FINESS", structure.finess)] if structure.finess else []
    return faits


def _dues(found: Adhesion) -> list[tuple[Any, Pastille]]:
    rows = selectors.with_reglements(found.cotisations.select_related("campagne").order_by("-campagne__annee"))
    return [(cotisation, show_cotisation(cotisation)) for cotisation in rows]


def _choose_people(request: Requete, found: Adhesion) -> dict[str, Any]:
    """Professionals to attach: those that the directory places in the structure, or those of the search."""
    texte = request.GET.get("q", "").strip()[:100]
    rows = (
        search_professionnels(texte)
        if texte
        else Professionnel.objects.filter(activites__structure=found.structure).distinct()
    )
    present = selectors.rattachements(found.cpts_id, on=today()).filter(adhesion=found)
    attached = present.order_by().values("personne__professionnel")
    return {"texte": texte, "proposes": list(rows.exclude(pk__in=attached)[:PROPOSES])}


@acces(GERER_ADHESIONS)
@require_POST
def terminer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """End a membership from today."""
    found = _get(request, pk)
    if attempt(request, lambda: services.end_adhesion(adhesion=found, by=request.acteur)):
        undo = reverse("adhesions_reprendre", args=[slug, pk])
        annonces.offer_undo(request, f"L’adhésion de {found.adherent} est terminée.", undo)
    return redirect("adhesions_adhesion", slug=slug, pk=pk)


@acces(GERER_ADHESIONS)
@require_POST
def reprendre(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    found = _get(request, pk)
    attempt(
        request,
        lambda: services.resume_adhesion(adhesion=found, by=request.acteur),
        done=f"L’adhésion de {found.adherent} se poursuit.",
    )
    return redirect("adhesions_adhesion", slug=slug, pk=pk)


@acces(GERER_ADHESIONS)
@require_POST
def changer_college(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    found = _get(request, pk)
    form = CollegeForm(request.POST, colleges=selectors.get_choix_colleges(found.cpts_id))
    if form.is_valid():
        college = form.cleaned_data["college"]
        attempt(
            request,
            lambda: services.change_college(adhesion=found, college=college, by=request.acteur),
            done="Le collège est changé. La cotisation déjà demandée garde son montant.",
        )
    return redirect("adhesions_adhesion", slug=slug, pk=pk)


@acces(GERER_ADHESIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def admettre(request: Requete, slug: str) -> HttpResponse:
    """Admit somebody whose application never came by Maillon: a structure, a founding member."""
    texte = request.GET.get("q", "").strip()[:100]
    if request.method == "POST":
        adherent = read_adherent(request.POST.get("adherent", ""))
        debut = ChampJour().clean(request.POST.get("debut") or today())

        def act() -> None:
            assert adherent is not None
            made = services.admit(cpts_id=request.cpts.pk, adherent=adherent, debut=debut, by=request.acteur)
            services.ask_newcomer(adhesion=made, by=request.acteur)

        if adherent is not None and attempt(
            request,
            act,
            done=f"{adherent} est membre depuis le {format_date(debut, jour=False)}.",
        ):
            found = selectors.members(request.cpts.pk, on=debut).order_by("-pk").first()
            return redirect("adhesions_adhesion", slug=slug, pk=found.pk) if found else redirect(request.path)
    contexte = {
        "titre": "Ajouter un membre",
        "sous_titre": "Une structure, ou un professionnel admis avant Maillon.",
        "fil": build_fil(request, MEMBRES, "Ajouter un membre"),
        "texte": texte,
        "professionnels": list(search_professionnels(texte)[:PROPOSES]) if texte else [],
        "structures": list(search_structures(texte).filter(cpts=None).select_related("commune")[:PROPOSES])
        if texte
        else [],
        "jour": today(),
    }
    return render(request, "adhesions/admettre.html", contexte, status=422 if request.method == "POST" else 200)


@acces(GERER_ADHESIONS)
@require_POST
def rattacher(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Say that a professional works in this member structure."""
    found = _get(request, pk)
    adherent = read_adherent(request.POST.get("adherent", ""))
    if isinstance(adherent, Professionnel):

        def act() -> None:
            personne = keep_professionnel(cpts_id=found.cpts_id, professionnel=adherent, by=request.acteur)
            services.attach_personne(adhesion=found, personne=personne, depuis=today(), by=request.acteur)

        attempt(request, act, done=f"{adherent} est rattaché à {found.adherent} à partir d’aujourd’hui.")
    return redirect("adhesions_adhesion", slug=slug, pk=pk)


def _get_rattachement(request: Requete, pk: UUID, rattachement_id: UUID) -> Rattachement:
    return get_object_or_404(
        Rattachement.objects.select_related("personne"), adhesion=_get(request, pk), pk=rattachement_id
    )


@acces(GERER_ADHESIONS)
@require_POST
def detacher(request: Requete, slug: str, pk: UUID, rattachement_id: UUID) -> HttpResponse:
    row = _get_rattachement(request, pk, rattachement_id)
    services.detach_personne(rattachement=row, on=today(), by=request.acteur)
    undo = reverse("adhesions_rerattacher", args=[slug, pk, rattachement_id])
    annonces.offer_undo(request, f"{row.personne} n’est plus dans cette structure.", undo)
    return redirect("adhesions_adhesion", slug=slug, pk=pk)


@acces(GERER_ADHESIONS)
@require_POST
def rerattacher(request: Requete, slug: str, pk: UUID, rattachement_id: UUID) -> HttpResponse:
    row = _get_rattachement(request, pk, rattachement_id)
    attempt(
        request,
        lambda: services.reattach_personne(rattachement=row, by=request.acteur),
        done=f"{row.personne} est de nouveau dans cette structure.",
    )
    return redirect("adhesions_adhesion", slug=slug, pk=pk)


@acces(GERER_ADHESIONS)
@require_POST
def representer(request: Requete, slug: str, pk: UUID, rattachement_id: UUID) -> HttpResponse:
    row = _get_rattachement(request, pk, rattachement_id)
    attempt(
        request,
        lambda: services.name_representant(rattachement=row, by=request.acteur),
        done=f"{row.personne} représente la structure.",
    )
    return redirect("adhesions_adhesion", slug=slug, pk=pk)
