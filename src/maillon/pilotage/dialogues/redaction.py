"""The minutes as the facts say them, for the coordinator to correct."""

from collections.abc import Iterable, Sequence

from .enums import Organisme, Position
from .models import Decision
from .presentation import AvisLu, show_fil
from .selectors import Fil


def _say_contest(lu: AvisLu) -> str:
    """« 112 patients pour la CPAM. Nos fichiers donnent… »; that the party contests when it gives no value."""
    qui = Organisme(lu.avis.organisme).avec_article
    return f"{lu.valeur} pour {qui}. {lu.avis.motif}" if lu.valeur else f"{qui} conteste. {lu.avis.motif}"


def propose_compte_rendu(fils: Sequence[Fil], decisions: Iterable[Decision]) -> dict[str, str]:
    """The minutes as the facts say them, to correct."""
    accords, desaccords = [], []
    for lu in (show_fil(fil) for fil in fils):
        libelle = lu.indicateur["libelle"]
        if lu.fil.is_conteste:
            comptent = lu.fil.derniers.values()
            dits = [_say_contest(a) for a in lu.lus if a.avis in comptent and a.avis.position == Position.CONTESTE]
            desaccords.append(f"– {libelle} : {lu.valeur} pour la communauté ; {' ; '.join(dits)}")
        elif set(lu.fil.certificateurs) <= set(lu.fil.holding(Position.ACCEPTE)):
            accords.append(f"– {libelle} : {lu.valeur}")
    missions = dict.fromkeys(fil.indicateur["mission_libelle"] for fil in fils)
    suites = []
    for decision in decisions:
        avant = f", avant le {decision.echeance:%d/%m/%Y}" if decision.echeance else ""
        suites.append(f"– {decision.libelle} ({decision.get_porteur_display()}{avant})")
    return {
        "examines": "\n".join(f"– {mission}" for mission in missions),
        "accords": "\n".join(accords),
        "desaccords": "\n".join(desaccords),
        "suites": "\n".join(suites),
    }
