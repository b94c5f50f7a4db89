"""The guided entry of a contract, step by step. What is typed is kept in the draft before anything is refused."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Vide

from .. import selectors
from ..forms_saisie.ensemble import Ensemble
from ..forms_saisie.indicateurs import read_collage, read_lignes_postees
from ..models import BrouillonContrat
from ..permissions import LIRE, MODIFIER
from ..saisie import brouillon as contenus
from ..saisie.colonnes import Colonne
from ..saisie.indicateurs import propose_declare
from ..saisie.phrases import say_contrat
from ..saisie.tableau import TableauRefuse
from ._saisie_commun import find, flatten, keep_documents, need, read_draft, render_etape, save, send_back, url_of

COLLE_MAX = 250_000


@acces(LIRE)
@require_GET
def saisie(request: Requete, slug: str) -> HttpResponse:
    """Where the entry stands: what is done, by whom, what remains; the way in for coordination."""
    brouillon = find(request)
    ensemble = Ensemble(brouillon.contenu if brouillon else {})
    faites = {
        "termes": ensemble.missions is not None,
        "missions": ensemble.contrat is not None,
        "indicateurs": bool(ensemble.complet and ensemble.complet.indicateurs),
        "passe": bool(ensemble.contenu.get("versements") or ensemble.contenu.get("resultats")),
        "verifier": False,
    }
    suivante = next(code for code, faite in faites.items() if not faite)
    vide = Vide("Aucune saisie du contrat n’est en cours", "La coordination saisit le contrat ; vous le lirez ici.")
    return render(
        request,
        "pilotage/saisie.html",
        {
            "titre": "Saisir le contrat",
            "fil": [("L’année", reverse("pilotage:annee", args=[slug])), ("Saisir le contrat", "")],
            "brouillon": brouillon,
            "contrat": selectors.get_contrat(request.cpts.pk),
            "modifiable": request.acteur.can(MODIFIER),
            "lignes": [(libelle, url_of(request, code), faites[code]) for code, libelle in contenus.ETAPES],
            "suivante": url_of(request, suivante),
            "phrases": say_contrat(ensemble.complet or ensemble.contrat, on=today()) if ensemble.contrat else [],
            "enveloppes": ensemble.enveloppes,
            "vide": vide,
        },
    )


@acces(MODIFIER)
@require_http_methods(["GET", "POST"])
def termes(request: Requete, slug: str) -> HttpResponse:
    """Step 1: what the contract says, who signed, the signed text itself."""
    brouillon = find(request)
    if request.method == "POST":
        brouillon = save(request, "termes", termes=flatten(request.POST))
        brouillon, refus = keep_documents(request, brouillon, "termes", {"document": "contrat"})
        ensemble = Ensemble(brouillon.contenu)
        for champ, phrase in refus.items():
            ensemble.termes.add_error(champ, phrase)
        if ensemble.termes.is_valid():
            return redirect(url_of(request, "missions"))
        return render_etape(request, "termes", ensemble, 422, form=ensemble.termes, document=_document(brouillon))
    ensemble = Ensemble(brouillon.contenu if brouillon else {})
    return render_etape(request, "termes", ensemble, form=ensemble.termes, document=_document(brouillon))


def _document(brouillon: BrouillonContrat | None) -> dict[str, str] | None:
    return contenus.get_document(brouillon.contenu, "contrat") if brouillon else None


@acces(MODIFIER)
@require_http_methods(["GET", "POST"])
def missions(request: Requete, slug: str) -> HttpResponse:
    """Step 2: which missions, since when, and the amounts that differ from the scale."""
    if request.method == "POST":
        save(request, "missions", missions=flatten(request.POST))
    ensemble = Ensemble(need(request).contenu) if request.method == "POST" else read_draft(request)
    if ensemble.missions is None:
        return redirect(url_of(request, "termes"))
    if request.method == "POST" and ensemble.contrat is not None:
        return redirect(url_of(request, "indicateurs"))
    status = 422 if request.method == "POST" else 200
    return render_etape(request, "missions", ensemble, status, form=ensemble.missions)


@acces(MODIFIER)
@require_http_methods(["GET", "POST"])
def indicateurs(request: Requete, slug: str) -> HttpResponse:
    """Step 3: the annex, pasted or typed; each row read again at every sending."""
    ensemble = read_draft(request)
    if retour := send_back(request, ensemble):
        return retour
    refus = ""
    action = request.POST.get("action", "")
    if request.method == "POST":
        ensemble, refus = _post_indicateurs(request, dict(ensemble.contenu), action)
    form = ensemble.lignes
    assert form is not None
    if request.method == "POST" and not refus and (action != "suite" or form.is_valid()):
        return redirect(url_of(request, "passe") if action == "suite" else f"{url_of(request, 'indicateurs')}#lignes")
    return render_etape(
        request,
        "indicateurs",
        ensemble,
        422 if request.method == "POST" else 200,
        form=form,
        refus=refus,
        colle=ensemble.contenu.get("colle", ""),
        tableaux=[_show_tableau(tableau) for tableau in ensemble.contenu.get("tableaux", [])],
        roles=Colonne.choices,
        propositions=sum(ligne.propose for ligne in form.lignes),
    )


def _post_indicateurs(request: Requete, contenu: dict[str, Any], action: str) -> tuple[Ensemble, str]:
    """Keep the rows, then read a table, read one again, or take one away."""
    refus = ""
    contenu = contenus.set_lignes(contenu, read_lignes_postees(request.POST, request.POST.getlist("cle")))
    contenu["colle"] = request.POST.get("colle", "")[:COLLE_MAX]
    connues = {ligne["cle"] for ligne in contenus.get_lignes(contenu)}
    verbe, _, lot = action.partition(":")
    if verbe == "lire" or contenu["colle"].strip() or "fichier" in request.FILES:
        try:
            tableau = read_collage(contenu["colle"], request.FILES.get("fichier"))
            if tableau is not None:
                contenu = contenus.add_tableau(contenu, tableau, mission=request.POST.get("mission", ""))
                contenu = _propose(contenu, connues) | {"colle": ""}
        except TableauRefuse as erreur:
            refus = str(erreur)
    elif verbe == "relire":
        relu = contenus.remap_tableau(contenu, lot, request.POST.getlist(f"colonne-{lot}"))
        contenu = _propose(relu, connues)
    elif verbe == "oter":
        contenu = contenus.remove_tableau(contenu, lot)
    elif verbe == "suite":
        contenu["indicateurs"] = [ligne | {"propose": ""} for ligne in contenu["indicateurs"]]
    noms = ("indicateurs", "tableaux", "suite", "colle")
    brouillon = save(request, "indicateurs", **{nom: contenu[nom] for nom in noms if nom in contenu})
    return Ensemble(brouillon.contenu), refus


def _propose(contenu: dict[str, Any], connues: set[str]) -> dict[str, Any]:
    """For each row just read, the figure that Maillon computes; the person confirms by going on."""
    declares = Ensemble({}).declares
    lignes = contenus.get_lignes(contenu)
    for ligne in lignes:
        if ligne["cle"] not in connues and not ligne["declare"]:
            ligne["declare"] = propose_declare(ligne["mission"], ligne["libelle"], declares)
            ligne["propose"] = "1" if ligne["declare"] else ""
    return contenu | {"indicateurs": lignes}


def _show_tableau(tableau: dict[str, Any]) -> dict[str, Any]:
    """A table kept: for each column its title, its role and what its first rows hold."""
    lignes, entetes = tableau["tableau"], tableau["entetes"]
    titres = lignes[entetes] if entetes is not None else [""] * len(lignes[0])
    corps = lignes[(entetes + 1 if entetes is not None else 0) :][:2]
    colonnes = [
        (titre or f"Colonne {rang}", role, " · ".join(ligne[rang - 1] for ligne in corps if ligne[rang - 1]))
        for rang, (titre, role) in enumerate(zip(titres, tableau["colonnes"], strict=True), start=1)
    ]
    roles = set(tableau["colonnes"])
    return {
        "lot": tableau["lot"],
        "colonnes": colonnes,
        "lignes": len(lignes),
        "ecartees": tableau.get("ecartees", []),
        "douteux": Colonne.LIBELLE not in roles or not roles & {Colonne.PALIERS, Colonne.MONTANT, Colonne.SEUIL},
    }
