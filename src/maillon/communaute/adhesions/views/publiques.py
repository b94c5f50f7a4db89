"""Without an account: the public form, the invitation's link, the receipt's link."""

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from maillon.socle.comptes.verrou import get_adresse
from maillon.socle.droits.permissions import acces_lien, acces_public
from maillon.socle.droits.requete import Requete

from .. import services
from ..documents.recus import write_recu
from ..enums import EtatCandidature
from ..forms.candidatures import CandidatureForm
from ..models import Candidature, Reglement
from ..notifications import LIEN_INVITATION
from ..services import AdhesionRefusee

PAR_HEURE = 10
PIEGE = "site_web"  # hidden from people; a robot fills it
NOTICE_VERSION = "2026-11"
TITRE = "Rejoindre la communauté"


def _notice() -> dict[str, Any]:
    return {"notice": f"adhesions/notices/{NOTICE_VERSION}.html", "dpo": settings.MAILLON_DPO}


@acces_public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def adherer(request: Requete, slug: str) -> HttpResponse:
    """One page: who applies, from where. The same thanks whether the person is known, member already, or nobody."""
    cle = request.POST.get("cle", "")[:64] or secrets.token_urlsafe(24)
    form = CandidatureForm(request.POST or None)
    contexte = {"titre": TITRE, "form": form, "cle": cle, **_notice()}
    if request.method != "POST":
        return render(request, "adhesions/adherer.html", contexte)
    if request.POST.get(PIEGE):
        form.add_error(None, "Votre navigateur a rempli un champ caché. Rechargez la page et recommencez.")
    if not form.is_valid():
        return render(request, "adhesions/adherer.html", contexte, status=422)
    cpts = request.cpts
    source = services.hash_source(get_adresse(request), cpts_id=cpts.pk)
    if services.count_passages(cpts_id=cpts.pk, source=source) >= PAR_HEURE:
        return render(request, "adhesions/freine.html", {"titre": "Un instant"}, status=429)
    services.file_candidature(
        cpts=cpts,
        saisie=form.read_saisie(),
        notice_version=NOTICE_VERSION,
        cle=cle,
        source=source,
        by=request.acteur,
    )
    merci = {"titre": "Votre candidature est bien arrivée", "courriel": form.cleaned_data["courriel"]}
    return render(request, "adhesions/merci.html", merci)


@acces_lien(LIEN_INVITATION)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Requete, jeton: str) -> HttpResponse:
    """The invited professional reads what it means, then joins or declines; nothing else of the community is shown."""
    candidature = get_object_or_404(Candidature, pk=request.lien.objet_id, cpts=request.cpts)
    contexte: dict[str, Any] = {
        "titre": f"Rejoindre la {request.cpts.nom}",
        "candidature": candidature,
        "attendue": candidature.etat == EtatCandidature.INVITEE,
        **_notice(),
    }
    if request.method == "POST" and request.POST.get("reponse") in {"oui", "non"}:
        try:
            candidature = services.answer_invitation(
                candidature=candidature, lien=request.lien, oui=request.POST["reponse"] == "oui", by=request.acteur
            )
            contexte |= {"titre": "Merci de votre réponse", "attendue": False, "repondue": candidature.etat}
        except AdhesionRefusee as refus:
            return render(request, "adhesions/invitation.html", contexte | {"refus": str(refus)}, status=409)
    return render(request, "adhesions/invitation.html", contexte)


@acces_lien(services.LIEN_RECU)
@require_safe
def lien_recu(request: Requete, jeton: str) -> HttpResponse:
    """The receipt itself."""
    rows = Reglement.objects.select_related("cotisation__campagne")
    return serve_recu(request, get_object_or_404(rows, pk=request.lien.objet_id, cpts=request.cpts))


def serve_recu(request: Requete, reglement: Reglement) -> HttpResponse:
    """The PDF as an attachment, under its number."""
    reponse = HttpResponse(write_recu(reglement, request.cpts), content_type="application/pdf")
    reponse["Content-Disposition"] = f'attachment; filename="recu-cotisation-{reglement.reference}.pdf"'
    reponse["X-Content-Type-Options"] = "nosniff"
    return reponse
