"""Inviting several professionals at once: paste, check, send."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.typographie import compter

from .. import selectors, services
from ..forms.candidatures import InvitesForm
from ..permissions import GERER_ADHESIONS
from ..services import AdhesionRefusee
from .commun import CANDIDATURES, build_fil


@acces(GERER_ADHESIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def inviter(request: Requete, slug: str) -> HttpResponse:
    """Numbers or names are pasted, the directory says who they are, and each gets a link."""
    form = InvitesForm(request.POST or None, initial={"qui": request.GET.get("qui", "")[:200]})
    contexte: dict[str, Any] = {
        "titre": "Inviter des professionnels",
        "fil": build_fil(request, CANDIDATURES, "Inviter"),
        "form": form,
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "adhesions/inviter.html", contexte, status=422 if form.errors else 200)
    accord = form.cleaned_data["accord"]
    if request.POST.get("etape") == "envoyer":
        sent, refused = _send_all(request, accord)
        if sent:
            messages.success(request, f"{compter(sent, 'invitation part', 'invitations partent')} par courriel.")
        for refus in refused:
            messages.error(request, refus)
        if sent and not refused:
            return redirect("adhesions_candidatures", slug=slug)
    found = selectors.find_invitables(request.cpts.pk, form.cleaned_data["qui"])
    contexte |= {
        "lignes": [(line, [(p, line.courriels[p.pk]) for p in line.choix]) for line in found],
        "qui": form.cleaned_data["qui"],
        "accord": accord,
        "possibles": sum(1 for line in found if line.choix),
    }
    return render(request, "adhesions/inviter_verifier.html", contexte)


def _send_all(request: Requete, accord: bool) -> tuple[int, list[str]]:
    """Invite those ticked; returns how many, and why the others were not."""
    people = Professionnel.objects.filter(pk__in=_read_uuids(request.POST.getlist("inviter")))
    sent, refused = 0, []
    for professionnel in people:
        courriel = request.POST.get(f"courriel-{professionnel.pk}", "").strip()
        try:
            validate_email(courriel)
            services.invite_professionnel(
                cpts=request.cpts,
                professionnel=professionnel,
                courriel=courriel,
                accord_prealable=accord,
                by=request.acteur,
            )
            sent += 1
        except ValidationError:
            refused.append(f"{professionnel} : donnez un courriel complet, par exemple prenom.nom@exemple.fr.")
        except AdhesionRefusee as refus:
            refused.append(str(refus))
    if not sent and not refused:
        refused.append("Cochez au moins une personne à inviter.")
    return sent, refused


def _read_uuids(bruts: list[str]) -> list[str]:
    """Those that look like one of ours: 36 characters of an UUID."""
    return [brut for brut in bruts if len(brut) == 36 and all(c in "0123456789abcdef-" for c in brut)]
