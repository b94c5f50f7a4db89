"""What the access matrix needs to ask for an address: an object in the community, visible to the person who asks.

    @objet("demande_fiche", "demande_accepter")
    def _(cpts, membre):
        return {"demande_id": make_demande(cpts, pour=membre).pk}

The function runs inside `use_cpts(cpts.pk)`, and gives the address's arguments besides the slug. `membre` is the
member who will ask; None for the public, a link or an account without community. For a signed link:

    @lien("medecin_traitant.reponse")
    def _(cpts):
        return make_demande(cpts).pk        # what the link opens

and to have the other community hold recognisable rows, which no answer may show:

    @canari
    def _(cpts, mot):
        make_demande(cpts, commentaire=mot)
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from fabriques.budget import make_import, make_ligne, make_operation, make_serie
from fabriques.cycle import make_jalon
from fabriques.dialogues import answer, contest, decide, make_dialogue, sign
from fabriques.dossiers import make_dossier, make_piece
from fabriques.droits import make_acteur, make_membre
from fabriques.medecin_traitant import Guichet, make_demande, make_guichet, make_medecin
from fabriques.patients import make_patient
from fabriques.pilotage import DonneesContratFabrique
from maillon.communaute.territoire.models import Commune
from maillon.missions.medecin_traitant.selectors import list_communes
from maillon.pilotage.arretes.services import freeze_periode
from maillon.pilotage.contrats.enums import NatureVersement
from maillon.pilotage.contrats.models import Contrat, Indicateur
from maillon.pilotage.contrats.releves import refresh_releve
from maillon.pilotage.contrats.services import attach_preuve, create_contrat, record_versement
from maillon.pilotage.cycle.services import refresh_suivi
from maillon.pilotage.dialogues.enums import Etat
from maillon.pilotage.importations.services import deposit_from_new_source
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.droits.notifications import AccesDonne
from maillon.socle.fichiers.models import Fichier
from maillon.socle.fichiers.permissions import LIRE as LIRE_FICHIER
from maillon.socle.horloge import today
from maillon.socle.identifiants import new_id

OBJETS: dict[str, Callable[[Cpts, Membre | None], dict[str, Any]]] = {}
LIENS: dict[str, Callable[[Cpts], UUID]] = {}
CANARIS: list[Callable[[Cpts, str], None]] = []


def objet(*names: str) -> Callable[[Any], Any]:
    def register(function: Any) -> Any:
        OBJETS.update(dict.fromkeys(names, function))
        return function

    return register


def lien(purpose: str) -> Callable[[Any], Any]:
    def register(function: Any) -> Any:
        LIENS[purpose] = function
        return function

    return register


def canari(function: Callable[[Cpts, str], None]) -> Callable[[Cpts, str], None]:
    CANARIS.append(function)
    return function


@canari
def _membres(cpts: Cpts, mot: str) -> None:
    make_membre(cpts, Role.BUREAU, nom=mot, prenom=mot, email=f"{mot.lower()}.{cpts.slug}@example.org")


@objet("acces_fiche", "acces_donner_role", "acces_fermer", "acces_rouvrir", "acces_relancer")
def _membre(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"membre_id": make_membre(cpts, Role.BUREAU).pk}


@objet("acces_retirer_role")
def _mandat(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    held = make_membre(cpts, Role.BUREAU)
    return {"membre_id": held.pk, "mandat_id": held.mandats.get().pk}


@objet("courriels_renvoyer", "boite_demo_message")
def _courriel(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": AccesDonne.for_membre(make_membre(cpts, Role.BUREAU)).queue(to="essai@example.org").pk}


@objet("fichiers_telecharger")
def _fichier(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    row = Fichier(cpts=cpts, nom="essai.pdf", type="pdf", taille=1, empreinte="0" * 64, permission=LIRE_FICHIER.code)
    row.save(force_insert=True)
    return {"pk": row.pk}


@objet("patients_traces")
def _patient(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_patient(cpts).pk}


def _contrat(cpts: Cpts) -> Contrat:
    contrat = Contrat.objects.filter(cpts=cpts).first()
    if contrat is None:
        contrat = create_contrat(cpts_id=cpts.pk, donnees=DonneesContratFabrique(), by=SYSTEME)
        refresh_releve(cpts_id=cpts.pk)
    return contrat


@objet("pilotage:indicateur", "pilotage:ajouter_constat", "pilotage:ajouter_preuve", "pilotage:fiche")
def _indicateur(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    _contrat(cpts)
    return {"pk": Indicateur.objects.latest("pk").pk}


@objet("pilotage:justificatif", "pilotage:remplacer_preuve", "pilotage:retirer_preuve", "pilotage:annuler_preuve")
def _preuve(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    _contrat(cpts)
    preuve = attach_preuve(
        indicateur=Indicateur.objects.latest("pk"),
        libelle="Compte rendu",
        le=today(),
        nom="compte-rendu.txt",
        contenu=f"Compte rendu {new_id()}".encode(),
        by=SYSTEME,
    )
    return {"pk": preuve.pk}


@objet("pilotage:demarrer_mission", "pilotage:deployer_mission")
def _mission(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": _contrat(cpts).missions.get().pk}


@objet(
    "importations:importation",
    "importations:colonnes",
    "importations:libelles",
    "importations:confirmer",
    "importations:abandonner",
)
def _importation(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    _contrat(cpts)
    importation = deposit_from_new_source(
        cpts_id=cpts.pk,
        source=f"source {new_id()}",
        organisme="assurance_maladie",
        certificateur="CPAM",
        nom="essai.csv",
        contenu=b"Indicateur;Date;Valeur\nALD;2025;90\n",
        by=SYSTEME,
    )
    return {"pk": importation.pk}


@objet("pilotage:retirer_versement")
def _versement(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    recu = record_versement(
        contrat=_contrat(cpts),
        le=today(),
        montant=Decimal(1),
        annee=1,
        nature=NatureVersement.AVANCE,
        libelle=str(new_id()),
        by=SYSTEME,
    )
    return {"pk": recu.pk}


@objet("pilotage:mettre_en_vigueur")
def _brouillon(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": _contrat(cpts).pk}


@objet("arretes:arrete", "arretes:contenu")
def _arrete(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": freeze_periode(contrat=_contrat(cpts), numero=1, by=SYSTEME, motif="Évaluation").pk}


@objet("arretes:territoire_arrete", "arretes:territoire_contenu")
def _arrete_lu(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"contrat_id": _contrat(cpts).pk, **_arrete(cpts, membre)}


@objet("portefeuille:contrat", "arretes:territoire_arretes")
def _releve(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"contrat_id": _contrat(cpts).pk}


@objet("portefeuille:indicateur")
def _releve_indicateur(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"contrat_id": _contrat(cpts).pk, "indicateur_id": Indicateur.objects.latest("pk").pk}


@objet("dialogues:preparer", "dialogues:transmettre")
def _dialogue_prepare(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_dialogue(_contrat(cpts)).pk}


@objet("dialogues:noter")
def _note(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_dialogue(_contrat(cpts)).pk, "mission": "acces"}


@objet(
    "dialogues:fiche",
    "dialogues:reprendre",
    "dialogues:tenir",
    "dialogues:rouvrir",
    "dialogues:decider",
    "dialogues:clore",
    "dialogues:territoire_fiche",
    "dialogues:donner_avis",
)
def _dialogue(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_dialogue(_contrat(cpts), Etat.TRANSMIS).pk}


@objet("dialogues:accepter_mission")
def _mission_discutee(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_dialogue(_contrat(cpts), Etat.TRANSMIS).pk, "mission": "acces"}


@objet("dialogues:compte_rendu", "dialogues:signer", "dialogues:territoire_compte_rendu")
def _dialogue_tenu(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    dialogue = make_dialogue(_contrat(cpts), Etat.TENU)
    sign(dialogue)
    return {"pk": dialogue.pk}


@objet("dialogues:repondre")
def _avis(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    avis = contest(make_dialogue(_contrat(cpts), Etat.TRANSMIS), "annuaire")
    return {"pk": avis.dialogue_id, "avis_id": avis.pk}


@objet("dialogues:territoire_reponse")
def _reponse_lue(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    avis = contest(make_dialogue(_contrat(cpts), Etat.TRANSMIS), "annuaire")
    return {"pk": avis.dialogue_id, "reponse_id": answer(avis).pk}


@canari
def _dialogues(cpts: Cpts, mot: str) -> None:
    contest(make_dialogue(_contrat(cpts), Etat.TRANSMIS), "annuaire", motif=mot)


@objet("dialogues:suivre_decision")
def _decision(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    dialogue = make_dialogue(_contrat(cpts), Etat.TRANSMIS)
    return {"pk": dialogue.pk, "decision_id": decide(dialogue).pk}


@objet("cycle:jalon", "cycle:corriger", "cycle:annuler")
def _jalon(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_jalon(cpts).pk}


@objet("cycle:territoire_vie")
def _suivi(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    refresh_suivi(cpts_id=cpts.pk)
    return {"cpts_id": cpts.pk}


@canari
def _faits(cpts: Cpts, mot: str) -> None:
    make_jalon(cpts, note=mot, libelle=mot)


@objet(
    "budget:operation",
    "budget:operation_modifier",
    "budget:operation_payer",
    "budget:operation_annuler",
    "budget:operation_retablir",
    "budget:operation_contrepasser",
    "budget:operation_piece",
    "budget:operation_approuver",
    "budget:operation_refuser",
)
def _operation(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_operation(cpts).pk}


@objet("budget:serie_arreter")
def _serie(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_serie(cpts).pk}


@objet("budget:ligne_changer", "budget:ligne_retirer")
def _ligne(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_ligne(_contrat(cpts)).pk}


@objet("budget:import", "budget:import_appliquer", "budget:import_abandonner")
def _import(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_import(cpts).pk}


@canari
def _operations(cpts: Cpts, mot: str) -> None:
    _contrat(cpts)
    make_operation(cpts, libelle=mot, tiers=mot)


@objet("dossiers:dossier", "dossiers:avancement", "dossiers:relancer", "dossiers:transmettre")
def _dossier(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_dossier(_contrat(cpts)).pk}


@objet("dossiers:territoire_dossier")
def _dossier_transmis(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_dossier(_contrat(cpts), transmis=True).pk}


@objet("dossiers:territoire_piece")
def _piece_transmise(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    dossier = make_dossier(_contrat(cpts), transmis=True)
    return {"pk": dossier.pk, "piece_id": make_piece(dossier).pk}


@objet("galerie_fiche")
def _fiche(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"numero": 1}


@objet("galerie_liste")
def _liste(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"nombre": 3}


@lien("droits.invitation")
def _invite(cpts: Cpts) -> UUID:
    return make_membre(cpts, Role.PROFESSIONNEL).pk


def _guichet(cpts: Cpts) -> Guichet:
    """The community's desk, made once."""
    membre = Membre.objects.filter(cpts=cpts, roles__contains=[Role.INTERLOCUTEUR_SOCIAL.value]).first()
    if membre is None or not list_communes(cpts.pk):
        return make_guichet(cpts)
    communes = Commune.objects.in_bulk(["42218", "42330"])
    return Guichet(cpts, membre, make_acteur(membre), communes["42218"], communes["42330"])


