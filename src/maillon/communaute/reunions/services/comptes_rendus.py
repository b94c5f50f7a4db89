"""The minutes: typed, submitted, approved by two people, kept and sent."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from maillon.communaute.personnes.models import Personne
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.services import create_lien, revoke_liens
from maillon.socle.fichiers.enums import TypeFichier
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..documents.pdf import write_pdf
from ..documents.word import write_word
from ..enums import Etat, EtatCompteRendu, GenreDocument, Qualite
from ..matiere import build_compte_rendu
from ..models import (
    ActionRefusee,
    Approbation,
    CompteRendu,
    Participation,
    PointCompteRendu,
    Reunion,
    VersionCompteRendu,
)
from ..notifications_presences import ApprobationDemandee, CompteRenduValide
from ..selectors.comptes_rendus import find_version
from .cloture import keep_document, request_releve

LIEN_COMPTE_RENDU = "reunions.compte_rendu"
DUREE_DU_LIEN = timedelta(days=90)


@transaction.atomic
def begin_compte_rendu(*, reunion: Reunion, by: Acteur) -> CompteRendu:
    """The minutes of a meeting, made on the first call: an item for each of the agenda's, the organiser as secretary.

    Raises ActionRefusee as long as the meeting is not closed.
    """
    compte_rendu = CompteRendu.objects.filter(reunion=reunion).first()
    if compte_rendu is not None:
        return compte_rendu
    if reunion.etat != Etat.TENUE:
        raise ActionRefusee("Le compte rendu s’écrit une fois la réunion close : relevez d’abord les présences.")
    compte_rendu = CompteRendu.objects.create(cpts_id=reunion.cpts_id, reunion=reunion, secretaire=reunion.organisateur)
    PointCompteRendu.objects.bulk_create(
        PointCompteRendu(cpts_id=reunion.cpts_id, compte_rendu=compte_rendu, point=point, rang=rang, titre=point.titre)
        for rang, point in enumerate(reunion.points.all(), 1)
    )
    journal.record("reunions.compte_rendu_commence", compte_rendu, by=by)
    return compte_rendu


@transaction.atomic
def write_compte_rendu(
    *,
    compte_rendu: CompteRendu,
    introduction: str,
    president: Personne | None,
    secretaire: Personne | None,
    textes: Mapping[Any, str],
    by: Acteur,
) -> CompteRendu:
    """Keep what is typed; `textes` gives that of each item by its key. Raises ActionRefusee once submitted."""
    compte_rendu = _lock(compte_rendu)
    _check_redaction(compte_rendu)
    if president is not None and president == secretaire:
        raise ActionRefusee("Le président et le secrétaire de séance sont deux personnes : changez l’une des deux.")
    compte_rendu.introduction, compte_rendu.president, compte_rendu.secretaire = introduction, president, secretaire
    compte_rendu.save(update_fields=["introduction", "president", "secretaire"])
    points = list(PointCompteRendu.objects.filter(compte_rendu=compte_rendu, pk__in=list(textes)))
    for point in points:
        point.texte = textes[point.pk]
    PointCompteRendu.objects.bulk_update(points, ["texte"])
    return compte_rendu


@transaction.atomic
def add_point(*, compte_rendu: CompteRendu, titre: str, by: Acteur) -> PointCompteRendu:
    """An item that was not on the agenda. Raises ActionRefusee once submitted."""
    compte_rendu = _lock(compte_rendu)
    _check_redaction(compte_rendu)
    dernier = PointCompteRendu.objects.filter(compte_rendu=compte_rendu).order_by("-rang").first()
    return PointCompteRendu.objects.create(
        cpts_id=compte_rendu.cpts_id,
        compte_rendu=compte_rendu,
        rang=dernier.rang + 1 if dernier else 1,
        titre=titre,
    )


@transaction.atomic
def submit_compte_rendu(*, compte_rendu: CompteRendu, by: Acteur) -> VersionCompteRendu:
    """Keep the minutes as a new version and ask the two people for their approval. Raises ActionRefusee."""
    compte_rendu = _lock(compte_rendu)
    _check_redaction(compte_rendu)
    if compte_rendu.president is None or compte_rendu.secretaire is None:
        raise ActionRefusee("Dites qui préside la séance et qui en tient le secrétariat : ils approuvent le texte.")
    compte_rendu.version += 1
    compte_rendu.etat = EtatCompteRendu.SOUMIS
    compte_rendu.save(update_fields=["version", "etat"])
    contenu = build_compte_rendu(compte_rendu)
    version = VersionCompteRendu(
        cpts_id=compte_rendu.cpts_id,
        compte_rendu=compte_rendu,
        numero=compte_rendu.version,
        contenu=contenu,
        empreinte=hash_contenu(contenu),
        par=by.compte_id,
    )
    version.save(force_insert=True)
    for personne in (compte_rendu.president, compte_rendu.secretaire):
        message = ApprobationDemandee.for_compte_rendu(compte_rendu)
        message.queue(to=personne.courriel, occasion=f"{version.numero}:{personne.pk}")
    journal.record("reunions.compte_rendu_soumis", compte_rendu, by=by, version=version.numero)
    return version


@transaction.atomic
def approve_compte_rendu(*, compte_rendu: CompteRendu, qualite: Qualite, personne: Personne, by: Acteur) -> Approbation:
    """One of the two approvals of the version submitted; with the second one the minutes are valid, kept as PDF and
    DOCX and sent. Raises ActionRefusee: not submitted, not this person's to give, given already.
    """
    compte_rendu = _lock(compte_rendu)
    if compte_rendu.etat != EtatCompteRendu.SOUMIS:
        raise ActionRefusee(f"Ce compte rendu est {compte_rendu.get_etat_display()} : il n’attend pas d’approbation.")
    attendue = compte_rendu.president_id if qualite == Qualite.PRESIDENT else compte_rendu.secretaire_id
    if attendue != personne.pk:
        raise ActionRefusee("Cette approbation revient à une autre personne.")
    version = find_version(compte_rendu)
    assert version is not None
    approbation = Approbation(cpts_id=compte_rendu.cpts_id, version=version, qualite=qualite, personne=personne)
    try:
        with transaction.atomic():
            approbation.save(force_insert=True)
    except IntegrityError:
        raise ActionRefusee("Cette approbation est déjà donnée.") from None
    journal.record("reunions.compte_rendu_approuve", compte_rendu, by=by, version=version.numero, qualite=qualite.value)
    if version.approbations.count() == len(Qualite):
        _validate(compte_rendu, version, by)
    return approbation


def _validate(compte_rendu: CompteRendu, version: VersionCompteRendu, by: Acteur) -> None:
    """Both approved: the documents are made of the version kept, never of what changed since."""
    compte_rendu.etat = EtatCompteRendu.VALIDE
    compte_rendu.save(update_fields=["etat"])
    reunion, vue, moment = compte_rendu.reunion, show_version(version), now()
    nom = f"compte-rendu-{timezone.localtime(reunion.debut):%Y-%m-%d}"
    pdf, docx = write_pdf("compte_rendu", vue, le=moment), write_word(vue, le=moment)
    keep_document(
        reunion, GenreDocument.COMPTE_RENDU, nom=f"{nom}.pdf", contenu=pdf, type_fichier=TypeFichier.PDF, by=by
    )
    keep_document(
        reunion, GenreDocument.COMPTE_RENDU_DOCX, nom=f"{nom}.docx", contenu=docx, type_fichier=TypeFichier.DOCX, by=by
    )
    journal.record("reunions.compte_rendu_valide", compte_rendu, by=by, version=version.numero)
    request_releve(reunion)
    send_compte_rendu(compte_rendu=compte_rendu, by=by)


@transaction.atomic
def send_compte_rendu(*, compte_rendu: CompteRendu, by: Acteur) -> int:
    """Write to everybody on the list: a personal link to the approved minutes; how many. Raises ActionRefusee."""
    if compte_rendu.etat != EtatCompteRendu.VALIDE:
        raise ActionRefusee("Le compte rendu n’est pas validé : il ne part qu’avec ses deux approbations.")
    ecrits = 0
    lignes = Participation.objects.filter(reunion=compte_rendu.reunion_id).exclude(personne__courriel="")
    for participation in lignes.select_related("personne", "reunion__cpts"):
        revoke_liens(but=LIEN_COMPTE_RENDU, objet_id=participation.pk)
        jeton = create_lien(
            but=LIEN_COMPTE_RENDU,
            cpts_id=participation.cpts_id,
            objet_id=participation.pk,
            expire_le=now() + DUREE_DU_LIEN,
        )
        message = CompteRenduValide.for_participation(participation, jeton)
        occasion = f"version {compte_rendu.version}"
        ecrits += message.queue(to=participation.personne.courriel, occasion=occasion) is not None
    compte_rendu.envoye_le = now()
    compte_rendu.save(update_fields=["envoye_le"])
    journal.record("reunions.compte_rendu_envoye", compte_rendu, by=by, nombre=ecrits)
    return ecrits


@transaction.atomic
def reopen_compte_rendu(*, compte_rendu: CompteRendu, by: Acteur) -> CompteRendu:
    """Write again minutes submitted or approved: what was submitted stays, the next version asks for approvals anew."""
    compte_rendu = _lock(compte_rendu)
    if compte_rendu.etat != EtatCompteRendu.REDACTION:
        compte_rendu.etat = EtatCompteRendu.REDACTION
        compte_rendu.save(update_fields=["etat"])
        journal.record("reunions.compte_rendu_repris", compte_rendu, by=by, version=compte_rendu.version)
    return compte_rendu


def show_version(version: VersionCompteRendu) -> dict[str, Any]:
    """The matter of a version with what its document says of its approvals."""
    donnees = [
        f"{approbation.get_qualite_display()}, {approbation.personne}, le {timezone.localtime(approbation.le):%d/%m/%Y}"
        for approbation in version.approbations.select_related("personne").order_by("le")
    ]
    etat = "Validé" if len(donnees) == len(Qualite) else "Projet, non validé"
    signatures = f"Approuvé par\u00a0: {' ; '.join(donnees)}." if donnees else ""
    return {
        **version.contenu,
        "etat": etat,
        "signatures": signatures,
        "pied": f"{version.contenu['pied']}, version {version.numero}",
    }


def show_brouillon(compte_rendu: CompteRendu) -> dict[str, Any]:
    """The matter of minutes still being written."""
    vue = build_compte_rendu(compte_rendu)
    return {**vue, "etat": "Projet, non validé", "signatures": "", "pied": f"{vue['pied']}, projet"}


def hash_contenu(contenu: Any) -> str:
    """SHA-256 of the matter, in the JSON that the database would give back."""
    return hashlib.sha256(json.dumps(contenu, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _lock(compte_rendu: CompteRendu) -> CompteRendu:
    """The minutes, locked; who signs them is read after the lock: a joined row would be that of before the wait."""
    verrouille = CompteRendu.objects.select_for_update(no_key=True, of=("self",))
    return verrouille.select_related("reunion__cpts").get(pk=compte_rendu.pk)


def _check_redaction(compte_rendu: CompteRendu) -> None:
    if compte_rendu.etat != EtatCompteRendu.REDACTION:
        raise ActionRefusee(
            f"Ce compte rendu est {compte_rendu.get_etat_display()}. Reprenez sa rédaction pour le changer."
        )
