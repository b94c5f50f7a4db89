"""What follows the meetings of the demonstration: attendance proven in each way, minutes approved, tasks, and what they
count for. Everybody is fictitious; so are the signatures.
"""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from maillon.communaute.personnes.models import Personne
from maillon.communaute.reunions.enums import Etat, PreuvePresence, Qualite, Reponse, TypeReunion
from maillon.communaute.reunions.models import CompteRendu, Participation, PointOrdreDuJour, Reunion
from maillon.communaute.reunions.selectors.comptes_rendus import list_points
from maillon.communaute.reunions.services import cloture, comptes_rendus, decisions, presences
from maillon.pilotage.contrats.models import Contrat, Indicateur
from maillon.pilotage.contrats.services import complete_fiche
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME

from .communautes import Communaute

SLUG = "grand-saint-etienne"
INDICATEUR = "qua-cercles"
SIGNATAIRES = (("Antoine", "Massardier"), ("Claire", "Fournel"))
MENTION = "Feuille signée, fictive : démonstration de Maillon.".encode()
# How the attendance of the quality circles was proven, and how many came.
PREUVES = (
    (PreuvePresence.PAPIER, 17),
    (PreuvePresence.TABLETTE, 16),
    (PreuvePresence.LIEN, 15),
    (PreuvePresence.QR, 17),
)
JOURS_DU_DERNIER = 6
CA = (
    "Le compte rendu de la séance de septembre est relu ; aucune remarque.",
    "La trésorière présente le budget de l’année 4 et répond à deux questions sur les indemnités.",
    "Une seule candidature est présentée. Le vote a lieu à bulletins secrets, sur téléphone.",
)
CERCLE = (
    ("Retour sur nos pratiques", "Chaque profession présente deux situations de l’année, sans nom ni date."),
    (
        "Cas discutés",
        "Trois situations fictives sont discutées. La durée du traitement manque sur deux ordonnances.\n"
        "Les infirmières et les pharmaciens proposent une feuille commune d’une page.",
    ),
    ("Ce que nous changeons", "La feuille commune est essayée pendant trois mois, puis revue."),
)


def hold_meetings(communaute: Communaute, contrat: Contrat, *, now: datetime) -> None:
    """Close the meetings held; write the minutes of a circle and of the board; the next circle is under way."""
    if communaute.cpts.slug != SLUG:
        return
    with use_cpts(communaute.cpts.pk):
        signataires = [
            Personne.objects.get(cpts=communaute.cpts, prenom=prenom, nom=nom, membre__isnull=False)
            for prenom, nom in SIGNATAIRES
        ]
        _count_meetings(contrat)
        tenues = Reunion.objects.filter(cpts=communaute.cpts, etat=Etat.TENUE)
        cercles = list(tenues.filter(type=TypeReunion.CERCLE_QUALITE).order_by("debut"))
        soir = timezone.localtime(now - timedelta(days=JOURS_DU_DERNIER)).replace(hour=19, minute=30, second=0)
        cercles.append(_invite(cercles[-1], "Sortie d’hôpital\u00a0: que transmettre\u00a0?", soir))
        fins = [
            _hold(reunion, signataires, preuve, nombre)
            for reunion, (preuve, nombre) in zip(cercles, PREUVES, strict=True)
        ]
        _give_tasks(cercles[0], signataires, fins[0] + timedelta(days=1))
        _write_minutes(cercles[-1], signataires, fins[-1] + timedelta(days=1))
        ca = tenues.get(type=TypeReunion.CA)
        with horloge.at(_hold(ca, signataires, PreuvePresence.SAISIE, 0) + timedelta(days=3)):
            _submit(ca, signataires, "Le quorum est atteint, la séance est ouverte.", CA)
        debut = (now - timedelta(minutes=20)).replace(second=0, microsecond=0)
        ouverte = _invite(cercles[-1], "Feuille de sortie\u00a0: premier essai", debut)
        with horloge.at(now - timedelta(minutes=12)):
            for ligne in ouverte.participations.order_by("pk")[2:7]:
                presences.record_presence(participation=ligne, preuve=PreuvePresence.QR, by=SYSTEME)


def _count_meetings(contrat: Contrat) -> None:
    """The indicator that asks for quality circles counts those attached to it."""
    indicateur: Indicateur = contrat.indicateurs.get(code=INDICATEUR)
    complete_fiche(
        indicateur=indicateur,
        definition=indicateur.definition,
        preuve_demandee=indicateur.preuve_demandee,
        periodicite=indicateur.periodicite,
        code_declare="reunions.tenues",
        by=SYSTEME,
    )


