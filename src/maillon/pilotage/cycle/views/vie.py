"""A community's life: where it is, what happened, what comes."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now, today
from maillon.socle.ui.composants import Vide

from .. import presentation, selectors
from ..agenda import write_agenda
from ..forms import NumerosForm
from ..permissions import LIRE, MODIFIER


@acces(LIRE)
@require_safe
def vie(request: Requete, slug: str) -> HttpResponse:
    """Steps, deadlines, calendar of eighteen months, history."""
    return render_vie(request)


def render_vie(request: Requete, status: int = 200, numeros: NumerosForm | None = None) -> HttpResponse:
    """The page, with the form of the association's numbers as it was sent if it was refused."""
    slug, on = request.cpts.slug, today()
    lue = selectors.get_vie(request.cpts.pk, on=on)
    structure = selectors.get_structure(request.cpts.pk)
    modifiable = request.acteur.can(MODIFIER)
    bientot, plus_tard = presentation.split_echeances(lue.ouvertes, on=on)
    return render(
        request,
        "cycle/vie.html",
        {
            "titre": "Vie de la communauté",
            "vie": lue,
            "phrase": presentation.say_etape(lue),
            "suite": presentation.say_suite(lue),
            "etapes": presentation.build_etapes(),
            "courante": presentation.get_courante(lue.etape.etape),
            "bientot": bientot,
            "plus_tard": plus_tard,
            "tenues": [presentation.show_echeance(e, on=on) for e in lue.echeances if e not in lue.ouvertes],
            "calendrier": presentation.build_calendrier(lue.echeances, on=on),
            "evenements": presentation.build_frise(lue, slug),
            "structure": structure,
            "modifiable": modifiable,
            "numeros": numeros
            or NumerosForm(
                initial={"finess": structure.finess or "", "rna": structure.rna} if structure else {},
            ),
            "vide": Vide(
                "Rien n’est encore enregistré",
                "Commencez par la lettre d’intention, ou par le fait que vous connaissez : l’ordre est libre.",
                "Ajouter un fait" if modifiable else "",
                reverse("cycle:ajouter", args=[slug]),
                "route",
            ),
        },
        status=status,
    )


@acces(LIRE)
@require_safe
def signataires(request: Requete, slug: str) -> HttpResponse:
    """Who signed the contract and its avenants, when, and the hash of the signed document."""
    lue = selectors.get_vie(request.cpts.pk, on=today())
    signes = [
        (jalon, list(jalon.signatures.all()), presentation.list_manquantes(jalon))
        for jalon in lue.jalons
        if jalon.is_signe
    ]
    page = reverse("cycle:vie", args=[slug])
    return render(
        request,
        "cycle/signataires.html",
        {
            "titre": "Signataires",
            "fil": [("Vie de la communauté", page), ("Signataires", "")],
            "signes": signes,
            "modifiable": request.acteur.can(MODIFIER),
            "vide": Vide(
                "Aucune signature enregistrée",
                "Le contrat se signe à trois : la CPTS, l’Assurance Maladie et l’ARS. Enregistrez qui a signé, "
                "et joignez le PDF signé.",
                "Enregistrer la signature du contrat" if request.acteur.can(MODIFIER) else "",
                reverse("cycle:ajouter", args=[slug]) + "?nature=aci",
                "signature",
            ),
        },
    )


@acces(LIRE)
@require_safe
def agenda(request: Requete, slug: str) -> HttpResponse:
    """The open deadlines, for any calendar."""
    lue = selectors.get_vie(request.cpts.pk, on=today())
    url = request.build_absolute_uri(reverse("cycle:vie", args=[slug]))
    evenements = presentation.build_agenda(lue.ouvertes, cle=request.cpts.pk.hex, nom=request.cpts.nom, url=url)
    return send_agenda(f"Échéances, {request.cpts.nom}", evenements, nom=f"echeances-{slug}.ics")


def send_agenda(titre: str, evenements: list[presentation.EvenementAgenda], *, nom: str) -> HttpResponse:
    """A calendar file."""
    contenu = write_agenda(titre, evenements, moment=now())
    reponse = HttpResponse(contenu, content_type="text/calendar; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse
