"""Dialogues de gestion for tests. Build inside `use_cpts(cpts.pk)`."""

from datetime import date
from decimal import Decimal

from fabriques.pilotage import DonneesContratFabrique, DonneesIndicateurFabrique, palier
from maillon.pilotage.contrats.donnees import Piece
from maillon.pilotage.contrats.models import Contrat
from maillon.pilotage.contrats.services import create_contrat, record_constat
from maillon.pilotage.dialogues import services
from maillon.pilotage.dialogues.enums import Etat, Organisme, Porteur, Position, Rang
from maillon.pilotage.dialogues.models import Avis, CompteRendu, Decision, Dialogue, Reponse
from maillon.pilotage.dialogues.selectors import find_fil, get_transmission, list_fils
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.horloge import today

PDF = Piece("compte-rendu.pdf", b"%PDF-1.7 essai")


def make_contrat(cpts: Cpts) -> Contrat:
    """Two indicators of `acces`: ALD declared at 98 (6 000 €, certified by the CPAM), a directory declared (26 000 €,
    certified by both)."""
    contrat = create_contrat(
        cpts_id=cpts.pk,
        donnees=DonneesContratFabrique(
            indicateurs=[
                DonneesIndicateurFabrique(ald=True),
                DonneesIndicateurFabrique(
                    code="annuaire", paliers=[palier(1, 26000)], certificateur="CPAM et ARS, sur pièces"
                ),
            ]
        ),
        by=SYSTEME,
    )
    for code, valeur in (("ald", 98), ("annuaire", 1)):
        record_constat(
            indicateur=contrat.indicateurs.get(code=code),
            valeur=Decimal(valeur),
            le=today(),
            by=SYSTEME,
            source="déclaration",
        )
    return contrat


def make_dialogue(contrat: Contrat, etat: Etat = Etat.PREPARE, *, annee: int | None = None) -> Dialogue:
    """A dialogue of the current year brought to this state; the same one when it is there already."""
    numero = annee or max(1, today().year - contrat.signe_le.year)
    dialogue = Dialogue.objects.filter(contrat=contrat, annee=numero, rang=Rang.MI_ANNEE).first()
    if dialogue is None:
        dialogue = services.open_dialogue(contrat=contrat, annee=numero, rang=Rang.MI_ANNEE, by=SYSTEME)
    if etat != Etat.PREPARE and dialogue.etat == Etat.PREPARE:
        services.transmit_dialogue(dialogue=dialogue, by=SYSTEME)
    dialogue.refresh_from_db()
    if etat == Etat.TENU and dialogue.etat != Etat.TENU:
        services.hold_dialogue(dialogue=dialogue, le=today(), by=SYSTEME)
    dialogue.refresh_from_db()
    return dialogue


def indicateur_id(dialogue: Dialogue, code: str):
    return dialogue.contrat.indicateurs.get(code=code).pk


def accept(dialogue: Dialogue, code: str, organisme: Organisme = Organisme.CPAM, by: Acteur = SYSTEME) -> Avis:
    pk = indicateur_id(dialogue, code)
    return services.give_avis(
        dialogue=dialogue,
        indicateur_id=pk,
        organisme=organisme,
        position=Position.ACCEPTE,
        valeur=find_fil(list_fils(dialogue, get_transmission(dialogue)), pk).proposee,
        by=by,
    )


def contest(
    dialogue: Dialogue,
    code: str,
    organisme: Organisme = Organisme.CPAM,
    *,
    motif: str = "Nos chiffres diffèrent.",
    by: Acteur = SYSTEME,
) -> Avis:
    return services.give_avis(
        dialogue=dialogue,
        indicateur_id=indicateur_id(dialogue, code),
        organisme=organisme,
        position=Position.CONTESTE,
        motif=motif,
        by=by,
    )


def answer(avis: Avis, valeur: Decimal | None = None) -> Reponse:
    return services.answer_avis(avis=avis, texte="Voici la pièce.", valeur_corrigee=valeur, document=PDF, by=SYSTEME)


def decide(dialogue: Dialogue, echeance: date | None = None) -> Decision:
    return services.add_decision(
        dialogue=dialogue, libelle="Refaire l’annuaire", porteur=Porteur.CPTS, echeance=echeance, by=SYSTEME
    )


def sign(dialogue: Dialogue, *organismes: Organisme) -> CompteRendu:
    """The signed minutes, by the community and these."""
    return services.sign_compte_rendu(
        dialogue=dialogue,
        document=PDF,
        signe_cpts_le=today(),
        signe_le=dict.fromkeys(organismes, today()),
        by=SYSTEME,
    )
