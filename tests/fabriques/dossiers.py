"""Packs for tests. Build inside `use_cpts(cpts.pk)`."""

from datetime import date
from decimal import Decimal

from maillon.pilotage.arretes.models import Arrete
from maillon.pilotage.contrats.donnees import Piece
from maillon.pilotage.contrats.enums import GenrePreuve
from maillon.pilotage.contrats.models import Contrat, Preuve
from maillon.pilotage.contrats.services import attach_preuve, record_constat
from maillon.pilotage.dossiers.enums import EtatDossier, GenrePiece
from maillon.pilotage.dossiers.models import Dossier, PieceDossier
from maillon.pilotage.dossiers.permissions import LIRE
from maillon.pilotage.dossiers.services import finish_dossier, freeze_matiere, produce_piece, request_dossier
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import now
from maillon.socle.journal.models import Entree

# What no document may repeat: the senders' own file names.
NOM_DU_DEPOSANT = "Liste de Mme Durand"
DONNE = b"%PDF-1.7 soirees tenues"
NOMINATIF = b"%PDF-1.7 noms des participants"
D_UN_ACTE = b"%PDF-1.7 declaration d'un patient"
D_UNE_VALEUR = b"valeur;15\n"


def join_documents(contrat: Contrat, acte: Entree) -> None:
    """A document that is given, one that names people, that of one act, that of a declared value."""
    annuaire, ald = contrat.indicateurs.get(code="annuaire"), contrat.indicateurs.get(code="ald")
    attach_preuve(
        indicateur=annuaire,
        libelle="Deux soirées tenues",
        le=date(2026, 10, 3),
        nom=f"{NOM_DU_DEPOSANT}.pdf",
        contenu=DONNE,
        by=SYSTEME,
    )
    fichier = store_fichier(
        cpts_id=contrat.cpts_id, nom=f"{NOM_DU_DEPOSANT} 2.pdf", contenu=NOMINATIF, by=SYSTEME, permission=LIRE.code
    )
    Preuve(
        cpts_id=contrat.cpts_id,
        indicateur=annuaire,
        libelle="Émargement de Mme Durand",
        genre=GenrePreuve.EMARGEMENT,
        nominative=True,
        le=date(2026, 10, 4),
        fichier=fichier,
        empreinte=fichier.empreinte,
    ).save(force_insert=True)
    attach_preuve(
        indicateur=ald,
        acte=str(acte.objet_id),
        libelle="Déclaration",
        le=date(2026, 10, 1),
        nom=f"{NOM_DU_DEPOSANT} 3.pdf",
        contenu=D_UN_ACTE,
        by=SYSTEME,
    )
    record_constat(
        indicateur=annuaire,
        valeur=Decimal(1),
        le=date(2026, 10, 20),
        by=SYSTEME,
        source="déclaration",
        document=Piece(f"{NOM_DU_DEPOSANT}.csv", D_UNE_VALEUR),
        document_anonyme=True,
    )


def build_dossier(contrat: Contrat, arrete: Arrete | None = None) -> Dossier:
    """A pack whose documents are all made, as the job makes them."""
    dossier = request_dossier(contrat=contrat, arrete=arrete, by=SYSTEME)
    for genre in freeze_matiere(dossier_id=dossier.pk):
        produce_piece(dossier_id=dossier.pk, genre=genre)
    return finish_dossier(dossier_id=dossier.pk)


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
