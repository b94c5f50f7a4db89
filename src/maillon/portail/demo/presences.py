"""Meetings held in the demonstration: attendance proven in each way, minutes approved, tasks, and what they count for.

Everybody is fictitious; so are the signatures.
"""

import math
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from maillon.communaute.personnes.enums import GenreGroupe
from maillon.communaute.personnes.models import Groupe, Personne
from maillon.communaute.reunions.enums import Etat, PreuvePresence, Qualite, Reponse, TypeReunion
from maillon.communaute.reunions.models import Participation, PointOrdreDuJour, Reunion
from maillon.communaute.reunions.selectors.comptes_rendus import list_points
from maillon.communaute.reunions.services import cloture, comptes_rendus, decisions, presences
from maillon.pilotage.contrats.models import Contrat, Indicateur
from maillon.pilotage.contrats.services import complete_fiche
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME

from .communautes import Communaute

PARIS = ZoneInfo("Europe/Paris")
SLUG = "grand-saint-etienne"
INDICATEUR = "qua-cercles"
SIGNATAIRES = (("Claire", "Fournel"), ("Antoine", "Massardier"))
MENTION = "Feuille signée, fictive : démonstration de Maillon.".encode()
INVITES = 19
# Days ago, how attendance was proven, how many came.
CERCLES = (
    (104, PreuvePresence.PAPIER, 17, "Antibiotiques\u00a0: lire ensemble nos prescriptions"),
    (48, PreuvePresence.TABLETTE, 16, "Prévenir les chutes à domicile"),
    (17, PreuvePresence.QR, 17, "Sortie d’hôpital\u00a0: que transmettre\u00a0?"),
)


def hold_meetings(communaute: Communaute, contrat: Contrat, *, now: datetime) -> None:
    """Three quality circles held, the last one with its minutes; a fourth under way as the demonstration opens."""
    if communaute.cpts.slug != SLUG:
        return
    with use_cpts(communaute.cpts.pk):
        gens = _choose(communaute)
        with horloge.at(now - timedelta(days=200)):
            groupe = Groupe.objects.create(
                cpts=communaute.cpts, nom="Cercle de qualité", genre=GenreGroupe.CERCLE_QUALITE, mission="qualite"
            )
        _count_meetings(contrat)
        tenues = [_hold(groupe, gens, *cercle, now=now) for cercle in CERCLES]
        _give_tasks(tenues[0], gens, now - timedelta(days=CERCLES[0][0] - 1))
        _write_minutes(tenues[-1], gens, now - timedelta(days=CERCLES[-1][0] - 2))
        _open_meeting(groupe, gens, now)


