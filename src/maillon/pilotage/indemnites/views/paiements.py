"""Payment runs: prepared, reread, sent to the bank, settled."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.telechargement import serve_fichier
from maillon.socle.horloge import now, today
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.composants import Chiffre
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import compter, format_euros

from ..enums import EtatCampagne, EtatVirement
from ..forms.paiements import CampagneForm, CompteForm, PaiementForm, RaisonForm, ReleveForm
from ..listes_paiements import ListeCampagnes, show_campagne
from ..permissions import PAYER
from ..selectors import paiements as selectors
from ..services import paiements as services
from ..services.banque import apply_releve
from ..services.comptes import keep_compte
from ..services.relecture import leave_out, put_back
from .commun import attempt, build_onglets


def _fil(request: Requete) -> list[tuple[str, str]]:
    return [("Paiements", reverse("indemnites:campagnes", args=[request.cpts.slug]))]


@acces(PAYER)
@require_safe
def campagnes(request: Requete, slug: str) -> HttpResponse:
    """Every run, what waits to be paid, and the account that pays."""
    attend = list(selectors.list_a_payer(request.cpts.pk, timezone.localdate(now())))
    contexte = {
        "onglets": build_onglets(request, "campagnes"),
        "compte": selectors.get_compte(request.cpts.pk),
        "attend": sum((ligne.montant for ligne in attend), start=0),
        "gens": len({ligne.personne_id for ligne in attend}),
    }
    rows = selectors.list_campagnes(request.acteur)
    return afficher_liste(request, ListeCampagnes, rows, gabarit="indemnites/campagnes.html", contexte=contexte)


@acces(PAYER)
@require_http_methods(["GET", "POST"])
def campagne_nouvelle(request: Requete, slug: str) -> HttpResponse:
    """Gather what is approved into a run; while one is being prepared, it is the one to finish."""
    ouverte = selectors.list_campagnes(request.acteur).filter(etat=EtatCampagne.PREPAREE).first()
    if ouverte is not None:
        messages.info(
            request, f"La campagne {ouverte.reference} n’est pas partie\u00a0: produisez son fichier, ou annulez-la."
        )
        return redirect("indemnites:campagne", slug=slug, pk=ouverte.pk)
    form = CampagneForm(request.POST or None)
    if form.is_valid():
        try:
            faite = services.prepare_campagne(cpts_id=request.cpts.pk, by=request.acteur, **form.cleaned_data)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
        else:
            return redirect("indemnites:campagne", slug=slug, pk=faite.pk)
    annuler = reverse("indemnites:campagnes", args=[slug])
    return show_form(request, form, "Préparer un paiement", "Rassembler", annuler)


def show_form(request: Requete, form: Any, titre: str, envoyer: str, annuler: str, **plus: Any) -> HttpResponse:
    """A short form alone on its page."""
    contexte = {"titre": titre, "form": form, "envoyer": envoyer, "annuler": annuler, "fil": _fil(request), **plus}
    return render(request, "indemnites/formulaire.html", contexte, status=422 if form.errors else 200)


@acces(PAYER)
@require_GET
def campagne(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """One run: who is paid how much, what is missing, the file, what the bank did."""
    return _show_campagne(request, selectors.get_campagne(pk, for_acteur=request.acteur))


def _show_campagne(
    request: Requete, objet: Any, form_paiement: PaiementForm | None = None, form_motif: RaisonForm | None = None
) -> HttpResponse:
    virements = selectors.list_virements(objet, now=now())
    preparee = objet.etat == EtatCampagne.PREPAREE
    chiffres = [Chiffre("À verser", format_euros(objet.total or 0)), Chiffre("Virements", str(objet.nombre))]
    if not preparee:
        chiffres += [Chiffre("Payés", str(objet.payes)), Chiffre("Rejetés", str(objet.rejetes))]
    sans = ", ".join(
        f"{v.virement.beneficiaire} ({format_euros(v.virement.montant)})" for v in virements if v.sans_iban
    )
    ecartes = sum((v.virement.montant for v in virements if v.virement.etat == EtatVirement.ECARTE), Decimal(0))
    contexte = {
        "titre": str(objet),
        "etat": show_campagne(objet),
        "fil": _fil(request),
        "campagne": objet,
        "virements": virements,
        "dit_sans_iban": f"{sans}." if sans and preparee else "",
        "recents": [un for un in virements if un.compte_recent],
        "chiffres": chiffres,
        "compte": selectors.get_compte(request.cpts.pk),
        "form_paiement": form_paiement or PaiementForm(),
        "form_motif": form_motif or RaisonForm(),
        "preparee": preparee,
        "dit_dehors": _say_dehors(selectors.sum_a_payer(request.cpts.pk, today()) - ecartes) if preparee else "",
        "emise": objet.etat == EtatCampagne.EMISE,
        "soldee": objet.etat == EtatCampagne.SOLDEE,
    }
    refusee = any(form is not None and form.errors for form in (form_paiement, form_motif))
    return render(request, "indemnites/campagne.html", contexte, status=422 if refusee else 200)


def _say_dehors(somme: Decimal) -> str:
    """What was approved since a run was prepared, and how to pay it with the rest."""
    if somme <= 0:
        return ""
    return (
        f"{format_euros(somme)} attendront la suivante. Pour les payer en même temps\u00a0: annulez celle-ci, dont "
        "rien n’est parti, et préparez-la de nouveau."
    )


@acces(PAYER)
@require_POST
def campagne_emettre(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Write the file of transfers."""
    objet = selectors.get_campagne(pk, for_acteur=request.acteur)
    done = "Le fichier de virements est prêt : téléchargez-le et déposez-le à la banque."
    attempt(request, lambda: services.issue_campagne(campagne=objet, by=request.acteur), done=done)
    return redirect("indemnites:campagne", slug=slug, pk=pk)


