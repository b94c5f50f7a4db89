"""Several requests at once: what would change is shown, then done."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.listes.vue import export
from maillon.socle.ui.typographie import compter

from .. import services
from ..enums import OUVERTS
from ..forms import LotForm
from ..models import Demande
from ..permissions import GERER
from ..selectors import list_demandes, list_responsables
from .commun import attempt
from .listes import build_liste, pastille_etat, pastille_priorite
from .onglets import FIL

MAXIMUM = 200


@acces(GERER, patients=True)
@require_POST
def lot(request: Requete, slug: str) -> HttpResponse:
    """The requests ticked in the list: export them, or give them to somebody and plan them, after a preview."""
    chosen = _read_choix(request)
    if not chosen:
        messages.error(request, "Cochez au moins une demande de la liste.")
        return redirect("medecin_traitant_liste", slug=slug)
    geste = request.POST.get("geste", "")
    if geste == "exporter":
        keys = [demande.pk for demande in chosen]
        liste = build_liste(request, OUVERTS)(
            list_demandes(for_acteur=request.acteur).filter(pk__in=keys), QueryDict("export=xlsx"), request=request
        )
        return export(liste, "xlsx")
    form = LotForm(request.POST if geste else None, membres=list_responsables(request.cpts.pk))
    if geste and form.is_valid() and geste == "appliquer" and _apply(request, chosen, form):
        return redirect("medecin_traitant_liste", slug=slug)
    contexte = {
        "titre": f"{compter(len(chosen), 'demande choisie', 'demandes choisies')}",
        "fil": [(FIL, reverse("medecin_traitant_liste", args=[slug])), ("Plusieurs demandes", "")],
        "form": form,
        "lignes": [(demande, pastille_etat(demande), pastille_priorite(demande)) for demande in chosen],
        "apercu": bool(geste) and form.is_valid(),
        "membre": dict(form.fields["responsable"].choices).get(form.data.get("responsable", "")),  # type: ignore[attr-defined]
    }
    return render(request, "medecin_traitant/lot.html", contexte, status=422 if form.errors else 200)


def _read_choix(request: Requete) -> list[Demande]:
    """The ticked requests that this person may see and that are open, first in rank first."""
    keys = []
    for brut in request.POST.getlist("choix")[:MAXIMUM]:
        try:
            keys.append(UUID(brut))
        except ValueError:
            continue
    return list(list_demandes(for_acteur=request.acteur).filter(pk__in=keys, etat__in=OUVERTS))


def _apply(request: Requete, chosen: list[Demande], form: LotForm) -> bool:
    donnees = form.cleaned_data
    nombre = attempt(
        request,
        lambda: services.plan_lot(
            cpts_id=request.cpts.pk,
            demande_ids=[demande.pk for demande in chosen],
            responsable_id=UUID(donnees["responsable"]) if donnees["responsable"] else None,
            prochaine_date=donnees["prochaine_date"],
            by=request.acteur,
        ),
    )
    if nombre is None:
        return False
    messages.success(request, f"{compter(nombre, 'demande mise à jour', 'demandes mises à jour')}.")
    return True