def _hold(reunion: Reunion, signataires: Sequence[Personne], preuve: PreuvePresence, nombre: int) -> datetime:
    """Take the attendance again, as on its evening, and close the meeting; returns when it ended."""
    assert reunion.debut is not None
    assert reunion.fin is not None
    Reunion.objects.filter(pk=reunion.pk).update(etat=Etat.CONVOQUEE)
    with horloge.at(reunion.debut + timedelta(minutes=7)):
        for personne in signataires:
            presences.add_present(reunion=reunion, personne=personne, preuve=PreuvePresence.SAISIE, by=SYSTEME)
        lignes = list(reunion.participations.select_related("personne").order_by("pk"))[:nombre]
        if preuve != PreuvePresence.PAPIER:
            for ligne in lignes:
                signature = draw_signature(ligne.personne) if preuve == PreuvePresence.TABLETTE else ""
                presences.record_presence(participation=ligne, preuve=preuve, signature=signature, by=SYSTEME)
    with horloge.at(reunion.fin + timedelta(minutes=10)):
        if preuve == PreuvePresence.PAPIER:
            piece = presences.Piece("feuille-signee.txt", MENTION)
            signes = {ligne.pk for ligne in lignes}
            signes |= set(reunion.participations.filter(personne__in=signataires).values_list("pk", flat=True))
            presences.record_feuille(reunion=reunion, piece=piece, presents=signes, by=SYSTEME)
        elif lignes:
            depart = reunion.debut + timedelta(minutes=75)
            presences.record_heures(participation=lignes[-1], arrivee=None, depart=depart, by=SYSTEME)
        cloture.close_reunion(reunion=reunion, by=SYSTEME)
    fin = reunion.fin
    reunion.refresh_from_db()
    return fin


def draw_signature(personne: Personne) -> str:
    """A line that looks signed, always the same for one name."""
    graine = sum(map(ord, f"{personne.prenom}{personne.nom}"))
    pas = 36
    points = [
        (
            20 + 250 * i / pas + 9 * math.sin(i * (1 + graine % 3)),
            50 + (28 - i / 2) * math.sin(i * (0.7 + graine % 7 / 5) + graine),
        )
        for i in range(pas)
    ]
    trace = " L".join(f"{x:.1f} {min(95, max(5, y)):.1f}" for x, y in points)
    return f"M{trace}"


def _give_tasks(reunion: Reunion, signataires: Sequence[Personne], moment: datetime) -> None:
    """What the first circle decided: one task done, one late."""
    with horloge.at(moment):
        decisions.record_decision(
            reunion=reunion, texte="Chacun relit dix ordonnances d’ici au prochain cercle.", by=SYSTEME
        )
        faite, _ = (
            decisions.give_tache(
                reunion=reunion, libelle=libelle, responsable=qui, echeance=(moment + duree).date(), by=SYSTEME
            )
            for libelle, qui, duree in (
                ("Envoyer la grille de relecture à tous", signataires[1], timedelta(days=10)),
                ("Demander au laboratoire ses chiffres de résistance", signataires[0], timedelta(days=92)),
            )
        )
    with horloge.at(moment + timedelta(days=6)):
        decisions.finish_tache(tache=faite, by=SYSTEME)


def _submit(reunion: Reunion, signataires: Sequence[Personne], introduction: str, textes: Sequence[str]) -> CompteRendu:
    """Minutes typed and submitted to both."""
    compte_rendu = comptes_rendus.begin_compte_rendu(reunion=reunion, by=SYSTEME)
    points = list_points(compte_rendu)
    comptes_rendus.write_compte_rendu(
        compte_rendu=compte_rendu,
        introduction=introduction,
        president=signataires[0],
        secretaire=signataires[1],
        textes=dict(zip([point.pk for point in points], textes, strict=False)),
        by=SYSTEME,
    )
    comptes_rendus.submit_compte_rendu(compte_rendu=compte_rendu, by=SYSTEME)
    return compte_rendu


def _write_minutes(reunion: Reunion, signataires: Sequence[Personne], moment: datetime) -> None:
    """The last circle: minutes approved by both and sent; a decision, a task still open."""
    for rang, (titre, _) in enumerate(CERCLE, 1):
        PointOrdreDuJour.objects.create(cpts=reunion.cpts, reunion=reunion, rang=rang, titre=titre)
    with horloge.at(moment):
        decisions.record_decision(
            reunion=reunion,
            texte="Une feuille commune de sortie est essayée pendant trois mois.",
            point=reunion.points.get(rang=3),
            by=SYSTEME,
        )
        decisions.give_tache(
            reunion=reunion,
            libelle="Écrire la feuille commune de sortie",
            responsable=reunion.participations.exclude(personne__in=signataires).order_by("pk")[0].personne,
            echeance=(moment + timedelta(days=90)).date(),
            by=SYSTEME,
        )
        introduction = "Le docteur Massardier ouvre la séance et rappelle que les situations sont anonymes."
        compte_rendu = _submit(reunion, signataires, introduction, [texte for _, texte in CERCLE])
    for qualite, personne, jours in ((Qualite.SECRETAIRE, signataires[1], 1), (Qualite.PRESIDENT, signataires[0], 3)):
        with horloge.at(moment + timedelta(days=jours)):
            comptes_rendus.approve_compte_rendu(
                compte_rendu=compte_rendu, qualite=qualite, personne=personne, by=SYSTEME
            )


def _invite(modele: Reunion, titre: str, debut: datetime) -> Reunion:
    """Another meeting of the same group, convoked, everybody coming."""
    reunion = Reunion.objects.create(
        cpts=modele.cpts,
        type=modele.type,
        titre=titre,
        mission=modele.mission,
        indicateur=modele.indicateur,
        groupe=modele.groupe,
        organisateur=modele.organisateur,
        etat=Etat.CONVOQUEE,
        debut=debut,
        fin=debut + timedelta(hours=2),
        lieu=modele.lieu,
        convoquee_le=debut - timedelta(days=21),
        precedente=modele,
    )
    Participation.objects.bulk_create(
        Participation(cpts=modele.cpts, reunion=reunion, personne_id=personne_id, reponse=Reponse.OUI, repondu_le=debut)
        for personne_id in modele.participations.order_by("pk").values_list("personne_id", flat=True)
    )
    return reunion