@acces(PAYER)
@require_GET
def campagne_fichier(request: Requete, slug: str, pk: UUID) -> HttpResponseBase:
    """The file of transfers, always the same."""
    objet = selectors.get_campagne(pk, for_acteur=request.acteur)
    if objet.fichier is None:
        raise Http404
    return serve_fichier(objet.fichier, by=request.acteur)


@acces(PAYER)
@require_POST
def campagne_annuler(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Give a run up."""
    objet = selectors.get_campagne(pk, for_acteur=request.acteur)
    motif = request.POST.get("motif", "")[:200]
    done = "La campagne est annulée : ses lignes attendent la prochaine."
    attempt(request, lambda: services.cancel_campagne(campagne=objet, motif=motif, by=request.acteur), done=done)
    return redirect("indemnites:campagne", slug=slug, pk=pk)


@acces(PAYER)
@require_POST
def campagne_payer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Say that the whole run, or one transfer of it, was paid."""
    objet = selectors.get_campagne(pk, for_acteur=request.acteur)
    form = PaiementForm(request.POST)
    if not form.is_valid():
        return _show_campagne(request, objet, form_paiement=form)
    cochees = request.POST.getlist("virement")
    seuls = [un.pk for un in objet.virements.all() if str(un.pk) in cochees] if cochees else None

    def pay() -> None:
        nombre = services.pay_virements(campagne=objet, virements=seuls, le=form.cleaned_data["le"], by=request.acteur)
        messages.success(request, f"{compter(nombre, 'virement noté payé', 'virements notés payés')}.")

    attempt(request, pay)
    return redirect("indemnites:campagne", slug=slug, pk=pk)


@acces(PAYER)
@require_POST
def virement_ecarter(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Take a transfer out of a run that has not left."""
    objet = selectors.get_virement(pk, for_acteur=request.acteur)
    if attempt(request, lambda: leave_out(virement=objet, by=request.acteur)):
        undo = reverse("indemnites:virement_remettre", args=[slug, pk])
        offer_undo(request, "Le virement est écarté : ses lignes attendent la prochaine campagne.", undo)
    return redirect("indemnites:campagne", slug=slug, pk=objet.campagne_id)


@acces(PAYER)
@require_POST
def virement_remettre(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Put a transfer back into the run that it was taken out of."""
    objet = selectors.get_virement(pk, for_acteur=request.acteur)
    done = f"Le virement de {objet.beneficiaire} est remis dans la campagne."
    attempt(request, lambda: put_back(virement=objet, by=request.acteur), done=done)
    return redirect("indemnites:campagne", slug=slug, pk=objet.campagne_id)


@acces(PAYER)
@require_http_methods(["GET", "POST"])
def virement_rejeter(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The bank sent a transfer back."""
    objet = selectors.get_virement(pk, for_acteur=request.acteur)
    page = reverse("indemnites:campagne", args=[slug, objet.campagne_id])
    form = RaisonForm(request.POST or None)
    if form.is_valid():
        motif = form.cleaned_data["motif"]
        done = "Le rejet est noté : ces lignes attendent la prochaine campagne."
        attempt(request, lambda: services.reject_virement(virement=objet, motif=motif, by=request.acteur), done=done)
        return redirect(page)
    titre = f"Virement rejeté : {objet.beneficiaire}"
    return show_form(request, form, titre, "Noter le rejet", page, sous_titre=format_euros(objet.montant))


@acces(PAYER)
@require_http_methods(["GET", "POST"])
def banque(request: Requete, slug: str) -> HttpResponse:
    """Settle transfers from a statement of the bank."""
    form = ReleveForm(request.POST or None, request.FILES or None)
    bilan = None
    if form.is_valid():
        try:
            contenu = form.cleaned_data["fichier"].read()
            bilan = apply_releve(cpts_id=request.cpts.pk, contenu=contenu, by=request.acteur)
        except ErreurRegle as refus:
            form.add_error("fichier", str(refus))
    contexte = {
        "titre": "Relevé de la banque",
        "onglets": build_onglets(request, "campagnes"),
        "fil": _fil(request),
        "form": form,
        "bilan": bilan,
    }
    return render(request, "indemnites/banque.html", contexte, status=422 if form.errors else 200)


@sensitive_post_parameters("iban")
@acces(PAYER)
@require_http_methods(["GET", "POST"])
def compte(request: Requete, slug: str) -> HttpResponse:
    """The account that pays."""
    actuel = selectors.get_compte(request.cpts.pk)
    form = CompteForm(request.POST or None, initial={"titulaire": request.cpts.nom})
    page = reverse("indemnites:campagnes", args=[slug])
    if form.is_valid():
        keep_compte(cpts_id=request.cpts.pk, by=request.acteur, **form.cleaned_data)
        messages.success(request, "Le compte de la communauté est enregistré.")
        return redirect(page)
    dit = f"Actuel : {actuel}" if actuel else "C’est le compte qui paie les virements."
    return show_form(request, form, "Compte de la communauté", "Enregistrer", page, sous_titre=dit)