def _choose(communaute: Communaute) -> list[Personne]:
    """The coordinator first, then the president, then professionals with an address."""
    connus = Personne.objects.filter(cpts=communaute.cpts).exclude(courriel="")
    claire, antoine = (connus.get(nom=nom, prenom=prenom, membre__isnull=False) for prenom, nom in SIGNATAIRES)
    autres = list(connus.exclude(pk__in=[claire.pk, antoine.pk]).exclude(professionnel=None).order_by("pk"))
    pas = max(1, len(autres) // INVITES)  # all professions
    return [claire, antoine, *autres[::pas][: INVITES - 2]]


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


def _invite(groupe: Groupe, gens: list[Personne], titre: str, debut: datetime) -> Reunion:
    reunion = Reunion.objects.create(
        cpts=groupe.cpts,
        type=TypeReunion.CERCLE_QUALITE,
        titre=titre,
        mission="qualite",
        indicateur=INDICATEUR,
        groupe=groupe,
        organisateur=gens[0],
        etat=Etat.CONVOQUEE,
        debut=debut,
        fin=debut + timedelta(hours=2),
        lieu="Maison de santé de Bellevue, Saint-Étienne",
        convoquee_le=debut - timedelta(days=21),
    )
    for rang, point in enumerate(("Retour sur nos pratiques", "Cas discutés", "Ce que nous changeons"), 1):
        PointOrdreDuJour.objects.create(cpts=groupe.cpts, reunion=reunion, rang=rang, titre=point)
    Participation.objects.bulk_create(
        Participation(
            cpts=groupe.cpts,
            reunion=reunion,
            personne=personne,
            reponse=Reponse.NON if rang == len(gens) - 1 else Reponse.OUI,
            repondu_le=debut - timedelta(days=9),
        )
        for rang, personne in enumerate(gens)
    )
    return reunion


def _hold(
    groupe: Groupe, gens: list[Personne], jours: int, preuve: PreuvePresence, nombre: int, titre: str, *, now: datetime
) -> Reunion:
    """An evening meeting that many days ago, its attendance proven and frozen."""
    debut = (now - timedelta(days=jours)).astimezone(PARIS).replace(hour=19, minute=30, second=0, microsecond=0)
    reunion = _invite(groupe, gens, titre, debut)
    lignes = list(reunion.participations.order_by("pk"))[:nombre]
    with horloge.at(debut + timedelta(minutes=7)):
        if preuve != PreuvePresence.PAPIER:
            for ligne in lignes:
                signature = draw_signature(ligne.personne) if preuve == PreuvePresence.TABLETTE else ""
                presences.record_presence(participation=ligne, preuve=preuve, signature=signature, by=SYSTEME)
    with horloge.at(debut + timedelta(hours=2, minutes=10)):
        if preuve == PreuvePresence.PAPIER:
            piece = presences.Piece("feuille-signee.txt", MENTION)
            signes = [ligne.pk for ligne in lignes]
            presences.record_feuille(reunion=reunion, piece=piece, presents=signes, by=SYSTEME)
        else:
            depart = debut + timedelta(minutes=75)
            presences.record_heures(participation=lignes[-1], arrivee=None, depart=depart, by=SYSTEME)
        return cloture.close_reunion(reunion=reunion, by=SYSTEME)


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


def _give_tasks(reunion: Reunion, gens: list[Personne], moment: datetime) -> None:
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
                ("Envoyer la grille de relecture à tous", gens[0], timedelta(days=10)),
                ("Demander au laboratoire ses chiffres de résistance", gens[1], timedelta(days=92)),
            )
        )
    with horloge.at(moment + timedelta(days=6)):
        decisions.finish_tache(tache=faite, by=SYSTEME)


def _write_minutes(reunion: Reunion, gens: list[Personne], moment: datetime) -> None:
    """The last circle: minutes typed, approved by both, sent; a task still open."""
    textes = (
        "Chaque profession présente deux sorties d’hôpital de l’année : ce qui manquait, et qui l’a retrouvé.",
        "Trois situations fictives sont discutées. Le traitement à l’entrée manque dans deux d’entre elles.\n"
        "L’infirmière et le pharmacien proposent une feuille commune d’une page.",
        "La feuille commune est essayée pendant trois mois, puis revue.",
    )
    with horloge.at(moment):
        compte_rendu = comptes_rendus.begin_compte_rendu(reunion=reunion, by=SYSTEME)
        points = list_points(compte_rendu)
        decisions.record_decision(
            reunion=reunion,
            texte="Une feuille commune de sortie est essayée de décembre à février.",
            point=points[-1].point,
            by=SYSTEME,
        )
        decisions.give_tache(
            reunion=reunion,
            libelle="Écrire la feuille commune de sortie",
            responsable=gens[2],
            echeance=(moment + timedelta(days=40)).date(),
            by=SYSTEME,
        )
        comptes_rendus.write_compte_rendu(
            compte_rendu=compte_rendu,
            introduction="Le docteur Massardier ouvre la séance et rappelle que les situations sont anonymes.",
            president=gens[1],
            secretaire=gens[0],
            textes={point.pk: texte for point, texte in zip(points, textes, strict=True)},
            by=SYSTEME,
        )
        comptes_rendus.submit_compte_rendu(compte_rendu=compte_rendu, by=SYSTEME)
    for qualite, personne, jours in ((Qualite.SECRETAIRE, gens[0], 1), (Qualite.PRESIDENT, gens[1], 3)):
        with horloge.at(moment + timedelta(days=jours)):
            comptes_rendus.approve_compte_rendu(
                compte_rendu=compte_rendu, qualite=qualite, personne=personne, by=SYSTEME
            )


def _open_meeting(groupe: Groupe, gens: list[Personne], now: datetime) -> None:
    """Under way when the demonstration opens: its code can be scanned, its list signed."""
    debut = (now - timedelta(minutes=20)).replace(second=0, microsecond=0)
    reunion = _invite(groupe, gens, "Feuille de sortie\u00a0: premier essai", debut)
    with horloge.at(now - timedelta(minutes=12)):
        for ligne in reunion.participations.order_by("pk")[2:7]:
            presences.record_presence(participation=ligne, preuve=PreuvePresence.QR, by=SYSTEME)
