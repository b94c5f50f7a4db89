"""The budget in sentences."""

from maillon.socle.ui.typographie import compter, format_date, format_euros

from .calcul import Enveloppe, Tresorerie
from .selectors import Budget, CaisseAnnoncee

DEUX_POINTS = "\u00a0:"


def say_budget(budget: Budget) -> str:
    """« Sur 404 000 € assurés cette année, 96 000 € sont payés et 185 000 € engagés : il reste 123 000 €… »"""
    depenses = budget.depenses
    if not budget.connu:
        return (
            f"{format_euros(depenses.paye)} sont payés et {format_euros(depenses.engage)} engagés. Le contrat ne donne "
            "qu’un total annuel : ce qui reste à engager ne se calcule pas par mission."
        )
    fin = (
        f"il reste {format_euros(budget.reste)} à engager"
        if budget.reste >= 0
        else f"{format_euros(-budget.reste)} sont engagés au-delà"
    )
    return (
        f"Sur {format_euros(budget.sure)} assurés cette année, {format_euros(depenses.paye)} sont payés et "
        f"{format_euros(depenses.engage)} engagés{DEUX_POINTS} {fin}."
    )


def say_risque(enveloppe: Enveloppe, budget: Budget, *, detail: bool = True) -> str:
    """« L’enveloppe Prévention serait épuisée le 3 mars : 4 200 € manqueraient à l’anniversaire. »"""
    le = enveloppe.epuisee_le
    assert le is not None
    if le <= budget.on:
        tete = f"L’enveloppe {enveloppe.libelle} est dépassée depuis le {format_date(le, jour=False)}"
    else:
        tete = f"L’enveloppe {enveloppe.libelle} serait épuisée le {format_date(le, jour=False)}"
    suite = f"{format_euros(enveloppe.manque)} manqueraient à l’anniversaire"
    if detail and enveloppe.couvert:
        suite += f", dont {format_euros(enveloppe.couvert)} couverts si ce qui est à confirmer l’est"
    return f"{tete}{DEUX_POINTS} {suite}."


def say_caisse(tresorerie: Tresorerie) -> str:
    """« La trésorerie passerait sous zéro le 3 mars : 12 400 € manquent. », or its lowest point."""
    bas = tresorerie.plus_bas
    if tresorerie.negatif is None:
        return (
            f"Au plus bas, la trésorerie serait de {format_euros(bas.certain)} le {format_date(bas.le, jour=False)}, "
            "sans compter la part variable."
        )
    le = tresorerie.negatif.le
    phrase = (
        f"La trésorerie passerait sous zéro le {format_date(le, jour=False)}{DEUX_POINTS} "
        f"{format_euros(tresorerie.manque)} manquent"
    )
    if bas.le != le:
        phrase += f" au plus bas, le {format_date(bas.le, jour=False)}"
    if tresorerie.negatif_espere is None:
        return f"{phrase}. Avec la part variable attendue, elle resterait positive."
    return f"{phrase}."


def say_retards(caisse: CaisseAnnoncee) -> str:
    """« 2 versements attendus ne sont pas enregistrés : 12 000 €. »"""
    total = format_euros(sum(p.montant for p in caisse.retards))
    nombre = len(caisse.retards)
    verbe = "n’est pas enregistré" if nombre < 2 else "ne sont pas enregistrés"
    return f"{compter(nombre, 'versement attendu', 'versements attendus')} {verbe}{DEUX_POINTS} {total}."
