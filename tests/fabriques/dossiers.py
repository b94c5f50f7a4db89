"""Packs for tests. Build inside `use_cpts(cpts.pk)`."""

from maillon.pilotage.contrats.models import Contrat
from maillon.pilotage.dossiers.enums import EtatDossier, GenrePiece
from maillon.pilotage.dossiers.models import Dossier, PieceDossier
from maillon.pilotage.dossiers.permissions import LIRE
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import now


def make_dossier(contrat: Contrat, *, transmis: bool = False) -> Dossier:
    """A pack said to be ready, without documents."""
    return Dossier.objects.create(
        cpts_id=contrat.cpts_id,
        contrat=contrat,
        annee=1,
        etat=EtatDossier.PRET,
        matiere={},
        total=5,
        pret_le=now(),
        transmis_le=now() if transmis else None,
    )


def make_piece(dossier: Dossier, genre: GenrePiece = GenrePiece.DOSSIER, *, interne: bool = False) -> PieceDossier:
    """A document of it."""
    fichier = store_fichier(
        cpts_id=dossier.cpts_id, nom="dossier.pdf", contenu=b"%PDF-1.7", by=SYSTEME, permission=LIRE.code
    )
    piece = PieceDossier(
        cpts_id=dossier.cpts_id,
        dossier=dossier,
        genre=genre,
        fichier=fichier,
        empreinte=fichier.empreinte,
        interne=interne,
    )
    piece.save(force_insert=True)
    return piece
