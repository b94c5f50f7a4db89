"""What the sheet of an operation says: its facts, and what happened to it."""

from django.urls import reverse

from maillon.socle.ui.composants import Evenement, Fait, Ton
from maillon.socle.ui.typographie import format_date, format_euros

from .liens import find_url_poste
from .models import Operation
from .selectors.operations import list_suites

# What the journal keeps of an operation, as its sheet tells it.
SUITES: dict[str, tuple[str, Ton]] = {
    "budget.operation_modifiee": ("Corrigée", "neutre"),
    "budget.operation_annulee": ("Annulée", "neutre"),
    "budget.operation_retablie": ("Rétablie", "neutre"),
    "budget.operation_approuvee": ("Approuvée par le bureau", "bien"),
    "budget.operation_refusee": ("Refusée par le bureau", "alerte"),
    "budget.operation_payee": ("Paiement enregistré", "bien"),
    "budget.piece_jointe": ("Pièce jointe", "neutre"),
}


def build_faits(operation: Operation, slug: str) -> list[Fait]:
    """Amount, day, envelope, payee, and what it belongs to."""
    faits = [
        Fait("Montant", format_euros(operation.signe), operation.get_sens_display()),
        Fait("Date", format_date(operation.le, jour=False)),
        Fait(
            "Mission",
            operation.get_poste_display(),
            operation.get_categorie_display(),
            find_url_poste(slug, operation.poste),
        ),
    ]
    if operation.tiers:
        faits.append(Fait("Bénéficiaire ou payeur", operation.tiers))
    if operation.ligne:
        faits.append(Fait("Ligne du budget", operation.ligne.libelle))
    if operation.action:
        url = reverse("actions:fiche", args=[slug, operation.action_id])
        faits.append(Fait("Fiche-action", operation.action.titre, url=url))
    if operation.serie:
        fin = format_date(operation.serie.au, jour=False)
        faits.append(
            Fait(
                "Revient chaque mois", operation.serie.libelle, f"jusqu’au {fin}", reverse("budget:series", args=[slug])
            )
        )
    return faits


def build_frise(operation: Operation, slug: str) -> list[Evenement]:
    """From its entry to what reversed it, with who did each thing."""
    suites = list_suites(operation)
    evenements = [Evenement(operation.saisie_le, "Saisie", qui=suites.saisie_par)]
    for suite in suites.suites:
        titre, ton = SUITES.get(suite.evenement, ("", "neutre"))
        if titre:
            evenements.append(Evenement(suite.le, titre, qui=suite.qui, ton=ton))
    if operation.contrepasse:
        url = reverse("budget:operation", args=[slug, operation.contrepasse_id])
        evenements.append(Evenement(operation.saisie_le, f"Contre-passe {operation.contrepasse}", url=url))
    inverse = getattr(operation, "contrepassee_par", None)
    if inverse is not None:
        url = reverse("budget:operation", args=[slug, inverse.pk])
        evenements.append(Evenement(inverse.saisie_le, f"Contre-passée par {inverse}", url=url))
    return evenements