@objet(
    "medecin_traitant_fiche",
    "medecin_traitant_qualifier",
    "medecin_traitant_proposer",
    "medecin_traitant_repondre_pour_patient",
    "medecin_traitant_prevoir",
    "medecin_traitant_clore",
    "medecin_traitant_rouvrir",
)
def _demande(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"demande_id": make_demande(_guichet(cpts)).pk}


@objet("medecin_traitant_ma_demande")
def _ma_demande(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    by = make_acteur(membre) if membre else SYSTEME
    return {"demande_id": make_demande(_guichet(cpts), by=by, origine="partenaire").pk}


@objet("medecin_traitant_places_medecin")
def _medecin(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"professionnel_id": make_medecin(_guichet(cpts)).pk}


@lien("medecin_traitant.suivi")
def _suivi(cpts: Cpts) -> UUID:
    return make_demande(_guichet(cpts)).pk


@lien("medecin_traitant.reponse")
def _reponse(cpts: Cpts) -> UUID:
    return make_demande(_guichet(cpts), etat="acceptee").sollicitations.get().pk


@canari
def _demandes(cpts: Cpts, mot: str) -> None:
    make_demande(_guichet(cpts), etat="placee", nom=mot, prenom=mot, courriel=f"{mot.lower()}@example.org")
