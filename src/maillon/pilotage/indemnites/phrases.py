"""What waits for somebody, in a sentence."""

from maillon.socle.ui.typographie import accorder, compter


def say_sans_situation(nombre: int) -> str:
    """How many people have not said whether another community pays them."""
    if not nombre:
        return ""
    gens = compter(nombre, "personne", "personnes")
    suite = (
        "n’a pas encore dit si une autre CPTS la paie"
        if nombre == 1
        else ("n’ont pas encore dit si une autre CPTS les paie")
    )
    return f"{gens} en attente d’un accord {suite}\u00a0: rien ne peut être approuvé avant."


def say_gardes_sans_tarif(nombre: int) -> str:
    """How many duties held wait for a rate."""
    gardes, attend = compter(nombre, "garde tenue", "gardes tenues"), accorder(nombre, "attend", "attendent")
    payees = accorder(nombre, "payée", "payées")
    return f"{gardes} {attend} un tarif de garde pour être {payees}\u00a0: le bureau en décide."
