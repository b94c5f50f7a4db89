"""The list of people and the agenda, while a meeting is prepared."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from maillon.communaute.personnes.models import PersonneQuerySet
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.typographie import compter

from .. import presentation, selectors, services
from ..enums import Etat
from ..forms import InvitesForm, PointForm
from ..models import Participation, PointOrdreDuJour, Reunion
from ..permissions import GERER
from .commun import attempt, build_fil

PROPOSEES = 12


def _search(personnes: PersonneQuerySet, mots: str) -> PersonneQuerySet:
    """People whose name or function has each of these words."""
    for mot in mots.split():
        trouve = personnes.filter(nom__icontains=mot) | personnes.filter(prenom__icontains=mot)
        personnes = trouve | personnes.filter(fonction__icontains=mot)
    return personnes


@acces(GERER)
@require_http_methods(["GET", "POST"])
def invites(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Who is on the list; search and add, take off, say without whom the meeting makes no sense."""
    reunion = selectors.get_reunion(pk, for_acteur=request.acteur)
    invitables = selectors.list_invitables(reunion)
    if request.method == "POST":
        form = InvitesForm(request.POST, personnes=invitables)
        if form.is_valid():
            ids = [personne.pk for personne in form.cleaned_data["personnes"]]
            attempt(
                request,
                lambda: services.invite_personnes(reunion_id=pk, personne_ids=ids, by=request.acteur),
                done=f"{compter(len(ids), 'personne ajoutée', 'personnes ajoutées')}.",
            )
        else:
            messages.error(request, "Cochez au moins une personne.")
        return redirect("reunions:invites", slug=slug, pk=pk)
    mots = request.GET.get("q", "").strip()[:80]
    trouvees = list(_search(invitables, mots)[: PROPOSEES + 1])
    contexte = {
        "titre": "Personnes invitées",
        "sous_titre": f"{reunion.titre} – {presentation.say_quand(reunion)}",
        "fil": build_fil(request, reunion, "Invités"),
        "reunion": reunion,
        "modifiable": reunion.etat in (Etat.PREPARATION, Etat.CONVOQUEE),
        "voix": reunion.etat == Etat.CONVOQUEE and reunion.convocation.pouvoirs_max,
        "lignes": [(one, presentation.show_reponse(one)) for one in selectors.list_participations(reunion)],
        "mots": mots,
        "trouvees": trouvees[:PROPOSEES],
        "encore": len(trouvees) > PROPOSEES,
    }
    return render(request, "reunions/invites.html", contexte)


def _get_participation(request: Requete, pk: UUID, participation_id: UUID) -> Participation:
    rows = Participation.objects.visible_to(request.acteur).select_related("personne")
    return get_object_or_404(rows, pk=participation_id, reunion=pk)


@acces(GERER)
@require_POST
def invite(request: Requete, slug: str, pk: UUID, participation_id: UUID) -> HttpResponse:
    """One person of the list: take off, needed or not, a voice or not (`geste`)."""
    one = _get_participation(request, pk, participation_id)
    geste, by = request.POST.get("geste"), request.acteur
    if geste == "retirer":
        attempt(
            request,
            lambda: services.remove_participation(participation_id=one.pk, by=by),
            done=f"{one.personne} n’est plus sur la liste.",
        )
    elif geste == "requise":
        services.set_requise(participation_id=one.pk, requise=not one.requise, by=by)
    elif geste == "voix":
        attempt(request, lambda: services.set_votant(participation_id=one.pk, votant=not one.votant, by=by))
    return redirect("reunions:invites", slug=slug, pk=pk)


@acces(GERER)
@require_http_methods(["GET", "POST"])
def points(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The agenda: add an item at its end."""
    reunion = selectors.get_reunion(pk, for_acteur=request.acteur)
    form = PointForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            request,
            lambda: services.save_point(reunion_id=pk, donnees=form.build(), document=form.piece, by=request.acteur),
            done="Le point est ajouté.",
        )
        if done:
            return redirect("reunions:points", slug=slug, pk=pk)
    return _render_points(request, reunion, form)


def _render_points(request: Requete, reunion: Reunion, form: PointForm, refuse: UUID | None = None) -> HttpResponse:
    contexte = {
        "titre": "Ordre du jour",
        "sous_titre": f"{reunion.titre} – {presentation.say_quand(reunion)}",
        "fil": build_fil(request, reunion, "Ordre du jour"),
        "reunion": reunion,
        "modifiable": reunion.etat in (Etat.PREPARATION, Etat.CONVOQUEE),
        "points": [
            (point, form if point.pk == refuse else PointForm(initial=_initial(point), prefix=str(point.pk)))
            for point in selectors.list_points(reunion)
        ],
        "form": PointForm() if refuse else form,
        "refuse": refuse,
    }
    return render(request, "reunions/points.html", contexte, status=422 if form.errors else 200)


def _initial(point: PointOrdreDuJour) -> dict[str, object]:
    return {nom: getattr(point, nom) for nom in ("titre", "texte", "orateur", "minutes")}


@acces(GERER)
@require_POST
def point(request: Requete, slug: str, pk: UUID, point_id: UUID) -> HttpResponse:
    """One item: change it, move it, take it off (`geste`)."""
    reunion = selectors.get_reunion(pk, for_acteur=request.acteur)
    if not reunion.points.filter(pk=point_id).exists():
        raise Http404
    geste, by = request.POST.get("geste"), request.acteur
    if geste in {"monter", "descendre"}:
        vers = -1 if geste == "monter" else 1
        attempt(request, lambda: services.move_point(point_id=point_id, vers=vers, by=by))
    elif geste == "retirer":
        attempt(request, lambda: services.remove_point(point_id=point_id, by=by), done="Le point est retiré.")
    else:
        form = PointForm(request.POST, request.FILES, prefix=str(point_id))
        if not form.is_valid():
            return _render_points(request, reunion, form, refuse=point_id)
        attempt(
            request,
            lambda: services.save_point(
                reunion_id=pk, point_id=point_id, donnees=form.build(), document=form.piece, by=by
            ),
            done="Le point est enregistré.",
        )
    return redirect("reunions:points", slug=slug, pk=pk)
