"""Pages of fiches-action: the list, the year, one fiche and what may be done with it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.communaute.bibliotheque import selectors as bibliotheque
from maillon.communaute.bibliotheque.donnees import DonneesDocument
from maillon.communaute.bibliotheque.enums import Portee
from maillon.communaute.bibliotheque.services import add_documents
from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now, today
from maillon.socle.ui import annonces
from maillon.socle.ui.composants import Onglet, Vide
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import MOIS

from . import presentation, selectors, services
from .enums import INVERSES, Etat, Geste, Lien
from .fiche import write_fiche
from .forms import ActionForm, DocumentForm, EtapeForm
from .listes import ListeActions, show_etat
from .models import Action
from .permissions import ECRIRE, LIRE, missions_kept_by

PHRASES = {
    Geste.FAITE: "L’étape est faite.",
    Geste.A_FAIRE: "L’étape est de nouveau à faire.",
    Geste.RETIRER: "L’étape est retirée.",
    Geste.RETABLIR: "L’étape est rétablie.",
}


def _onglets(slug: str, actif: str) -> list[Onglet]:
    return [
        Onglet("Liste", reverse("actions:liste", args=[slug]), actif == "liste"),
        Onglet("Année", reverse("actions:annee", args=[slug]), actif == "annee"),
    ]


@acces(LIRE)
@require_safe
def liste(request: Requete, slug: str) -> HttpResponse:
    """The fiches, filtered and exported as shown."""
    return afficher_liste(
        request,
        ListeActions,
        selectors.list_actions(request.cpts.pk, for_acteur=request.acteur),
        gabarit="actions/actions.html",
        contexte={
            "fil": [("Communauté", ""), ("Fiches-action", "")],
            "ecrire": bool(missions_kept_by(request.acteur)),
            "onglets": _onglets(slug, "liste"),
        },
    )


@acces(LIRE)
@require_safe
def annee(request: Requete, slug: str) -> HttpResponse:
    """The actions of a year, month by month (`?annee=`)."""
    demandee = request.GET.get("annee", "")
    an = int(demandee) if demandee.isdecimal() and 2015 <= int(demandee) <= 2060 else today().year
    actions = selectors.list_actions(request.cpts.pk, for_acteur=request.acteur).order_by("mission", "debut")
    barres = presentation.build_annee(list(actions), an)
    return render(
        request,
        "actions/annee.html",
        {
            "titre": f"Fiches-action en {an}",
            "fil": [("Fiches-action", reverse("actions:liste", args=[slug])), (str(an), "")],
            "onglets": _onglets(slug, "annee"),
            "annee": an,
            "barres": [(barre, show_etat(barre.action)) for barre in barres],
            "mois": list(zip(presentation.MOIS_COURTS, MOIS, strict=True)),
            "mois_courant": today().month if an == today().year else 0,
            "vide": Vide(f"Aucune action en {an}", "Choisissez une autre année.", icone="calendar"),
        },
    )


@acces(LIRE)
@require_safe
def fiche(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """One action: what it is for, where it is, what hangs on it."""
    return _show_fiche(request, selectors.get_action(pk, for_acteur=request.acteur))


def _show_fiche(
    request: Requete, action: Action, etape: EtapeForm | None = None, document: DocumentForm | None = None
) -> HttpResponse:
    slug = request.cpts.slug
    ecrire = action.mission in missions_kept_by(request.acteur)
    rattaches = selectors.list_rattaches(action, request.acteur)
    return render(
        request,
        "actions/fiche.html",
        {
            "titre": action.titre,
            "sous_titre": action.get_mission_display().capitalize(),
            "fil": [("Fiches-action", reverse("actions:liste", args=[slug])), (action.titre, "")],
            "action": action,
            "pastille": show_etat(action),
            "faits": presentation.build_faits(action, presentation.get_libelles(action)),
            "chiffres": presentation.build_chiffres(action, rattaches),
            "evenements": presentation.build_chronologie(action, rattaches),
            "etapes": [(etape, etape.is_late(today())) for etape in action.etapes_prevues],  # type: ignore[attr-defined]
            "documents": selectors.list_documents(action.pk, for_acteur=request.acteur),
            "ecrire": ecrire,
            "boutons": presentation.list_boutons(action),
            "form_etape": etape or EtapeForm(),
            "form_document": document or (DocumentForm(acteur=request.acteur) if ecrire else None),
        },
        status=422 if etape or document else 200,
    )


@acces(LIRE)
@require_safe
def pdf(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The fiche on one page, to hand over."""
    action = selectors.get_action(pk, for_acteur=request.acteur)
    rattaches = selectors.list_rattaches(action, request.acteur)
    contenu = write_fiche(action, rattaches, libelles=presentation.get_libelles(action), le=now())
    reponse = HttpResponse(contenu, content_type="application/pdf")
    reponse["Content-Disposition"] = f'attachment; filename="fiche-action-{slugify(action.titre)[:60]}.pdf"'
    return reponse


