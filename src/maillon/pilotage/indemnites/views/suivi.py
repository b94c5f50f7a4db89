"""What the coordination, the referents and the bureau follow: the queues, the lists, people."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from maillon.communaute.personnes.models import Personne
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Onglet
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import compter, format_euros

from .. import phrases, presentation
from ..enums import Etat
from ..forms.declarations import SaisieForm, SituationForm
from ..listes import ListeFrais, ListeParticipations, ListePersonnes
from ..permissions import APPROUVER, GERER, LIRE, SUIVRE, VERIFIER
from ..selectors import annees, approbation
from ..selectors.gens import get_personne, list_payables
from ..selectors.personnes import list_annee
from ..selectors.tarifs import FENETRE, count_gardes_sans_tarif
from ..services.approbation import decide_lot
from ..services.participations import collect_participations, declare
from ..services.situations import declare_situation, send_lien
from .commun import REFUS, attempt, build_annee, build_onglets, find_annee, warn_plafond

LOT_MAX = 500
GESTES = {"verifier": Etat.VERIFIEE, "approuver": Etat.APPROUVEE}


@acces(SUIVRE)
@require_GET
def accueil(request: Requete, slug: str) -> HttpResponse:
    """What waits for my check or my agreement, and who is near the cap."""
    acteur, annee = request.acteur, today().year
    files = []
    if acteur.can(APPROUVER):
        files.append(_build_file("approuver", "À approuver", approbation.list_attentes(acteur, Etat.VERIFIEE), slug))
    if acteur.can(VERIFIER):
        files.append(_build_file("verifier", "À vérifier", approbation.list_attentes(acteur, Etat.DECLAREE), slug))
    lit = acteur.can(LIRE)
    contexte = {
        "titre": "Indemnités",
        "sous_titre": "Ce que la communauté verse à ses membres",
        "onglets": build_onglets(request, "accueil"),
        "files": files,
        "ailleurs": _say_ailleurs(request) if lit else [],
        "proches": annees.list_proches(request.cpts.pk, annee) if lit else [],
        "sans_situation": phrases.say_sans_situation(annees.count_sans_situation(request.cpts.pk, annee) if lit else 0),
        "annee": annee,
        "gerer": acteur.can(GERER),
    }
    return render(request, "indemnites/accueil.html", contexte)


def _build_file(geste: str, titre: str, file: approbation.File, slug: str) -> dict[str, Any]:
    rangs = [(attente, presentation.show_rang(attente.ligne, slug)) for attente in file.attentes]
    return {"geste": geste, "titre": titre, "file": file, "rangs": rangs}


def _say_ailleurs(request: Requete) -> list[tuple[str, str]]:
    """What waits for others than me: a sentence and the list that shows it."""
    acteur, liste = request.acteur, reverse("indemnites:participations", args=[request.cpts.slug])
    lignes = approbation.list_declarations(acteur).order_by()
    etats = [(Etat.PROPOSEE, "à confirmer par les personnes")]
    if not acteur.can(VERIFIER):
        etats.append((Etat.DECLAREE, "à vérifier par la coordination"))
    if not acteur.can(APPROUVER):
        etats.append((Etat.VERIFIEE, "à approuver par le bureau"))
    comptes = [(lignes.filter(etat=etat).count(), etat, dit) for etat, dit in etats]
    return [
        (f"{compter(n, 'participation', 'participations')} {dit}", f"{liste}?etat={etat}")
        for n, etat, dit in comptes
        if n
    ]


@acces(SUIVRE)
@require_POST
def lot(request: Requete, slug: str) -> HttpResponse:
    """Check or approve everything ticked, each on its own."""
    geste = GESTES.get(request.POST.get("geste", ""))
    if geste is None or not request.acteur.can(APPROUVER if geste == Etat.APPROUVEE else VERIFIER):
        raise Http404
    attendu = Etat.VERIFIEE if geste == Etat.APPROUVEE else Etat.DECLAREE
    cochees = set(request.POST.getlist("ligne")[:LOT_MAX])
    attentes = approbation.list_attentes(request.acteur, attendu).attentes
    lignes = [une.ligne for une in attentes if str(une.ligne.pk) in cochees and not une.pour_soi]
    if not lignes:
        messages.error(request, "Rien n’était coché, ou c’est déjà fait.")
        return redirect("indemnites:accueil", slug=slug)
    fait = decide_lot(lignes=lignes, geste=geste, by=request.acteur)
    if fait.faites:
        mot = "approuvée" if geste == Etat.APPROUVEE else "vérifiée"
        nombre = compter(len(fait.faites), f"ligne {mot}", f"lignes {mot}s")
        messages.success(request, f"{nombre}, pour {format_euros(fait.total)}.")
    for une, raison in fait.refus[:5]:
        messages.error(request, f"{une.personne}, « {une.libelle} » : {raison}")
    if len(fait.refus) > 5:
        messages.error(request, f"{compter(len(fait.refus) - 5, 'autre refus', 'autres refus')}.")
    return redirect("indemnites:accueil", slug=slug)


@acces(SUIVRE)
@require_safe
def participations(request: Requete, slug: str) -> HttpResponse:
    """Every participation that the person may see."""
    rows = approbation.list_declarations(request.acteur)
    contexte = {"onglets": build_onglets(request, "participations"), "gerer": request.acteur.can(GERER)}
    return afficher_liste(request, ListeParticipations, rows, gabarit="indemnites/liste.html", contexte=contexte)


@acces(SUIVRE)
@require_safe
def frais(request: Requete, slug: str) -> HttpResponse:
    """Every expense that the person may see."""
    rows = approbation.list_frais(request.acteur)
    contexte = {"onglets": build_onglets(request, "frais")}
    return afficher_liste(request, ListeFrais, rows, gabarit="indemnites/liste.html", contexte=contexte)


@acces(LIRE)
@require_safe
def personnes(request: Requete, slug: str) -> HttpResponse:
    """People of a calendar year."""
    annee = find_annee(request)
    contexte = {"onglets": build_onglets(request, "personnes"), "sous_titre": f"Année civile {annee}"}
    rows = list_annee(request.cpts.pk, annee)
    return afficher_liste(request, ListePersonnes, rows, gabarit="indemnites/liste.html", contexte=contexte)


def _get_personne(request: Requete, pk: UUID) -> Personne:
    personne = get_personne(request.cpts.pk, pk)
    if personne is None:
        raise Http404
    return personne


@acces(LIRE)
@require_GET
def personne(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """One person's year."""
    return _show_personne(request, _get_personne(request, pk), SituationForm())


