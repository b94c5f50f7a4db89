"""What sealed periods offer to other rooms."""

from maillon.pilotage.contrats.mentions import SuiteAnnee
from maillon.pilotage.contrats.permissions import LIRE
from maillon.socle.declarations import EntreeMenu

from .selectors import EVENEMENT, find_mention, find_mention_publiee

EVENEMENTS = ((EVENEMENT, "Période arrêtée"),)
MENU = (EntreeMenu("Périodes arrêtées", "arretes:arretes", "lock", "Pilotage", LIRE, 72, sous="dossiers:dossiers"),)
SUITES_ANNEE = (
    SuiteAnnee(
        "Arrêter la période",
        "Fige les chiffres, les actes et les justificatifs sous une empreinte.",
        "arretes:arretes",
        "lock",
        LIRE,
        10,
    ),
)
MENTIONS_RELEVE = (find_mention_publiee,)
MENTIONS_ANNEE = (find_mention,)
