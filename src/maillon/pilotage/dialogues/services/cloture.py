"""Closing: what was accepted and signed becomes certified, then nothing of the dialogue changes any more."""

from django.db import transaction

from maillon.pilotage.contrats.enums import EtatContrat
from maillon.pilotage.contrats.services import record_constat
from maillon.pilotage.cycle.donnees import DonneesJalon
from maillon.pilotage.cycle.enums import NatureJalon
from maillon.pilotage.cycle.models import Jalon
from maillon.pilotage.cycle.selectors import list_valides
from maillon.pilotage.cycle.services import record_jalon
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..cloture import Cloture, preview_cloture
from ..enums import Etat
from ..models import CompteRendu, Dialogue
from ..selectors import get_transmission, list_fils
from .etats import check_etat, lock_dialogue, move


@transaction.atomic
def close_dialogue(*, dialogue: Dialogue, by: Acteur) -> Cloture:
    """Close a dialogue held whose signed minutes are kept; the values that both sides hold become certified.

    Only those accepted by who certifies them, and who signed the minutes: the others stay to be confirmed.
    """
    dialogue = lock_dialogue(dialogue.pk)
    check_etat(dialogue, Etat.TENU)
    compte_rendu = CompteRendu.objects.filter(dialogue=dialogue).first()
    transmission = get_transmission(dialogue)
    if compte_rendu is None or not compte_rendu.is_signe or transmission is None:
        raise SaisieInvalide("Déposez d’abord le compte rendu signé : c’est lui qui vaut constat.")
    cloture = preview_cloture(dialogue, transmission, list_fils(dialogue, transmission), compte_rendu)
    for retenue in cloture.retenues:
        assert retenue.valeur is not None
        record_constat(
            indicateur=retenue.ligne.indicateur,
            valeur=retenue.valeur,
            le=cloture.le,
            by=by,
            source=f"dialogue de gestion du {dialogue.tenu_le:%d/%m/%Y}",
            certifie_par=retenue.ligne.indicateur.certificateur,
            document=compte_rendu.fichier,
            # CPAM and ARS signed it, and open it from the dialogue.
            document_anonyme=True,
        )
    move(dialogue, Etat.CLOS, clos_le=now())
    _record_jalon(dialogue, by=by)
    journal.record(
        "dialogues.clos",
        dialogue,
        by=by,
        constats=len(cloture.retenues),
        en_suspens=len(cloture.en_suspens),
        avant=str(cloture.avant),
        apres=str(cloture.apres),
    )
    return cloture


def _record_jalon(dialogue: Dialogue, *, by: Acteur) -> None:
    """Keep the meeting in the life of the community, once: it meets the deadline of the accord."""
    assert dialogue.tenu_le is not None
    jalons = Jalon.objects.filter(cpts_id=dialogue.cpts_id, nature=NatureJalon.DIALOGUE, le=dialogue.tenu_le)
    if dialogue.contrat.etat != EtatContrat.ACTIF or list_valides(jalons):
        return
    donnees = DonneesJalon(nature=NatureJalon.DIALOGUE, le=dialogue.tenu_le, libelle=str(dialogue))
    record_jalon(cpts_id=dialogue.cpts_id, donnees=donnees, by=by)