def _show_personne(request: Requete, personne: Personne, form: SituationForm) -> HttpResponse:
    slug, annee = request.cpts.slug, find_annee(request)
    page = reverse("indemnites:personne", args=[slug, personne.pk])
    courante, gerer = today().year, request.acteur.can(GERER)
    contexte = {
        "titre": str(personne),
        "sous_titre": personne.fonction,
        "fil": [("Indemnités", reverse("indemnites:accueil", args=[slug])), (str(personne), "")],
        "annees": [Onglet(str(a), f"{page}?annee={a}", a == annee) for a in range(courante, courante - 3, -1)],
        "form_situation": form,
        "situation_ouverte": bool(form.errors),
        "gerer": gerer,
        "envoi_situation": f"{page}situation/?annee={annee}" if gerer else "",
        **build_annee(slug, personne, annee, proposees=True),
    }
    return render(request, "indemnites/personne.html", contexte, status=422 if form.errors else 200)


@acces(GERER)
@require_POST
def situation_personne(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Note what somebody said of other communities, on paper or aloud."""
    personne, annee = _get_personne(request, pk), find_annee(request)
    form = SituationForm(request.POST)
    if form.is_valid():
        try:
            declare_situation(personne=personne, annee=annee, by=request.acteur, **form.read())
            messages.success(request, f"La réponse de {personne} pour {annee} est notée.")
            return redirect(f"{reverse('indemnites:personne', args=[slug, pk])}?annee={annee}")
        except REFUS as refus:
            form.add_error(None, str(refus))
    return _show_personne(request, personne, form)


@acces(GERER)
@require_http_methods(["GET", "POST"])
def saisir(request: Requete, slug: str) -> HttpResponse:
    """Enter a participation for somebody."""
    gens = list_payables(request.cpts.pk)
    depart: dict[str, Any] = {"personne": request.GET.get("personne")}
    form = SaisieForm(request.POST or None, cpts_id=request.cpts.pk, personnes=gens, initial=depart)
    if request.method == "POST" and form.is_valid():
        personne = _get_personne(request, form.cleaned_data["personne"].pk)
        try:
            ligne = declare(personne=personne, donnees=form.read_donnees(), by=request.acteur)
            messages.success(request, f"La participation de {personne} est saisie : {format_euros(ligne.montant)}.")
            warn_plafond(request, ligne)
            return redirect(presentation.url_of(ligne, slug))
        except REFUS as refus:
            form.add_error(None, str(refus))
    accueil_url = reverse("indemnites:accueil", args=[slug])
    contexte = {
        "titre": "Saisir une participation",
        "fil": [("Indemnités", accueil_url), ("Saisir", "")],
        "form": form,
        "envoyer": "Enregistrer",
        "annuler": accueil_url,
    }
    return render(request, "indemnites/formulaire.html", contexte, status=422 if form.errors else 200)


@acces(GERER)
@require_POST
def collecter(request: Requete, slug: str) -> HttpResponse:
    """Look at the attendance sheets now, today's among them, without waiting for the night."""
    fin = today() + timedelta(days=1)
    n = collect_participations(cpts_id=request.cpts.pk, debut=fin - FENETRE, fin=fin, by=request.acteur)
    if n:
        messages.success(request, f"{compter(n, 'participation proposée', 'participations proposées')} aux personnes.")
    sans = count_gardes_sans_tarif(request.cpts.pk, fin - FENETRE, fin)
    if sans:
        messages.warning(request, phrases.say_gardes_sans_tarif(sans))
    elif not n:
        messages.success(request, "Toutes les présences des trois derniers mois sont déjà là.")
    return redirect("indemnites:accueil", slug=slug)


@acces(GERER)
@require_POST
def inviter(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Write to somebody without an account."""
    personne = _get_personne(request, pk)
    attempt(
        request,
        lambda: send_lien(personne=personne, by=request.acteur),
        done=f"Un lien est envoyé à {personne} : il s’ouvre pendant 30 jours.",
    )
    return redirect("indemnites:personne", slug=slug, pk=pk)
