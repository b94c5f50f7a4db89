"""Entering a contract, recording values, joining evidence. Each is atomic, names its author and is journalled."""

import hashlib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from maillon.regles import aci
from maillon.regles.aci.formats import format_nombre
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.models import Fichier
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal
from maillon.socle.taches import enqueue

from . import regles
from .actes import find_declare
from .donnees import DonneesContrat, DonneesIndicateur, DonneesMission, Piece
from .enums import EtatConstat, EtatContrat, Nature, StatutMission
from .models import Constat, Contrat, Indicateur, MissionContrat, Palier, Preuve
from .permissions import LIRE_MISSION


def request_releve(cpts_id: UUID) -> None:
    """Ask for the figures that CPAM and ARS read to be written again; one waiting job is enough."""
    enqueue("pilotage.rafraichir", cpts_id=cpts_id, once=f"pilotage.rafraichir:{cpts_id}")


@transaction.atomic
def create_contrat(
    *, cpts_id: UUID, donnees: DonneesContrat, by: Acteur, etat: EtatContrat = EtatContrat.ACTIF
) -> Contrat:
    """Enter a contract with its missions, indicators and tiers, whole or not at all.

    Raises SaisieInvalide, BaremeIncomplet or DefinitionContradictoire (`maillon.regles.erreurs`): a French sentence
    that names the numbers which disagree.
    """
    contrat = _build_contrat(cpts_id, donnees, etat)
    missions = [_build_mission(contrat, mission) for mission in donnees.missions]
    plafond = regles.compute_plafond(contrat, missions, 1)
    for mission in missions:
        mission.enveloppe = _find_enveloppe(mission, plafond)
    _check_missions(missions, donnees)
    engagees = {aci.Mission(m.mission): m.enveloppe for m in missions if m.statut != StatutMission.PREVUE}
    enveloppes = {code: enveloppe for code, enveloppe in engagees.items() if enveloppe is not None}
    regles.check_donnees(donnees, enveloppes if etat == EtatContrat.ACTIF else {})
    regles.compute_fixes(contrat, missions, 1)  # refuses a start outside the contract
    try:
        with transaction.atomic():
            contrat.save(force_insert=True)
    except IntegrityError as refus:
        if "contrat_un_seul_en_vigueur" not in str(refus):
            raise
        raise SaisieInvalide(
            "Cette communauté a déjà un contrat en vigueur sur cette période : terminez-le d’abord, "
            "ou entrez celui-ci comme « en préparation »."
        ) from None
    MissionContrat.objects.bulk_create(missions)
    _create_indicateurs(contrat, donnees.indicateurs)
    journal.record(
        "pilotage.contrat_saisi",
        contrat,
        by=by,
        etat=etat,
        signe_le=contrat.signe_le.isoformat(),
        missions=len(missions),
        indicateurs=len(donnees.indicateurs),
    )
    request_releve(cpts_id)
    return contrat


def _build_contrat(cpts_id: UUID, donnees: DonneesContrat, etat: EtatContrat) -> Contrat:
    bareme_le = donnees.bareme_le or donnees.signe_le
    anniversaires = aci.compute_anniversaires(donnees.signe_le, on=bareme_le)
    return Contrat(
        cpts_id=cpts_id,
        etat=etat,
        signe_le=donnees.signe_le,
        periode=DateRange(donnees.signe_le, anniversaires[-1]),
        bareme_le=bareme_le,
        taille=_find_taille(donnees, bareme_le),
        population=donnees.population,
        millesime=donnees.millesime,
        fonctionnement=donnees.fonctionnement,
        plafond_publie=donnees.plafond_publie,
        plafond_source=donnees.plafond_source,
        source=donnees.source,
    )


def _find_taille(donnees: DonneesContrat, bareme_le: date) -> int:
    """The size given, or that of the population; both must agree."""
    if donnees.population is None:
        if donnees.taille is None:
            raise SaisieInvalide("Donnez soit la population, soit la taille de la communauté.")
        return int(aci.Taille.read(donnees.taille))
    taille = int(aci.compute_taille(donnees.population, on=bareme_le))
    if donnees.taille not in (None, taille):
        raise SaisieInvalide(
            f"Le contrat dit taille {donnees.taille}, mais {format_nombre(donnees.population)} habitants "
            f"font une taille {taille}. Gardez l’un des deux."
        )
    return taille


def _build_mission(contrat: Contrat, donnees: DonneesMission) -> MissionContrat:
    aci.Mission.read(donnees.code)
    engagee = donnees.statut != StatutMission.PREVUE
    return MissionContrat(
        cpts_id=contrat.cpts_id,
        contrat=contrat,
        mission=donnees.code,
        statut=donnees.statut,
        debut=(donnees.debut or contrat.signe_le) if engagee else None,
        fixe=donnees.fixe,
        fixe_suivantes=donnees.fixe_suivantes,
        variable=donnees.variable,
        activation=donnees.activation,
    )


