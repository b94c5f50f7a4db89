"""What pages read of packs."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from maillon.pilotage.arretes.models import Arrete
from maillon.pilotage.contrats.models import Contrat
from maillon.socle.droits.acteur import Acteur

from .enums import GENRES_RESERVES
from .models import Dossier, ModeleTableau, PieceDossier
from .permissions import LIRE, PREPARER


def list_dossiers(contrat: Contrat) -> QuerySet[Dossier]:
    """Every pack of a contract, the latest first, without what they are made from."""
    return Dossier.objects.filter(contrat=contrat).select_related("arrete").defer("matiere", "arrete__contenu")


def get_dossier(pk: UUID, *, for_acteur: Acteur) -> Dossier:
    """A pack of the person's community, or 404."""
    if for_acteur.cpts_id is None or not for_acteur.can(LIRE):
        raise Http404
    dossiers = Dossier.objects.select_related("arrete", "cpts", "contrat").defer("arrete__contenu", "matiere")
    dossier = dossiers.filter(pk=pk, cpts_id=for_acteur.cpts_id).first()
    if dossier is None:
        raise Http404
    return dossier


def list_pieces(dossier: Dossier, *, for_acteur: Acteur) -> list[PieceDossier]:
    """The documents of a pack that the person may open; archives are for those who prepare it."""
    pieces = dossier.pieces.select_related("fichier")
    return list(pieces if for_acteur.can(PREPARER) else pieces.exclude(genre__in=GENRES_RESERVES))


def list_transmis(acteur: Acteur) -> QuerySet[Dossier]:
    """Packs sent by the communities of an agent's territory, the latest first."""
    return (
        Dossier.objects.filter(cpts_id__in=acteur.cpts_lues, transmis_le__isnull=False)
        .select_related("cpts")
        .defer("matiere")
        .order_by("-transmis_le")
    )


def get_transmis(pk: UUID, *, for_acteur: Acteur) -> Dossier:
    """A pack that was sent, or 404 for any other."""
    dossier = list_transmis(for_acteur).filter(pk=pk).first()
    if dossier is None:
        raise Http404
    return dossier


def list_pieces_transmises(dossier: Dossier) -> list[PieceDossier]:
    """The documents that left the community. Read inside `act_in`."""
    return list(dossier.pieces.select_related("fichier").filter(interne=False))


def find_modele(contrat: Contrat) -> ModeleTableau | None:
    """The table that the CPAM asks to fill for this contract."""
    return ModeleTableau.objects.select_related("fichier").filter(contrat=contrat, retire_le__isnull=True).first()


def list_arretes(contrat: Contrat) -> list[Arrete]:
    """The sealed periods that a pack can be made of: the last seal of each."""
    return list(Arrete.objects.en_vigueur().filter(contrat=contrat).legers().order_by("-annee", "-fin"))


def may_open_piece(acteur: Acteur, fichier_id: UUID) -> bool:
    """Whether a document stored by this app is for this person."""
    piece = PieceDossier.objects.filter(fichier_id=fichier_id).first()
    if piece is None:
        return ModeleTableau.objects.filter(fichier_id=fichier_id).exists()
    return piece.genre not in GENRES_RESERVES or acteur.can(PREPARER)
