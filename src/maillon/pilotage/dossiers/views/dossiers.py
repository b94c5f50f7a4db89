"""Ask for a pack, see it made, open its documents, send it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillon.pilotage.contrats.regles import find_annee
from maillon.pilotage.contrats.selectors import get_contrat
from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Avancement, Fait, Pastille, Vide
from maillon.socle.ui.typographie import accorder, format_date_heure, format_nombre

from .. import selectors, services
from ..enums import EtatDossier
from ..forms import DemandeForm
from ..models import Dossier
from ..permissions import LIRE, PREPARER

PASTILLES = {
    EtatDossier.EN_COURS: Pastille("en préparation", "cours"),
    EtatDossier.PRET: Pastille("prêt", "bien"),
    EtatDossier.ECHEC: Pastille("à refaire", "alerte"),
}


@dataclass(frozen=True)
class AvancementDossier(Avancement):
    """Progress counted in documents."""

    @property
    def texte(self) -> str:
        return f"{format_nombre(self.fait)} {accorder(self.fait, 'document prêt', 'documents prêts')} sur {self.total}"


def build_avancement(dossier: Dossier) -> AvancementDossier:
    return AvancementDossier(
        f"Préparation du dossier de l’année {dossier.annee}",
        dossier.fait,
        dossier.total,
        "vous pouvez quitter cette page",
    )


def show_etat(dossier: Dossier) -> Pastille:
    if dossier.transmis_le is not None:
        return Pastille("transmis", "bien", "send")
    return PASTILLES[EtatDossier(dossier.etat)]


@acces(LIRE)
@require_http_methods(["GET", "HEAD", "POST"])
def dossiers(request: Requete, slug: str) -> HttpResponse:
    """The packs of the contract; who prepares them asks for one here."""
    contrat = get_contrat(request.cpts.pk)
    if contrat is None:
        vide = Vide(
            "Aucun contrat n’est encore saisi",
            "Le dossier de dialogue de gestion se fait à partir du contrat, de ses indicateurs et de leurs "
            "justificatifs.",
            "Saisir le contrat" if request.acteur.can(PREPARER) else "",
            reverse("pilotage:saisie", args=[slug]),
            "signature",
        )
        return render(request, "dossiers/dossiers.html", {"titre": "Dossiers", "vide": vide}, status=_status(request))
    form = None
    if request.acteur.can(PREPARER):
        annee, _, _ = find_annee(contrat, today())
        envoi = request.POST if request.method == "POST" else None
        form = DemandeForm(envoi, arretes=selectors.list_arretes(contrat), annee=annee)
        if form.is_bound and form.is_valid():
            try:
                dossier = services.request_dossier(contrat=contrat, arrete=form.arrete, by=request.acteur)
                return redirect("dossiers:dossier", slug=slug, pk=dossier.pk)
            except ErreurRegle as refus:
                form.add_error(None, str(refus))
    contexte: dict[str, Any] = {
        "titre": "Dossiers",
        "form": form,
        "dossiers": [(dossier, show_etat(dossier)) for dossier in selectors.list_dossiers(contrat)[:50]],
        "modele": selectors.find_modele(contrat),
        "peut_preparer": request.acteur.can(PREPARER),
        "aucun": Vide(
            "Aucun dossier pour l’instant",
            "Un dossier réunit les chiffres, les graphiques, les indicateurs, le rapport d’activité et les "
            "justificatifs de l’année, prêts pour le dialogue de gestion.",
            icone="folder",
        ),
    }
    return render(request, "dossiers/dossiers.html", contexte, status=_status(request))


def _status(request: Requete) -> int:
    return 422 if request.method == "POST" else 200


@acces(LIRE)
@require_GET
def dossier(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """A pack: its progress, then its documents."""
    objet = selectors.get_dossier(pk, for_acteur=request.acteur)
    pieces = selectors.list_pieces(objet, for_acteur=request.acteur)
    archive = next((piece for piece in pieces if piece.genre == "archive"), None)
    contexte = {
        "titre": f"Dossier de l’année {objet.annee}",
        "fil": [("Dossiers", reverse("dossiers:dossiers", args=[slug])), (f"Année {objet.annee}", "")],
        "dossier": objet,
        "pastille": show_etat(objet),
        "p": build_avancement(objet),
        "rafraichir": reverse("dossiers:avancement", args=[slug, objet.pk]),
        "pieces": [piece for piece in pieces if piece is not archive],
        "archive": archive,
        "faits": _faits(objet, slug),
        "peut_preparer": request.acteur.can(PREPARER),
    }
    return render(request, "dossiers/dossier.html", contexte)


def _faits(objet: Dossier, slug: str) -> list[Fait]:
    if objet.arrete is None:
        chiffres = Fait("Chiffres", "provisoires, non arrêtés", "ils peuvent encore changer")
    else:
        url = reverse("arretes:arrete", args=[slug, objet.arrete.pk])
        chiffres = Fait("Chiffres", str(objet.arrete), url=url)
    faits = [chiffres, Fait("Demandé", format_date_heure(objet.demande_le))]
    if objet.pret_le:
        faits.append(Fait("Prêt", format_date_heure(objet.pret_le)))
    if objet.transmis_le:
        faits.append(Fait("Transmis à la CPAM et à l’ARS", format_date_heure(objet.transmis_le)))
    return faits


@acces(LIRE)
@require_GET
def avancement(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The progress alone, asked every two seconds; once done, the page is asked whole."""
    objet = selectors.get_dossier(pk, for_acteur=request.acteur)
    if objet.etat != EtatDossier.EN_COURS:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    contexte = {"p": build_avancement(objet), "rafraichir": reverse("dossiers:avancement", args=[slug, objet.pk])}
    return render(request, "ui/avancement.html", contexte)


@acces(PREPARER)
@require_POST
def relancer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Take a failed pack up again; the documents already made are kept."""
    objet = selectors.get_dossier(pk, for_acteur=request.acteur)
    try:
        services.retry_dossier(dossier=objet, by=request.acteur)
    except ErreurRegle as refus:
        messages.error(request, str(refus))
    return redirect("dossiers:dossier", slug=slug, pk=pk)


@acces(PREPARER)
@require_POST
def transmettre(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Send the pack to the CPAM and the ARS of the territory."""
    objet = selectors.get_dossier(pk, for_acteur=request.acteur)
    try:
        services.transmit_dossier(dossier=objet, by=request.acteur)
        messages.success(request, "Le dossier est transmis : la CPAM et l’ARS de votre territoire peuvent le lire.")
    except ErreurRegle as refus:
        messages.error(request, str(refus))
    return redirect("dossiers:dossier", slug=slug, pk=pk)