def _find_enveloppe(mission: MissionContrat, plafond: aci.Plafond) -> Decimal | None:
    """The contract's own variable part, else the scale's; None when only a total is published."""
    if mission.variable is not None:
        return mission.variable
    part = next((ligne for ligne in plafond.lignes if ligne.poste == mission.mission), None)
    return part.variable.valeur if part is not None else None


def _check_missions(missions: Iterable[MissionContrat], donnees: DonneesContrat) -> None:
    codes = {mission.mission for mission in missions}
    for indicateur in donnees.indicateurs:
        if indicateur.mission not in codes:
            aci.Mission.read(indicateur.mission)
            raise SaisieInvalide(
                f"L’indicateur « {indicateur.code} » relève de la mission « {indicateur.mission} », "
                "qui n’est pas au contrat."
            )
        if indicateur.code_declare and find_declare(indicateur.code_declare) is None:
            raise SaisieInvalide(
                f"L’indicateur « {indicateur.code} » doit être calculé par « {indicateur.code_declare} », "
                "que Maillon ne connaît pas. Corrigez ce code ou laissez-le vide."
            )


def _create_indicateurs(contrat: Contrat, donnees: Iterable[DonneesIndicateur]) -> None:
    paliers = []
    for ordre, lu in enumerate(donnees):
        indicateur = Indicateur(
            cpts_id=contrat.cpts_id,
            contrat=contrat,
            mission=lu.mission,
            code=lu.code,
            code_declare=lu.code_declare,
            libelle=lu.libelle,
            definition=lu.definition,
            nature=lu.nature,
            unite=lu.unite,
            sens=regles.find_sens(lu),
            reference=lu.reference,
            # An annex gives the values known at signature, whenever the year is that they are compared with.
            reference_le=lu.reference_le or (None if lu.reference is None else contrat.signe_le),
            certificateur=lu.certificateur,
            preuve_demandee=lu.preuve_demandee,
            source=lu.source,
            ordre=ordre,
        )
        indicateur.save(force_insert=True)
        paliers += [
            Palier(cpts_id=contrat.cpts_id, indicateur=indicateur, seuil=p.seuil, montant=p.montant, libelle=p.libelle)
            for p in lu.paliers
        ]
    Palier.objects.bulk_create(paliers)


@transaction.atomic
def start_mission(*, mission: MissionContrat, le: date, by: Acteur) -> MissionContrat:
    """Record that a mission has started; its indicators must by then sum to its variable envelope.

    Raises SaisieInvalide for a date outside the contract or in the future, DefinitionContradictoire for the sums.
    """
    contrat = mission.contrat
    if not contrat.periode.lower <= le < contrat.periode.upper:
        raise SaisieInvalide(
            f"La mission ne peut pas démarrer le {le:%d/%m/%Y} : le contrat va du "
            f"{contrat.periode.lower:%d/%m/%Y} au {contrat.periode.upper:%d/%m/%Y}."
        )
    if le > today():
        raise SaisieInvalide(f"Le {le:%d/%m/%Y} n’est pas encore passé : revenez le jour du démarrage.")
    if contrat.etat == EtatContrat.ACTIF and mission.enveloppe is not None:
        siens = contrat.indicateurs.filter(mission=mission.mission).prefetch_related("paliers")
        definitions = [regles.indicateur_of_row(i, i.paliers.all(), regles.Statut.VERIFIE) for i in siens]
        aci.check_indicateurs(definitions, enveloppes={aci.Mission(mission.mission): mission.enveloppe})
    mission.statut, mission.debut = StatutMission.DEMARREE, le
    mission.save(update_fields=["statut", "debut"])
    journal.record("pilotage.mission_demarree", mission, by=by, mission=mission.mission, le=le.isoformat())
    request_releve(contrat.cpts_id)
    return mission


@transaction.atomic
def record_constat(
    *,
    indicateur: Indicateur,
    valeur: Decimal,
    le: date,
    by: Acteur,
    source: str,
    certifie_par: str = "",
    document: Fichier | Piece | None = None,
) -> Constat:
    """Keep a dated value. With `certifie_par` it is certified and its tier pays; without, it is declared.

    The coordinator records what the CPAM certified, naming the certifier and the document. Nothing is ever changed: a
    new value for the same day corrects the former, and the same value sent twice is kept once. Raises SaisieInvalide
    for an impossible value or date, FichierRefuse for a document that is not accepted.
    """
    _check_valeur(indicateur, valeur)
    _check_date(indicateur, le)
    _lock(indicateur)
    dernier = indicateur.constats.filter(le=le).order_by("-saisi_le", "-pk").first()
    meme_valeur = dernier and (dernier.valeur, dernier.certifie_par, dernier.source) == (valeur, certifie_par, source)
    if dernier and meme_valeur and (document is None or _is_same(dernier.document, document)):
        return dernier
    fichier = _store(document, indicateur=indicateur, by=by)
    constat = Constat(
        cpts_id=indicateur.cpts_id,
        indicateur=indicateur,
        valeur=valeur,
        le=le,
        etat=EtatConstat.CERTIFIE if certifie_par else EtatConstat.DECLARE,
        source=source,
        certifie_par=certifie_par,
        document=fichier,
        saisi_par=by.compte_id,
    )
    constat.save(force_insert=True)
    journal.record(
        f"pilotage.valeur_{constat.etat}",
        indicateur,
        by=by,
        valeur=str(valeur),
        le=le.isoformat(),
        constat=str(constat.pk),
        avec_document=fichier is not None,
    )
    request_releve(indicateur.cpts_id)
    return constat


