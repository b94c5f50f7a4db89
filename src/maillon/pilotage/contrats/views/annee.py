"""The contract year."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Onglet, Vide

from .. import presentation, selectors
from ..annee import AnneeContrat, compute_annee
from ..mentions import find_mention, list_suites
from ..models import Indicateur
from ..permissions import LIRE, LIRE_MISSION, MODIFIER


def _find_annee(request: Requete) -> AnneeContrat | None:
    """The year asked for (`?annee=2`), else the current one; None without contract."""
    contrat = selectors.get_contrat(request.cpts.pk)
    if contrat is None:
        return None
    voulue = request.GET.get("annee", "")
    courante = compute_annee(contrat, today())
    if not voulue:
        return courante
    if not voulue.isdecimal() or not 1 <= int(voulue) <= courante.annee.numero:
        raise Http404
    return courante if int(voulue) == courante.annee.numero else compute_annee(contrat, today(), numero=int(voulue))


def build_onglets(annee: AnneeContrat) -> list[Onglet]:
    """The years already begun."""
    courante, _, _ = selectors.find_annee(annee.contrat, today())
    return [
        Onglet(f"Année {numero}", f"?annee={numero}" if numero != courante else "?", numero == annee.annee.numero)
        for numero in range(1, courante + 1)
    ]


@acces(LIRE_MISSION)
@require_GET
def annee(request: Requete, slug: str) -> HttpResponse:
    """The contract year: whole for those who steer, their missions' indicators for the others."""
    acteur = request.acteur
    annee = _find_annee(request)
    if annee is None:
        vide = Vide(
            "Aucun contrat n’est encore saisi",
            "Le contrat donne à chaque indicateur ses paliers et ses euros : l’année se calcule à partir de lui.",
            "Saisir le contrat" if acteur.can(MODIFIER) else "",
            reverse("pilotage:saisie", args=[slug]),
            "signature",
        )
        return render(request, "pilotage/vide.html", {"titre": "L’année", "vide": vide})
    visibles = (
        None
        if acteur.can(LIRE)
        else set(Indicateur.objects.visible_to(acteur).filter(contrat=annee.contrat).values_list("pk", flat=True))
    )
    if visibles is not None:
        lignes = [ligne for ligne in annee.indicateurs if ligne.indicateur.pk in visibles]
        return render(
            request, "pilotage/mes_indicateurs.html", {"titre": "Mes indicateurs", "annee": annee, "lignes": lignes}
        )
    mention = find_mention(annee)
    return render(
        request,
        "pilotage/annee.html",
        {
            "mention": mention,
            "chiffres_arretes": presentation.chiffres_of_json(mention.chiffres, close=True) if mention else (),
            "titre": f"Année {annee.annee.numero} du contrat",
            "annee": annee,
            "onglets": build_onglets(annee),
            "phrase": selectors.say_annee(annee),
            "chiffres": presentation.build_chiffres(annee),
            "barres": presentation.build_barres(annee),
            "prochains": annee.prochains[:4] if not annee.is_close else (),
            "suites": list_suites(acteur),
            "lacunes": annee.lacunes,
            "phrase_lacunes": selectors.say_lacunes(annee.lacunes) if annee.lacunes else "",
        },
    )
