"""Two dialogues de gestion of the demonstration: last year's, closed, and one that the CPAM is reading now."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from maillon.pilotage.contrats.donnees import Piece
from maillon.pilotage.contrats.models import Contrat
from maillon.pilotage.contrats.regles import bounds_of, find_annee
from maillon.pilotage.dialogues import services
from maillon.pilotage.dialogues.enums import Organisme, Porteur, Position, Rang
from maillon.pilotage.dialogues.models import Dialogue
from maillon.pilotage.dialogues.selectors import Fil, get_transmission, list_fils
from maillon.regles.aci.cycle import add_months
from maillon.socle import horloge
from maillon.socle.comptes.models import Compte
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.selectors import acteur_of_compte

from .cycle import find_ouvre
from .personnes import Personne

# The smallest PDF that a reader opens: one page, one line.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 78>>stream\nBT /F1 14 Tf 72 760 Td (Compte rendu signe - document fictif de Maillon) Tj ET\n"
    b"endstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
ORDRE_DU_JOUR = (
    "1. Suites du dialogue précédent\n2. Les indicateurs, mission par mission\n3. Justificatifs attendus\n"
    "4. Décisions, et date du prochain dialogue"
)


def hold_dialogues(contrat: Contrat, *, now: datetime) -> None:
    """Play both dialogues of a community whose contract has run for more than a year."""
    numero, debut, _ = find_annee(contrat, now.date())
    if numero < 2:
        return
    with use_cpts(contrat.cpts_id):
        _play_closed(contrat, numero - 1, now=now)
        if now.date() > debut:
            _play_current(contrat, numero, now=now)


def _agent(prenom: str, nom: str) -> Acteur:
    compte = Compte.objects.get(email=Personne(prenom, nom, femme=True).courriel)
    return acteur_of_compte(compte, fort=True)


def _play_closed(contrat: Contrat, numero: int, *, now: datetime) -> None:
    """Last year's dialogue at mid-year: transmitted, accepted, signed, closed."""
    debut, _ = bounds_of(contrat, numero)
    # The meeting itself is fourteen days later, on the day that the community's history already tells.
    jour = find_ouvre(add_months(debut, 6)) - timedelta(days=14)
    moment = now.replace(year=jour.year, month=jour.month, day=jour.day)
    with horloge.at(moment):
        dialogue = _open(contrat, numero, Rang.MI_ANNEE, jour=14)
        cpam, ars = _agent("Françoise", "Villard"), _agent("Anaïs", "Renaud")
    with horloge.at(moment + timedelta(days=7)):
        for mission in dict.fromkeys(fil.indicateur["mission"] for fil in _list_chiffres(dialogue)):
            services.accept_mission(dialogue=dialogue, mission=mission, organisme=Organisme.CPAM, by=cpam)
            services.accept_mission(dialogue=dialogue, mission=mission, organisme=Organisme.ARS, by=ars)
    with horloge.at(moment + timedelta(days=14)):
        for libelle, porteur, jours in (
            ("Joindre la liste du SAS signée par l’établissement support", Porteur.CPTS, 45),
            ("Transmettre les statistiques de dépistage du trimestre", Porteur.CPAM, 60),
        ):
            services.add_decision(
                dialogue=dialogue,
                libelle=libelle,
                porteur=porteur,
                echeance=horloge.today() + timedelta(days=jours),
                by=SYSTEME,
            )
        services.hold_dialogue(dialogue=dialogue, le=horloge.today(), by=SYSTEME)
    with horloge.at(moment + timedelta(days=21)):
        signe_le = {organisme: horloge.today() for organisme in Organisme}
        services.sign_compte_rendu(
            dialogue=dialogue,
            document=Piece("compte-rendu-signe.pdf", PDF),
            signe_cpts_le=horloge.today(),
            signe_le=signe_le,
            by=SYSTEME,
        )
        services.close_dialogue(dialogue=dialogue, by=SYSTEME)
    with horloge.at(moment + timedelta(days=60)):
        services.mark_decision(decision=dialogue.decisions.filter(porteur=Porteur.CPAM).get(), faite=True, by=SYSTEME)


def _play_current(contrat: Contrat, numero: int, *, now: datetime) -> None:
    """The dialogue under way: one indicator contested and answered, some accepted, the others to read."""
    dialogue = _open(contrat, numero, Rang.MI_ANNEE, jour=12)
    cpam = _agent("Françoise", "Villard")
    fils = _list_chiffres(dialogue)
    conteste = next(
        (fil for fil in fils if fil.indicateur["code"] == "mt-volontaires"), max(fils, key=lambda fil: fil.enjeu)
    )
    for fil in fils[:3]:
        if fil is not conteste:
            _give(dialogue, fil, Organisme.CPAM, cpam)
    assert conteste.proposee is not None
    avis = services.give_avis(
        dialogue=dialogue,
        indicateur_id=conteste.id,
        organisme=Organisme.CPAM,
        position=Position.CONTESTE,
        valeur=max(conteste.proposee - Decimal(2), Decimal(0)),
        motif="La liste jointe en compte deux de moins : deux engagements ne sont pas datés.",
        by=cpam,
    )
    services.answer_avis(
        avis=avis, texte="Les deux engagements datés arrivent cette semaine ; voici la liste mise à jour.", by=SYSTEME
    )


def _open(contrat: Contrat, numero: int, rang: Rang, *, jour: int) -> Dialogue:
    """Open, plan and transmit a dialogue, to be held in `jour` days."""
    dialogue = services.open_dialogue(contrat=contrat, annee=numero, rang=rang, by=SYSTEME)
    services.plan_dialogue(
        dialogue=dialogue,
        prevu_le=horloge.today() + timedelta(days=jour),
        heure=time(14),
        lieu="Siège de la CPAM, salle du conseil",
        visio="",
        ordre_du_jour=ORDRE_DU_JOUR,
        by=SYSTEME,
    )
    services.transmit_dialogue(dialogue=dialogue, by=SYSTEME)
    return dialogue


def _list_chiffres(dialogue: Dialogue) -> list[Fil]:
    fils = list_fils(dialogue, get_transmission(dialogue))
    return [fil for fil in fils if fil.proposee is not None]


def _give(dialogue: Dialogue, fil: Fil, organisme: Organisme, by: Acteur) -> None:
    services.give_avis(
        dialogue=dialogue,
        indicateur_id=fil.id,
        organisme=organisme,
        position=Position.ACCEPTE,
        valeur=fil.proposee,
        by=by,
    )