@transaction.atomic
def declare_livrable(
    *,
    indicateur: Indicateur,
    le: date,
    by: Acteur,
    document: Fichier | Piece | None = None,
    valeur: Decimal | None = None,
) -> Constat:
    """Declare a deliverable done (`valeur`: how many, its threshold by default), with its document when there is one.

    It stays to be confirmed until `record_constat` names who certified it.
    """
    if indicateur.nature != Nature.LIVRABLE:
        raise SaisieInvalide(f"« {indicateur.libelle} » n’est pas un livrable : enregistrez une valeur datée.")
    if valeur is None:
        valeur = max(palier.seuil for palier in indicateur.paliers.all())
    return record_constat(
        indicateur=indicateur, valeur=valeur, le=le, by=by, source="déclaration de la communauté", document=document
    )


@transaction.atomic
def attach_preuve(
    *,
    by: Acteur,
    libelle: str,
    le: date,
    nom: str,
    contenu: bytes,
    indicateur: Indicateur | None = None,
    acte: str = "",
    cpts_id: UUID | None = None,
) -> Preuve:
    """Join a document to an indicator, to one act (`acte`: its pseudonymous reference), or to both.

    `cpts_id` is needed only without indicator. The same document sent twice is joined once. Raises FichierRefuse for
    a document that is not accepted, SaisieInvalide when it proves nothing or comes from the future.
    """
    if indicateur is None and not acte:
        raise SaisieInvalide("Dites quel indicateur ou quel acte ce document justifie.")
    if indicateur is not None:
        _check_date(indicateur, le)
        _lock(indicateur)
        cpts_id = indicateur.cpts_id
    if cpts_id is None:
        raise SaisieInvalide("Dites à quelle communauté appartient l’acte que ce document justifie.")
    deja = Preuve.objects.filter(
        cpts_id=cpts_id, indicateur=indicateur, acte=acte, le=le, empreinte=hashlib.sha256(contenu).hexdigest()
    ).first()
    if deja is not None:
        return deja
    fichier = store_fichier(cpts_id=cpts_id, nom=nom, contenu=contenu, by=by, permission=LIRE_MISSION.code)
    preuve = Preuve(
        cpts_id=cpts_id,
        indicateur=indicateur,
        acte=acte,
        libelle=libelle,
        le=le,
        fichier=fichier,
        empreinte=fichier.empreinte,
        jointe_par=by.compte_id,
    )
    preuve.save(force_insert=True)
    journal.record("pilotage.preuve_jointe", preuve, by=by, empreinte=fichier.empreinte, le=le.isoformat())
    request_releve(cpts_id)
    return preuve


def _is_same(garde: Fichier | None, document: Fichier | Piece) -> bool:
    """Whether the document kept is the one received now."""
    recu = hashlib.sha256(document.contenu).hexdigest() if isinstance(document, Piece) else document.empreinte
    return garde is not None and garde.empreinte == recu


def _store(document: Fichier | Piece | None, *, indicateur: Indicateur, by: Acteur) -> Fichier | None:
    if not isinstance(document, Piece):
        return document
    return store_fichier(
        cpts_id=indicateur.cpts_id, nom=document.nom, contenu=document.contenu, by=by, permission=LIRE_MISSION.code
    )


def _lock(indicateur: Indicateur) -> None:
    """One entry at a time for an indicator: a form posted twice is seen as such."""
    Indicateur.objects.select_for_update().get(pk=indicateur.pk)


def _check_valeur(indicateur: Indicateur, valeur: Decimal) -> None:
    if not valeur.is_finite() or valeur < 0:
        raise SaisieInvalide(f"La valeur « {valeur} » est impossible : donnez un nombre positif ou nul.")
    if indicateur.nature == Nature.TAUX and valeur > 100:
        raise SaisieInvalide(f"Un taux de {format_nombre(valeur)} % est impossible : donnez un taux de 0 à 100.")


def _check_date(indicateur: Indicateur, le: date) -> None:
    if le > today():
        raise SaisieInvalide(f"Le {le:%d/%m/%Y} n’est pas encore passé.")
    debut, fin = indicateur.contrat.periode.lower, indicateur.contrat.periode.upper
    if not debut <= le <= fin:
        raise SaisieInvalide(f"Le {le:%d/%m/%Y} est hors du contrat, qui va du {debut:%d/%m/%Y} au {fin:%d/%m/%Y}.")
