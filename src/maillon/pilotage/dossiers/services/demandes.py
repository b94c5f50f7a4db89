"""Asking for a pack, and sending it."""

from django.db import transaction

from maillon.pilotage.arretes.models import Arrete
from maillon.pilotage.contrats.enums import EtatContrat
from maillon.pilotage.contrats.models import Contrat
from maillon.pilotage.contrats.regles import find_annee
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal
from maillon.socle.taches import enqueue

from ..enums import EtatDossier, GenrePiece
from ..models import Dossier, ModeleTableau

# Documents that every pack holds; the table and the complete archive come beside when there is cause.
TOUJOURS = tuple(genre for genre in GenrePiece if genre not in (GenrePiece.TABLEAU, GenrePiece.ARCHIVE_COMPLETE))


@transaction.atomic
def request_dossier(
    *, contrat: Contrat, by: Acteur, arrete: Arrete | None = None, numero: int | None = None
) -> Dossier:
    """Ask for the pack of a sealed period, or of year `numero` as known today (the current one by default).

    The documents are made by a job. While one is being made, asking again gives that one. Raises SaisieInvalide for a
    contract in preparation or a year not begun.
    """
    Contrat.objects.select_for_update().get(pk=contrat.pk)
    en_cours = Dossier.objects.filter(contrat=contrat, etat=EtatDossier.EN_COURS).first()
    if en_cours is not None:
        return en_cours
    annee = arrete.annee if arrete is not None else _check_annee(contrat, numero)
    modele = ModeleTableau.objects.filter(contrat=contrat, retire_le__isnull=True).first()
    dossier = Dossier.objects.create(
        cpts_id=contrat.cpts_id,
        contrat=contrat,
        annee=annee,
        arrete=arrete,
        modele=modele,
        total=len(TOUJOURS) + (modele is not None),
        demande_par=by.compte_id,
    )
    journal.record("dossiers.demande", dossier, by=by, annee=annee, arrete=arrete is not None)
    enqueue("dossiers.produire", cpts_id=contrat.cpts_id, dossier_id=str(dossier.pk))
    return dossier


@transaction.atomic
def retry_dossier(*, dossier: Dossier, by: Acteur) -> Dossier:
    """Take up a pack that could not be made: its documents already made are kept, its matter too.

    Raises SaisieInvalide while another pack of the contract is being made.
    """
    Contrat.objects.select_for_update().get(pk=dossier.contrat_id)
    dossier = Dossier.objects.select_for_update().get(pk=dossier.pk)
    if dossier.etat != EtatDossier.ECHEC:
        return dossier
    if Dossier.objects.filter(contrat=dossier.contrat_id, etat=EtatDossier.EN_COURS).exists():
        raise SaisieInvalide("Un autre dossier de ce contrat est en préparation : attendez qu’il soit prêt.")
    dossier.etat, dossier.raison = EtatDossier.EN_COURS, ""
    dossier.save(update_fields=["etat", "raison"])
    journal.record("dossiers.relance", dossier, by=by, documents=dossier.fait)
    enqueue("dossiers.produire", cpts_id=dossier.cpts_id, dossier_id=str(dossier.pk))
    return dossier


def _check_annee(contrat: Contrat, numero: int | None) -> int:
    if contrat.etat == EtatContrat.BROUILLON:
        raise SaisieInvalide("Ce contrat est encore en préparation : il n’a pas de dossier avant sa signature.")
    courante, _, _ = find_annee(contrat, today())
    if numero is not None and not 1 <= numero <= courante:
        raise SaisieInvalide(f"L’année {numero} du contrat n’a pas commencé.")
    return numero or courante


@transaction.atomic
def transmit_dossier(*, dossier: Dossier, by: Acteur) -> Dossier:
    """Let the CPAM and the ARS of the territory read a pack. It cannot be taken back: they may have read it.

    Sent twice, it keeps its first date. Raises SaisieInvalide for a pack that is not ready.
    """
    dossier = Dossier.objects.select_for_update().get(pk=dossier.pk)
    if dossier.etat != EtatDossier.PRET:
        raise SaisieInvalide("Ce dossier n’est pas prêt : attendez que tous ses documents soient faits.")
    if dossier.transmis_le is not None:
        return dossier
    dossier.transmis_le, dossier.transmis_par = now(), by.compte_id
    dossier.save(update_fields=["transmis_le", "transmis_par"])
    journal.record("dossiers.transmis", dossier, by=by, annee=dossier.annee, provisoire=dossier.provisoire)
    return dossier
