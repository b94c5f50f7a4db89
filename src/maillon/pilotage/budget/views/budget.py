"""The budget on one page, and each mission's sheet."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from maillon.pilotage.contrats.selectors import find_annee
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Vide

from .. import phrases, presentation, selectors
from ..enums import FONCTIONNEMENT, Poste
from ..permissions import APPROUVER, ECRIRE, LIRE, LIRE_MISSION
from ..selectors import Budget


def find_budget(request: Requete) -> Budget | None:
    """The year asked for (`?annee=2`), else the current one; None without contract."""
    voulue = request.GET.get("annee", "")
    if not voulue:
        return selectors.compute_budget(request.cpts.pk, today())
    if not voulue.isdecimal() or not 1 <= int(voulue) <= 99:
        raise Http404
    courant = selectors.compute_budget(request.cpts.pk, today())
    if courant is None:
        return None
    numero, derniere = int(voulue), find_annee(courant.annee.contrat, today())[0]
    if numero > derniere:
        raise Http404
    return courant if numero == derniere else selectors.compute_budget(request.cpts.pk, today(), numero=numero)


def show_vide(request: Requete, slug: str) -> HttpResponse:
    """Nothing can be said before the contract."""
    vide = Vide(
        "Le budget part du contrat",
        "Les enveloppes de chaque mission se calculent à partir du contrat ACI : saisissez-le d’abord.",
        "Voir l’année du contrat",
        reverse("pilotage:annee", args=[slug]),
        "wallet",
    )
    return render(request, "budget/vide.html", {"titre": "Budget", "vide": vide})


@acces(LIRE_MISSION)
@require_GET
def accueil(request: Requete, slug: str) -> HttpResponse:
    """What a bureau reads: sentences, envelopes, risks, cash. A referent sees the envelopes of their missions."""
    budget = find_budget(request)
    if budget is None:
        return show_vide(request, slug)
    annee = budget.annee.annee
    courante, _, _ = find_annee(budget.annee.contrat, today())
    if not request.acteur.can(LIRE):
        contexte = {
            "titre": "Le budget de mes missions",
            "budget": budget,
            "barres": presentation.build_barres(budget, slug, sorted(request.acteur.missions)),
            "risques": [phrases.say_risque(e, budget) for e in budget.risques if e.poste in request.acteur.missions],
        }
        return render(request, "budget/mes_missions.html", contexte)
    caisse = selectors.compute_caisse(budget.annee) if annee.numero == courante else None
    operations = selectors.list_operations(request.cpts.pk, for_acteur=request.acteur)
    attente = operations.waiting_approval().order_by("le")
    return render(
        request,
        "budget/accueil.html",
        {
            "titre": f"Budget de l’année {annee.numero}",
            "sous_titre": "",
            "budget": budget,
            "onglets": presentation.build_onglets(budget, courante),
            "phrase": phrases.say_budget(budget),
            "chiffres": presentation.build_chiffres(
                budget, caisse, reverse("budget:operations", args=[slug]), reverse("budget:soldes", args=[slug])
            ),
            "barres": presentation.build_barres(budget, slug),
            "risques": [(e, phrases.say_risque(e, budget)) for e in budget.risques],
            "caisse": caisse,
            "phrase_caisse": phrases.say_caisse(caisse.tresorerie) if caisse and caisse.tresorerie else "",
            "phrase_retards": phrases.say_retards(caisse) if caisse and caisse.retards else "",
            "courbe": presentation.build_courbe(caisse) if caisse else None,
            "explication_caisse": presentation.explain_caisse(caisse) if caisse else None,
            "attente": list(attente[:6]),
            "attente_nombre": attente.count(),
            "sans_piece": operations.without_piece().count(),
            "ecrire": request.acteur.can(ECRIRE),
            "approuver": request.acteur.can(APPROUVER),
        },
    )


def _find_premier(request: Requete) -> str:
    return FONCTIONNEMENT if request.acteur.can(LIRE) else min(request.acteur.missions, default="")


@acces(LIRE_MISSION)
@require_GET
def poste(request: Requete, slug: str) -> HttpResponse:
    """One envelope (`?poste=`): what it is made of, what was planned and spent by category, its operations."""
    poste = request.GET.get("poste") or _find_premier(request)
    visible = request.acteur.can(LIRE) or poste in request.acteur.missions
    if poste not in Poste.values or not visible:
        raise Http404
    budget = find_budget(request)
    if budget is None:
        return show_vide(request, slug)
    enveloppe = budget.find(poste)
    if enveloppe is None:
        raise Http404
    annee = budget.annee.annee
    operations = selectors.list_operations(request.cpts.pk, for_acteur=request.acteur).filter(
        poste=poste, le__gte=annee.debut, le__lt=annee.fin
    )
    courante, _, _ = find_annee(budget.annee.contrat, today())
    return render(
        request,
        "budget/poste.html",
        {
            "titre": enveloppe.libelle,
            "sous_titre": f"Budget de l’année {annee.numero}",
            "fil": [("Budget", reverse("budget:accueil", args=[slug])), (enveloppe.libelle, "")],
            "budget": budget,
            "onglets": presentation.build_onglets(budget, courante, poste),
            "barre": presentation.build_barre(enveloppe),
            "risque": phrases.say_risque(enveloppe, budget) if enveloppe.a_risque else "",
            "taux": presentation.say_taux(enveloppe),
            "categories": presentation.build_categories(budget, enveloppe),
            "explication": presentation.explain_enveloppe(enveloppe) if enveloppe.connue else None,
            "reaffectations": [r for r in budget.reaffectations if poste in (r.de, r.vers)],
            "operations": list(operations.actives().by_proximite(today())[:12]),
            "nombre": operations.actives().count(),
            "declarees": [m for m in budget.mouvements if m.poste == poste and ":" in m.reference],
            "ecrire": request.acteur.can(ECRIRE),
        },
    )
