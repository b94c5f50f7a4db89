"""The list; creating, changing, cancelling and repeating a meeting; its calendar file."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.listes import afficher_liste

from .. import selectors, services
from ..agenda_ics import write_ics
from ..enums import Envoi, Etat, Invites
from ..forms import AnnulerForm, ReunionForm
from ..models import ActionRefusee, Reunion
from ..permissions import GERER, VOIR
from .commun import attempt, build_fil
from .listes import ListeReunions, build_vide


@acces(VOIR)
@require_safe
def liste(request: Requete, slug: str) -> HttpResponse:
    """The meetings that this person may see."""
    visibles = Reunion.objects.visible_to(request.acteur)
    organise = request.acteur.can(GERER)
    if not visibles.exists():
        contexte = {"titre": ListeReunions.titre, "vide": build_vide(request), "organise": organise}
        return render(request, "reunions/vide.html", contexte)
    rows = selectors.with_reponses(visibles).select_related("groupe")
    return afficher_liste(request, ListeReunions, rows, gabarit="reunions/liste.html", contexte={"organise": organise})


@acces(GERER)
@require_http_methods(["GET", "POST"])
def nouvelle(request: Requete, slug: str) -> HttpResponse:
    """One short form; then the people, or the poll, or the agenda."""
    form = ReunionForm(request.POST or None, cpts_id=request.cpts.pk)
    if request.method == "POST" and form.is_valid():
        invites = Invites(form.cleaned_data["invites"])
        reunion = services.create_reunion(
            cpts_id=request.cpts.pk, donnees=form.build(), invites=invites, by=request.acteur
        )
        messages.success(request, "La réunion est créée. Personne n’est encore prévenu.")
        if invites == Invites.ENSUITE:
            return redirect("reunions:invites", slug=slug, pk=reunion.pk)
        return redirect("reunions:fiche" if reunion.debut else "reunions:sondage", slug=slug, pk=reunion.pk)
    contexte = {"titre": "Préparer une réunion", "fil": build_fil(request, None, "Nouvelle"), "form": form}
    return render(request, "reunions/formulaire.html", contexte, status=422 if form.errors else 200)


@acces(GERER)
@require_http_methods(["GET", "POST"])
def modifier(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Change a meeting; those who were told are told again."""
    reunion = selectors.get_reunion(pk, for_acteur=request.acteur)
    form = ReunionForm(request.POST or None, cpts_id=request.cpts.pk, reunion=reunion)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_reunion(
                reunion_id=pk,
                donnees=form.build(reunion),
                motif_delai=form.cleaned_data.get("motif_delai", ""),
                by=request.acteur,
            )
            prevenus = reunion.etat == Etat.CONVOQUEE
            messages.success(
                request, "La réunion est modifiée, les invités sont prévenus." if prevenus else "C’est enregistré."
            )
            return redirect("reunions:fiche", slug=slug, pk=pk)
        except ActionRefusee as refus:
            form.add_error("motif_delai" if "motif_delai" in form.fields else None, str(refus))
    contexte = {
        "titre": "Modifier la réunion",
        "fil": build_fil(request, reunion, "Modifier"),
        "form": form,
        "reunion": reunion,
    }
    return render(request, "reunions/formulaire.html", contexte, status=422 if form.errors else 200)


@acces(GERER)
@require_POST
def annuler(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Cancel, and tell those who were told."""
    selectors.get_reunion(pk, for_acteur=request.acteur)
    form = AnnulerForm(request.POST)
    motif = form.cleaned_data["motif"] if form.is_valid() else ""
    attempt(
        request,
        lambda: services.cancel_reunion(reunion_id=pk, motif=motif, by=request.acteur),
        done="La réunion est annulée. Les personnes prévenues le sont aussi de l’annulation.",
    )
    return redirect("reunions:fiche", slug=slug, pk=pk)


@acces(GERER)
@require_POST
def dupliquer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The next of the series, or the second convocation of a body; its date is to be checked."""
    selectors.get_reunion(pk, for_acteur=request.acteur)
    seconde = request.POST.get("seconde") == "oui"
    copie = services.duplicate_reunion(reunion_id=pk, seconde=seconde, by=request.acteur)
    messages.success(request, "La réunion est préparée, avec les mêmes personnes. Vérifiez sa date.")
    return redirect("reunions:modifier", slug=slug, pk=copie.pk)


@acces(GERER)
@require_POST
def relancer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Write again to those who have not answered."""
    selectors.get_reunion(pk, for_acteur=request.acteur)
    attempt(
        request,
        lambda: services.remind_invites(reunion_id=pk, by=request.acteur),
        done=f"La {Envoi.RELANCE.label} part aux personnes qui n’ont pas répondu.",
    )
    return redirect("reunions:fiche", slug=slug, pk=pk)


@acces(VOIR)
@require_safe
def agenda(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The meeting for one's own calendar."""
    return serve_ics(selectors.get_reunion(pk, for_acteur=request.acteur))


def serve_ics(reunion: Reunion) -> HttpResponse:
    """The calendar file of a meeting that has a date; Http404 without one."""
    if reunion.debut is None:
        raise Http404
    reponse = HttpResponse(write_ics(reunion), content_type="text/calendar; charset=utf-8")
    reponse["Content-Disposition"] = 'attachment; filename="reunion.ics"'
    return reponse
