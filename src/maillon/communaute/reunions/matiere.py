"""The matter of a meeting's documents: plain JSON, read once, from which PDF and DOCX are set."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from maillon.socle.ui.qr import draw_qr
from maillon.socle.ui.typographie import compter, format_date, format_duree, format_heure

from .codes import absolute
from .enums import EtatResolution, GenreDocument, Presence
from .models import CompteRendu, Convocation, Emargement, Participation, Resolution, Reunion
from .presentation import say_resultat
from .selectors.comptes_rendus import list_points
from .selectors.decisions import list_decisions, list_suites, list_taches
from .selectors.presences import compute_duree_of, count_presences, list_documents, list_lignes, list_representes
from .selectors.votes import compute_quorum_of

LIGNES_LIBRES = 6
CADRE_SIGNATURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"><path d="{}" fill="none" stroke="#1c2b2a" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>'  # noqa: E501


def build_tete(reunion: Reunion) -> dict[str, Any]:
    """What every document of a meeting says first. The year is always told: documents are read later."""
    debut = timezone.localtime(reunion.debut)
    fin = timezone.localtime(reunion.fin)
    quand = f"{format_date(debut.date(), today=debut.date())} {debut.year}"
    return {
        "communaute": reunion.cpts.nom,
        "titre": reunion.titre,
        "type": reunion.get_type_display().capitalize(),
        "quand": quand,
        "horaire": f"de {format_heure(debut)} à {format_heure(fin)}",
        "lieu": reunion.lieu or ("En visioconférence" if reunion.visio else ""),
        "pied": f"Réunion {say_reference(reunion)}",
    }


def say_reference(reunion: Reunion) -> str:
    """A short name of the meeting, printed on its sheets."""
    return reunion.pk.hex[-8:].upper()


def describe(ligne: Participation) -> str:
    """What a person does, and where."""
    structure = ligne.personne.structure
    return ", ".join(mot for mot in (ligne.personne.fonction, structure.nom if structure else "") if mot)


def build_feuille(reunion: Reunion) -> dict[str, Any]:
    """The sheet to sign: a line a person on the list, some empty ones, and the code by which it comes back."""
    tete = build_tete(reunion)
    retour = reverse("reunions:presences_papier", args=[reunion.cpts.slug, reunion.pk])
    svg = draw_qr(absolute(retour))
    return {
        **tete,
        "quand": f"{tete['quand']}, {tete['horaire']}",
        "reference": say_reference(reunion),
        "qr": svg,
        "libres": LIGNES_LIBRES,
        "lignes": [
            {"rang": rang, "nom": str(ligne.personne), "fonction": describe(ligne)}
            for rang, ligne in enumerate(list_lignes(reunion), 1)
        ],
    }


def build_presences(reunion: Reunion) -> dict[str, Any]:
    """The attendance as it is known, with how each presence was proven."""
    lignes = list(list_lignes(reunion))
    compte = count_presences(lignes)
    tete = build_tete(reunion)
    feuilles = [document for document in list_documents(reunion) if document.genre == GenreDocument.FEUILLE]
    return {
        **tete,
        "quand": f"{tete['quand']}, {tete['horaire']}",
        "resume": f"{compte.phrase} sur la liste, {compter(compte.excuses, 'excusé')}, "
        f"{compter(compte.absents + compte.a_relever, 'absent')}.",
        "lignes": [_build_ligne(ligne) for ligne in lignes],
        "feuilles": [
            {
                "nom": document.fichier.nom,
                "le": f"{timezone.localtime(document.le):%d/%m/%Y}",
                "empreinte": document.empreinte,
            }
            for document in reversed(feuilles)
        ],
    }


def _build_ligne(ligne: Participation) -> dict[str, Any]:
    trace = getattr(ligne, "emargement", None)
    present = ligne.presence == Presence.PRESENT
    passages = []
    if present and trace and trace.arrivee:
        passages.append(f"arrivée à {format_heure(timezone.localtime(trace.arrivee))}")
    if present and trace and trace.depart:
        passages.append(f"départ à {format_heure(timezone.localtime(trace.depart))}")
    signature = trace.signature if present and trace else ""
    return {
        "nom": str(ligne.personne),
        "fonction": describe(ligne),
        "etat": ligne.get_presence_display() if ligne.presence != Presence.INCONNUE else Presence.ABSENT.label,
        "preuve": _say_preuve(ligne) if present else "",
        "heures_dites": ", ".join(passages),
        "duree": format_duree(compute_duree_of(ligne)) if present else "",
        "signature": CADRE_SIGNATURE.format(signature) if signature else "",
        "sans": _say_sans_dessin(trace) if present and trace else "",
    }


def _say_sans_dessin(trace: Emargement) -> str:
    return "sur la feuille" if trace.feuille_id else trace.initiales


def _say_preuve(ligne: Participation) -> str:
    assert ligne.present_le is not None
    le = timezone.localtime(ligne.present_le)
    return f"{ligne.get_preuve_display()}, le {le:%d/%m/%Y} à {format_heure(le)}"


def build_compte_rendu(compte_rendu: CompteRendu) -> dict[str, Any]:
    """The whole minutes. `etat` and `signatures` are said by the document, which knows its approvals."""
    reunion = compte_rendu.reunion
    tete = build_tete(reunion)
    points = list_points(compte_rendu)
    votes, decisions = _list_votes(reunion), defaultdict(list)
    for decision in list_decisions(reunion):
        decisions[decision.point_id].append(decision.texte)
    connus = {point.point_id for point in points if point.point_id}
    return {
        **tete,
        "quand": f"{tete['quand']}, {tete['horaire']}",
        "version": compte_rendu.version,
        "introduction": _paragraphes(compte_rendu.introduction),
        "presences": _build_groupes(reunion),
        "quorum": say_quorum(reunion),
        "suites": [_say_suite(tache) for tache in list_suites(reunion)],
        "points": [
            {
                "rang": rang,
                "titre": point.titre,
                "texte": _paragraphes(point.texte),
                "votes": votes.get(point.point_id, []) if point.point_id else [],
                "decisions": decisions.get(point.point_id, []) if point.point_id else [],
            }
            for rang, point in enumerate(points, 1)
        ],
        "autres_votes": [vote for cle, siens in votes.items() if cle not in connus for vote in siens],
        "autres_decisions": [texte for cle, siens in decisions.items() if cle not in connus for texte in siens],
        "taches": [
            {
                "libelle": tache.libelle,
                "qui": str(tache.responsable),
                "avant": f"{tache.echeance:%d/%m/%Y}",
            }
            for tache in list_taches(reunion)
        ],
        "president": str(compte_rendu.president or ""),
        "secretaire": str(compte_rendu.secretaire or ""),
    }


def _build_groupes(reunion: Reunion) -> list[dict[str, Any]]:
    """Present, represented by whom, excused, absent: each person once."""
    representes = {pouvoir.mandant_id: pouvoir for pouvoir in list_representes(reunion)}
    groupes: dict[str, list[str]] = {"Présents": [], "Représentés": [], "Excusés": [], "Absents": []}
    for ligne in list_lignes(reunion):
        nom = str(ligne.personne)
        if ligne.presence == Presence.PRESENT:
            groupes["Présents"].append(nom)
        elif ligne.pk in representes:
            groupes["Représentés"].append(f"{nom} (pouvoir à {representes[ligne.pk].mandataire.personne})")
        elif ligne.presence == Presence.EXCUSE:
            groupes["Excusés"].append(nom)
        else:
            groupes["Absents"].append(nom)
    return [
        {"libelle": libelle, "nombre": len(noms), "noms": ", ".join(noms)} for libelle, noms in groupes.items() if noms
    ]


def say_quorum(reunion: Reunion) -> str:
    """Whether the body could decide; nothing where no quorum is asked for."""
    convocation = Convocation.objects.filter(reunion=reunion).first()
    if convocation is None or not convocation.has_quorum:
        return ""
    quorum = compute_quorum_of(reunion, convocation)
    voix = compter(quorum.voix, "voix présente ou représentée", "voix présentes ou représentées")
    if quorum.is_atteint:
        return f"Quorum atteint\u00a0: {voix} sur {quorum.votants}, {quorum.requis} requises."
    return f"Quorum non atteint\u00a0: {voix} sur {quorum.votants}, il en manque {quorum.manque}."


def _list_votes(reunion: Reunion) -> dict[UUID | None, list[dict[str, str]]]:
    votes: dict[UUID | None, list[dict[str, str]]] = defaultdict(list)
    for resolution in Resolution.objects.filter(reunion=reunion, etat=EtatResolution.CLOSE):
        votes[resolution.point_id].append({"titre": resolution.titre, "resultat": say_resultat(resolution)})
    return votes


def _say_suite(tache: Any) -> str:
    etat = f"fait le {timezone.localtime(tache.faite_le):%d/%m/%Y}" if tache.faite_le else "à faire"
    return f"{tache.libelle} ({tache.responsable}, avant le {tache.echeance:%d/%m/%Y})\u00a0: {etat}."


def _paragraphes(texte: str) -> list[str]:
    return [ligne.strip() for ligne in texte.splitlines() if ligne.strip()]