@acces(ECRIRE)
@require_http_methods(["GET", "POST"])
def nouvelle(request: Requete, slug: str) -> HttpResponse:
    """Open a fiche."""
    initial = {"mission": request.GET.get("mission", "")}
    form = ActionForm(request.POST or None, acteur=request.acteur, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            action = services.create_action(cpts_id=request.cpts.pk, donnees=form.donnees, by=request.acteur)
            messages.success(request, "La fiche-action est ouverte. Ajoutez-y ses étapes.")
            return redirect("actions:fiche", slug=slug, pk=action.pk)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    return _show_form(request, form, "Nouvelle fiche-action", reverse("actions:liste", args=[slug]))


@acces(ECRIRE)
@require_http_methods(["GET", "POST"])
def modifier(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Correct a fiche."""
    action = selectors.get_action(pk, for_acteur=request.acteur, ecrire=True)
    form = ActionForm(request.POST or None, acteur=request.acteur, action=action)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_action(action=action, donnees=form.donnees, by=request.acteur)
            messages.success(request, "La fiche-action est corrigée.")
            return redirect("actions:fiche", slug=slug, pk=pk)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    return _show_form(request, form, f"Modifier\u00a0: {action.titre}", reverse("actions:fiche", args=[slug, pk]))


def _show_form(request: Requete, form: ActionForm, titre: str, retour: str) -> HttpResponse:
    fil = [("Fiches-action", reverse("actions:liste", args=[request.cpts.slug])), (titre, "")]
    contexte = {"titre": titre, "fil": fil, "form": form, "retour": retour}
    return render(request, "actions/formulaire.html", contexte, status=422 if form.errors else 200)


@acces(ECRIRE)
@require_POST
def dupliquer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The same action again, to be completed."""
    action = selectors.get_action(pk, for_acteur=request.acteur, ecrire=True)
    copie = services.duplicate_action(action=action, by=request.acteur)
    messages.success(request, "L’action est copiée à partir d’aujourd’hui\u00a0: vérifiez son titre et ses dates.")
    return redirect("actions:modifier", slug=slug, pk=copie.pk)


@acces(ECRIRE)
@require_POST
def changer_etat(request: Requete, slug: str, pk: UUID, etat: str) -> HttpResponse:
    """Start, finish, give up, or take up again."""
    action = selectors.get_action(pk, for_acteur=request.acteur, ecrire=True)
    if etat not in Etat.values:
        raise Http404
    try:
        avant = services.move_action(action=action, etat=Etat(etat), by=request.acteur)
        retour = reverse("actions:etat", args=[slug, pk, avant.value])
        annonces.offer_undo(request, f"L’action est {Etat(etat).label}.", retour)
    except ErreurRegle as refus:
        messages.error(request, str(refus))
    return redirect("actions:fiche", slug=slug, pk=pk)


@acces(ECRIRE)
@require_POST
def ajouter_etape(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Add a step to the calendar."""
    action = selectors.get_action(pk, for_acteur=request.acteur, ecrire=True)
    form = EtapeForm(request.POST)
    if form.is_valid():
        try:
            services.add_etape(action=action, by=request.acteur, **form.cleaned_data)
            messages.success(request, "L’étape est ajoutée.")
            return redirect("actions:fiche", slug=slug, pk=pk)
        except ErreurRegle as refus:
            form.add_error("echeance", str(refus))
    return _show_fiche(request, action, etape=form)


@acces(ECRIRE)
@require_POST
def agir_etape(request: Requete, slug: str, pk: UUID, etape_id: UUID, geste: str) -> HttpResponse:
    """A step is done, or not; it is taken away, or put back."""
    action = selectors.get_action(pk, for_acteur=request.acteur, ecrire=True)
    etape = selectors.get_etape(action, etape_id)
    if geste not in Geste.values:
        raise Http404
    fait = Geste(geste)
    services.act_on_etape(etape=etape, geste=fait, by=request.acteur)
    retour = reverse("actions:etape", args=[slug, pk, etape_id, INVERSES[fait].value])
    annonces.offer_undo(request, PHRASES[fait], retour)
    return redirect("actions:fiche", slug=slug, pk=pk)


@acces(ECRIRE)
@require_POST
def ajouter_document(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Hang documents on the action: new ones join the library, for the people of the mission."""
    action = selectors.get_action(pk, for_acteur=request.acteur, ecrire=True)
    form = DocumentForm(request.POST, request.FILES, acteur=request.acteur)
    if form.is_valid():
        donnees = DonneesDocument(titre="", mission=action.mission, portee=Portee.MISSION)
        depot = add_documents(cpts_id=action.cpts_id, donnees=donnees, pieces=form.pieces, by=request.acteur)
        choisi = form.cleaned_data["document"]
        for document in [*depot.documents, *([choisi] if choisi else [])]:
            services.link_document(action=action, document=document, by=request.acteur)
        for phrase in depot.refus:
            form.add_error("fichiers", phrase)
        if not depot.refus:
            messages.success(request, "Le document est rattaché à l’action.")
            return redirect("actions:fiche", slug=slug, pk=pk)
    return _show_fiche(request, action, document=form)


@acces(ECRIRE)
@require_POST
def lier_document(request: Requete, slug: str, pk: UUID, document_id: UUID, geste: str) -> HttpResponse:
    """Take a document off the action, or put it back."""
    action = selectors.get_action(pk, for_acteur=request.acteur, ecrire=True)
    document = bibliotheque.get_document(document_id, for_acteur=request.acteur)
    if geste not in Lien.values:
        raise Http404
    if geste == Lien.RETIRER:
        services.unlink_document(action=action, document=document, by=request.acteur)
        retour = reverse("actions:document", args=[slug, pk, document_id, Lien.LIER.value])
        annonces.offer_undo(request, "Le document n’est plus rattaché à l’action.", retour)
    else:
        services.link_document(action=action, document=document, by=request.acteur)
        messages.success(request, "Le document est rattaché à l’action.")
    return redirect("actions:fiche", slug=slug, pk=pk)
