"""Mailings: drafts, who receives, preview, sending, what became of each."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from maillon.socle.courriels.models import Etat
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete, RequeteConnectee
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.ui.composants import Avancement, Chiffre
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import accorder, compter, format_nombre

from ..criteres import Criteres, describe_criteres
from ..enums import EtatEnvoi
from ..forms import EnvoiForm
from ..listes import ListeDestinataires, ListeEnvois, show_envoi
from ..models import Destinataire, Envoi
from ..permissions import DIFFUSER
from ..selectors import diffusion as selectors
from ..services import envois as services
from ..services.commun import MessageRefuse
from ..variables import fill_variables
from .commun import find_url, get_status

MONTRES = 200


@dataclass(frozen=True)
class AvancementEnvoi(Avancement):
    """Progress counted in mails."""

    @property
    def texte(self) -> str:
        return (
            f"{format_nombre(self.fait)} {accorder(self.fait, 'courriel parti', 'courriels partis')} sur {self.total}"
        )


def _way_back(request: Requete, *suite: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Écrire aux membres", find_url("envois", request)), *suite]


@acces(DIFFUSER)
@require_safe
def envois(request: Requete, slug: str) -> HttpResponse:
    """Mailings and drafts, with how many people and failures."""
    people = Destinataire.objects.filter(envoi=OuterRef("pk")).order_by().values("envoi")
    failed = selectors.with_etat(Destinataire.objects.filter(envoi=OuterRef("pk"))).filter(
        etat__in=[Etat.ECHEC, Etat.INCERTAIN]
    )
    rows = Envoi.objects.visible_to(request.acteur).select_related("auteur")
    rows = rows.annotate(
        nombre_destinataires=Subquery(people.annotate(n=Count("pk")).values("n")),
        nombre_echecs=Subquery(failed.order_by().values("envoi").annotate(n=Count("pk")).values("n")),
    )
    contexte = {
        "fil": [("Communauté", ""), ("Écrire aux membres", "")],
        "modeles": selectors.list_modeles(request.acteur),
    }
    return afficher_liste(request, ListeEnvois, rows, gabarit="messagerie/envois.html", contexte=contexte)


@acces(DIFFUSER)
@require_http_methods(["GET", "HEAD", "POST"])
def nouveau(request: Requete, slug: str) -> HttpResponse:
    """Begin a mailing."""
    return _edit(request, None)


@acces(DIFFUSER)
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Take a draft up again."""
    return _edit(request, selectors.get_envoi(pk, for_acteur=request.acteur))


def _edit(request: Requete, objet: Envoi | None) -> HttpResponse:
    initial: dict[str, Any] = {}
    if objet is not None:
        if objet.etat != EtatEnvoi.BROUILLON:
            return redirect(find_url("envoi", request, objet.pk))
        initial = {"objet": objet.objet, "texte": objet.texte, "nature": objet.nature}
        initial |= Criteres.read(objet.criteres).as_json()
    form = EnvoiForm(request.POST or None, request.FILES or None, cpts=request.cpts, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_envoi(
                cpts_id=request.cpts.pk,
                champs=form.champs,
                pieces=form.cleaned_data["pieces"],
                envoi=objet,
                by=request.acteur,
            )
            return redirect(find_url("envoi", request, saved.pk))
        except MessageRefuse as refus:
            form.add_error(None, str(refus))
        except FichierRefuse as refus:
            form.add_error("pieces", str(refus))
    titre = "Modifier l’envoi" if objet else "Nouvel envoi"
    contexte = {
        "titre": titre,
        "fil": _way_back(request, (titre, "")),
        "form": form,
        "envoi": objet,
        "pieces": selectors.list_pieces(objet) if objet else [],
        "retour": find_url("envoi", request, objet.pk) if objet else find_url("envois", request),
    }
    return render(request, "messagerie/modifier_envoi.html", contexte, status=get_status(form))


@acces(DIFFUSER)
@require_safe
def envoi(request: RequeteConnectee, slug: str, pk: UUID) -> HttpResponse:
    """A draft: who would receive it, what they would read. Once sent: what became of each mail."""
    objet = selectors.get_envoi(pk, for_acteur=request.acteur)
    contexte = {
        "titre": objet.objet,
        "fil": _way_back(request, (objet.objet, "")),
        "envoi": objet,
        "pastille": show_envoi(objet),
        "pieces": selectors.list_pieces(objet),
        "criteres": describe_criteres(objet.cpts_id, Criteres.read(objet.criteres)),
        "courriel": request.user.email,
    }
    if objet.etat == EtatEnvoi.BROUILLON:
        audience = selectors.find_audience(objet)
        exemple = audience.joignables[0] if audience.joignables else None
        contexte |= {
            "audience": audience,
            "montres": audience.joignables[:MONTRES],
            "exemple": exemple,
            "apercu": fill_variables(objet.texte, exemple, objet.cpts) if exemple else objet.texte,
            "question": f"Envoyer ce courriel à {compter(len(audience.joignables), 'personne')} ?",
        }
        return render(request, "messagerie/brouillon.html", contexte)
    bilan = selectors.get_bilan(objet)
    contexte |= {
        "bilan": bilan,
        "chiffres": _chiffres(request, objet, bilan),
        "p": _avancement(bilan),
        "rafraichir": find_url("avancement", request, objet.pk),
    }
    return render(request, "messagerie/envoi.html", contexte)


def _avancement(bilan: selectors.Bilan) -> AvancementEnvoi:
    return AvancementEnvoi(
        "Envoi en cours", bilan.total - bilan.en_route, bilan.total, "vous pouvez quitter cette page"
    )


def _chiffres(request: Requete, objet: Envoi, bilan: selectors.Bilan) -> list[Chiffre]:
    page = find_url("destinataires", request, objet.pk)
    return [
        Chiffre("Destinataires", bilan.total, url=page),
        Chiffre("Envoyés", bilan.envoyes, url=f"{page}?etat={Etat.ENVOYE}"),
        Chiffre("Non partis", bilan.echecs, url=f"{page}?etat={Etat.ECHEC}"),
        Chiffre("Incertains", bilan.incertains, url=f"{page}?etat={Etat.INCERTAIN}"),
    ]


@acces(DIFFUSER)
@require_GET
def avancement(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The progress alone, asked every two seconds; once done, the page is asked whole."""
    objet = selectors.get_envoi(pk, for_acteur=request.acteur)
    bilan = selectors.get_bilan(objet)
    if not bilan.en_route:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    contexte = {"p": _avancement(bilan), "rafraichir": find_url("avancement", request, objet.pk)}
    return render(request, "ui/avancement.html", contexte)


@acces(DIFFUSER)
@require_safe
def destinataires(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """To whom a mailing went, and what became of each mail."""
    objet = selectors.get_envoi(pk, for_acteur=request.acteur)
    rows = selectors.with_etat(Destinataire.objects.filter(envoi=objet).select_related("personne"))
    retour = (objet.objet, find_url("envoi", request, objet.pk))
    contexte = {"fil": _way_back(request, retour, ("Destinataires", "")), "sous_titre": objet.objet}
    return afficher_liste(request, ListeDestinataires, rows, contexte=contexte)


@acces(DIFFUSER)
@require_POST
def essayer(request: RequeteConnectee, slug: str, pk: UUID) -> HttpResponse:
    """Send it to oneself."""
    objet = selectors.get_envoi(pk, for_acteur=request.acteur)
    services.try_envoi(envoi=objet, adresse=request.user.email, by=request.acteur)
    messages.success(request, f"L’essai part à {request.user.email}.")
    return redirect(find_url("envoi", request, pk))


@acces(DIFFUSER)
@require_POST
def lancer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Send it."""
    objet = selectors.get_envoi(pk, for_acteur=request.acteur)
    try:
        services.launch_envoi(envoi=objet, by=request.acteur)
    except MessageRefuse as refus:
        messages.error(request, str(refus))
    return redirect(find_url("envoi", request, pk))


@acces(DIFFUSER)
@require_POST
def renvoyer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Send again where it failed and, if asked, where nobody knows."""
    objet = selectors.get_envoi(pk, for_acteur=request.acteur)
    nombre = services.resend_echecs(envoi=objet, incertains=request.POST.get("quoi") == "tous", by=request.acteur)
    messages.success(request, f"{compter(nombre, 'courriel repart', 'courriels repartent')}.")
    return redirect(find_url("envoi", request, pk))


@acces(DIFFUSER)
@require_POST
def copier(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Begin another mailing from this one."""
    objet = selectors.get_envoi(pk, for_acteur=request.acteur)
    copie = services.copy_envoi(envoi=objet, by=request.acteur)
    return redirect(find_url("modifier_envoi", request, copie.pk))


@acces(DIFFUSER)
@require_POST
def garder(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Keep a mailing as a model, or no longer."""
    objet = selectors.get_envoi(pk, for_acteur=request.acteur)
    services.mark_modele(envoi=objet, modele=not objet.modele, by=request.acteur)
    messages.success(request, "C’est un modèle." if objet.modele else "Ce n’est plus un modèle.")
    return redirect(find_url("envoi", request, pk))


@acces(DIFFUSER)
@require_POST
def retirer_piece(request: Requete, slug: str, pk: UUID, fichier_id: UUID) -> HttpResponse:
    """Take a document out of a draft."""
    objet = selectors.get_envoi(pk, for_acteur=request.acteur)
    try:
        services.remove_piece(envoi=objet, fichier_id=fichier_id)
    except MessageRefuse as refus:
        messages.error(request, str(refus))
    return redirect(find_url("modifier_envoi", request, pk))


@acces(DIFFUSER)
@require_POST
def supprimer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Throw a draft away."""
    objet = selectors.get_envoi(pk, for_acteur=request.acteur)
    try:
        services.delete_envoi(envoi=objet, by=request.acteur)
        messages.success(request, "Le brouillon est supprimé.")
    except MessageRefuse as refus:
        messages.error(request, str(refus))
        return redirect(find_url("envoi", request, pk))
    return redirect(find_url("envois", request))
