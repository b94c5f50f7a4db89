"""What the desk offers to upper rooms: menu, home sentences, indicators, personal data."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from maillon.socle.declarations import (
    Agregat,
    DonneesPersonnelles,
    EffacementPatient,
    ElementPersonne,
    EntreeMenu,
    GenreSollicitation,
    IndicateurDeclare,
    OppositionPatient,
    Sens,
    SourceAlertes,
    SourceElementsPartenaire,
)
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import format_date, local_day

from . import permissions, services
from .enums import MotifRefus
from .models import GENRE
from .notifications import DemandeProposee, RappelMedecin
from .selectors import indicateurs, present_demandes, stocks
from .selectors.alertes_places import list_alertes_places
from .selectors.alertes_repartition import list_alertes_repartition
from .selectors.attente import list_alertes_recontact
from .selectors.entrees import list_acces
from .selectors.suivi import list_alertes_journee
from .selectors.totaux import list_alertes

RUBRIQUE = "Accès aux soins"

MENU = (
    EntreeMenu(
        "Ma journée au guichet",
        "medecin_traitant_journee",
        "phone",
        RUBRIQUE,
        permission=permissions.GERER,
        ordre=9,
        telephone=True,
        court="Journée",
    ),
    EntreeMenu(
        "Médecin traitant",
        "medecin_traitant_liste",
        "stethoscope",
        RUBRIQUE,
        permission=permissions.GERER,
        ordre=10,
        telephone=True,
        court="Demandes",
    ),
    EntreeMenu(
        "Mes places",
        "medecin_traitant_mes_places",
        "stethoscope",
        RUBRIQUE,
        permission=permissions.REPONDRE,
        ordre=13,
    ),
    EntreeMenu(
        "Places des médecins",
        "medecin_traitant_places",
        "list-check",
        RUBRIQUE,
        permission=permissions.GERER,
        ordre=11,
    ),
    EntreeMenu(
        "Carte des places",
        "medecin_traitant_places_ensemble",
        "map-2",
        RUBRIQUE,
        permission=permissions.VOIR_TOTAUX,
        ordre=15,
        sous="medecin_traitant_totaux",
    ),
    EntreeMenu(
        "Mes patients",
        "medecin_traitant_mes_patients",
        "users",
        RUBRIQUE,
        permission=permissions.REPONDRE,
        ordre=12,
        telephone=True,
        court="Patients",
    ),
    EntreeMenu(
        "Ce qui m’a été demandé",
        "medecin_traitant_mes_chiffres",
        "chart-bar",
        RUBRIQUE,
        permission=permissions.REPONDRE,
        ordre=15,
        sous="sollicitations:liste",
    ),
    EntreeMenu(
        "Mes demandes déposées",
        "medecin_traitant_mes_demandes",
        "user-plus",
        RUBRIQUE,
        permission=permissions.DEPOSER,
        ordre=13,
        telephone=True,
        court="Déposées",
    ),
    EntreeMenu(
        "Le guichet en chiffres",
        "medecin_traitant_totaux",
        "chart-bar",
        RUBRIQUE,
        permission=permissions.VOIR_TOTAUX,
        ordre=14,
    ),
    EntreeMenu(
        "Demande pour une personne que je suis",
        "medecin_traitant_deposer",
        "user-plus",
        "Nouveau",
        permission=permissions.DEPOSER,
        ordre=11,
    ),
    EntreeMenu(
        "Liste d’attente à reprendre",
        "medecin_traitant_liste_nouvelle",
        "upload",
        "Nouveau",
        permission=permissions.GERER,
        ordre=51,
    ),
    EntreeMenu(
        "Demande de médecin traitant",
        "medecin_traitant_nouvelle",
        "stethoscope",
        "Nouveau",
        permission=permissions.GERER,
        ordre=10,
    ),
)

ALERTES = (
    SourceAlertes(list_alertes),
    SourceAlertes(list_alertes_journee),
    SourceAlertes(list_alertes_places),
    SourceAlertes(list_alertes_recontact, permissions.GERER),
    SourceAlertes(list_alertes_repartition, permissions.VOIR_TOTAUX),
)

SOLLICITATIONS = (
    GenreSollicitation(
        code=GENRE,
        libelle="Médecin traitant",
        titre="Une personne cherche un médecin traitant",
        attente=("personne cherche un médecin traitant", "personnes cherchent un médecin traitant"),
        motifs=tuple((motif.value, str(motif.label)) for motif in MotifRefus),
        repondre=permissions.REPONDRE,
        gerer=permissions.GERER,
        verrouille=services.lock,
        suit=services.follow_appel,
        presente=present_demandes,
        disponibles=services.find_disponibles,
        courriel=DemandeProposee,
        rappel=RappelMedecin,
        rappel_avant=timedelta(days=services.JOURS_AVANT_RAPPEL),
        accepte="Je prends cette personne",
        merci="Merci. La personne est prévenue ; vous aurez ses coordonnées dès qu’elle aura dit oui.",
        suite="C’est noté. La demande est proposée à d’autres.",
    ),
)
EVENEMENTS = (
    ("medecin_traitant.deposee", "Demande déposée"),
    ("medecin_traitant.qualifiee", "Demande qualifiée"),
    ("medecin_traitant.corrigee", "Situation corrigée"),
    ("medecin_traitant.planifiee", "Prochaine étape décidée"),
    ("medecin_traitant.transmise", "Demande confiée à une autre personne"),
    ("medecin_traitant.contact_corrige", "Téléphone ou courriel corrigé"),
    ("medecin_traitant.proposee", "Demande proposée à un médecin"),
    ("medecin_traitant.acceptee", "Demande acceptée par un médecin"),
    ("medecin_traitant.refusee", "Demande refusée par un médecin"),
    ("medecin_traitant.refus_annule", "Refus d’un médecin annulé"),
    ("medecin_traitant.acceptation_annulee", "Acceptation d’un médecin annulée"),
    ("medecin_traitant.reponse_medecin_notee", "Réponse d’un médecin notée par le guichet"),
    ("medecin_traitant.desistement", "Accord repris par le médecin"),
    ("medecin_traitant.expiree", "Proposition restée sans réponse"),
    ("medecin_traitant.rappel_medecin", "Rappel au médecin"),
    ("medecin_traitant.rappel_patient", "Rappel au patient"),
    ("medecin_traitant.patient_a_rappeler", "Patient à appeler"),
    ("medecin_traitant.placee", "Médecin trouvé"),
    ("medecin_traitant.declinee_patient", "Médecin décliné par le patient"),
    ("medecin_traitant.close", "Demande close"),
    ("medecin_traitant.rouverte", "Demande rouverte"),
    ("medecin_traitant.capacite", "Places d’un médecin mises à jour"),
    ("medecin_traitant.campagne", "Recensement des places lancé"),
    ("medecin_traitant.campagne_rappel", "Rappel du recensement"),
    ("medecin_traitant.campagne_appel", "Médecin appelé pour le recensement"),
    ("medecin_traitant.campagne_close", "Recensement clos"),
    ("medecin_traitant.renfort", "Renfort enregistré"),
    ("medecin_traitant.renfort_fini", "Renfort terminé"),
    ("medecin_traitant.mouvement", "Départ ou arrivée annoncé"),
    ("medecin_traitant.mouvement_annule", "Départ ou arrivée annulé"),
    ("medecin_traitant.mouvement_applique", "Départ arrivé à sa date"),
    ("medecin_traitant.exportee", "Export des demandes"),
    ("medecin_traitant.repartition_lancee", "Répartition de la liste d’attente lancée"),
    ("medecin_traitant.repartition_calculee", "Répartition calculée"),
    ("medecin_traitant.repartition_revue", "Ligne d’une répartition décidée"),
    ("medecin_traitant.repartition_relancee", "Répartition recalculée"),
    ("medecin_traitant.repartition_envoi", "Envoi d’une répartition demandé"),
    ("medecin_traitant.repartition_envoyee", "Répartition envoyée"),
    ("medecin_traitant.repartition_exportee", "Export d’une répartition"),
    ("medecin_traitant.repartition_abandonnee", "Répartition abandonnée"),
    ("medecin_traitant.repartition_echec", "Calcul d’une répartition arrêté"),
    ("medecin_traitant.liste_deposee", "Liste d’attente déposée"),
    ("medecin_traitant.liste_colonnes", "Colonnes d’une liste d’attente choisies"),
    ("medecin_traitant.liste_appliquee", "Liste d’attente enregistrée"),
    ("medecin_traitant.liste_annulee", "Liste d’attente annulée"),
    ("medecin_traitant.liste_abandonnee", "Liste d’attente abandonnée"),
    ("medecin_traitant.reprise_de_liste", "Demande reprise d’une liste d’attente"),
    ("medecin_traitant.accord_recueilli", "Accord de la personne recueilli"),
    ("medecin_traitant.acces_donne", "Accès donné à un partenaire"),
    ("medecin_traitant.acces_retire", "Accès d’un partenaire retiré"),
    ("medecin_traitant.appelee", "Appel à la personne"),
    ("medecin_traitant.appel_annule", "Appel noté par erreur"),
    ("medecin_traitant.tache_notee", "Tâche notée"),
    ("medecin_traitant.tache_faite", "Tâche faite"),
    ("medecin_traitant.tache_annulee", "Tâche retirée"),
    ("medecin_traitant.tache_transmise", "Tâche confiée à une autre personne"),
    ("medecin_traitant.priorite_decidee", "Priorité décidée par une personne"),
    ("medecin_traitant.priorite_rendue", "Priorité rendue au calcul"),
    ("medecin_traitant.poids_adoptes", "Points de priorité adoptés"),
    ("medecin_traitant.reponse_annulee", "Réponse du patient annulée"),
    ("medecin_traitant.premier_rdv", "Premier rendez-vous noté"),
    ("medecin_traitant.declaration", "Déclaration du médecin traitant notée"),
    ("medecin_traitant.nouvelles_demandees", "Nouvelles demandées au patient"),
    ("medecin_traitant.nouvelles_rappelees", "Nouvelles redemandées au patient"),
    ("medecin_traitant.nouvelles", "Nouvelles du patient"),
    ("medecin_traitant.suivi_fini", "Suivi fini"),
    ("medecin_traitant.suivi_repris", "Suivi repris"),
    ("medecin_traitant.equipier", "Professionnel ajouté à l’équipe traitante"),
    ("medecin_traitant.equipier_fini", "Professionnel sorti de l’équipe traitante"),
    ("medecin_traitant.equipe_revue", "Équipe traitante revue"),
)

_PREUVE = "Suivi nominatif tenu par la CPTS ; à l’écran et à l’export, actes pseudonymes et empreinte du journal"


def _placed(
    code: str,
    libelle: str,
    definition: str,
    rows: Callable[[UUID, date, date], QuerySet[Any]],
    *,
    discret: bool = False,
) -> IndicateurDeclare:
    return IndicateurDeclare(
        code=f"medecin_traitant.{code}",
        mission="acces",
        libelle=libelle,
        definition=definition,
        unite="patients",
        sens=Sens.HAUSSE,
        certificateur="Assurance Maladie, à l’évaluation",
        preuve=_PREUVE,
        rows=rows,
        to_acte=indicateurs.placement_to_acte,
        url_row=indicateurs.url_of_demande,
        discret=discret,
        ensemble=indicateurs.list_placees,
        parmi=indicateurs.PARTS[code],
    )


INDICATEURS = (
    _placed(
        "ald",
        "Patients en ALD pour qui un médecin traitant a été trouvé",
        "Demandes placées dans la période, ALD oui ; sans les bénéficiaires de l’AME, qui n’ont pas de médecin "
        "traitant déclaré.",
        indicateurs.list_placees_ald,
    ),
    _placed(
        "16_ans",
        "Patients de 16 ans et plus pour qui un médecin traitant a été trouvé",
        "Demandes placées dans la période, année du placement moins année de naissance au moins égale à 16 ; sans "
        "les bénéficiaires de l’AME.",
        indicateurs.list_placees_16_ans,
    ),
    _placed(
        "c2s_ald",
        "Patients en ALD et à la C2S pour qui un médecin traitant a été trouvé",
        "Demandes placées dans la période, ALD oui et C2S oui ; sans les bénéficiaires de l’AME.",
        indicateurs.list_placees_c2s_ald,
        discret=True,
    ),
    _placed(
        "plus_de_70",
        "Patients de plus de 70 ans pour qui un médecin traitant a été trouvé",
        "Demandes placées dans la période, plus de 70 ans ; sans les bénéficiaires de l’AME.",
        indicateurs.list_placees_plus_de_70,
    ),
    IndicateurDeclare(
        code="medecin_traitant.delai",
        mission="acces",
        libelle="Délai du guichet",
        definition="Médiane, en jours, du dépôt de la demande à l’accord du patient, pour les demandes placées dans "
        "la période ; sans les bénéficiaires de l’AME.",
        unite="jours",
        sens=Sens.BAISSE,
        certificateur="CPTS, sur pièces",
        preuve=_PREUVE,
        rows=indicateurs.list_placees,
        to_acte=indicateurs.placement_to_acte,
        url_row=indicateurs.url_of_demande,
        agregat=Agregat.MEDIAN,
        fact="delai_jours",
    ),
    IndicateurDeclare(
        code="medecin_traitant.volontaires",
        mission="acces",
        libelle="Médecins volontaires pour de nouveaux patients",
        definition="Médecins généralistes membres qui offrent des places à la fin de la période.",
        unite="médecins",
        sens=Sens.HAUSSE,
        certificateur="CPTS, sur pièces",
        preuve="Déclarations de places, datées",
        rows=indicateurs.list_volontaires,
        to_acte=indicateurs.volontaire_to_acte,
        url_row=indicateurs.url_of_capacite,
        agregat=Agregat.STOCK,
    ),
)

EXPLICATIONS_STOCK = stocks.EXPLICATIONS


def erase_faits(cpts_id: UUID, patient_id: UUID) -> int:
    return services.erase_faits(cpts_id=cpts_id, patient_id=patient_id)


def forget_lignes(cpts_id: UUID, patient_id: UUID) -> int:
    return services.forget_lignes(cpts_id=cpts_id, patient_id=patient_id)


def close_opposed(cpts_id: UUID, patient_id: UUID, by: Acteur) -> int:
    return services.close_opposed(cpts_id=cpts_id, patient_id=patient_id, by=by)


def list_elements_partenaire(cpts_id: UUID, structure_id: UUID, acteur: Acteur) -> list[ElementPersonne]:
    """The links by which a partner files requests without an account, the latest first."""
    return [
        ElementPersonne(
            local_day(acces.cree_le),
            acces.service or "Lien sans compte",
            detail=f"compté comme {acces.get_origine_display()}, jusqu’au {format_date(acces.expire_le, jour=False)}",
            etat="retiré" if acces.revoque_le else "ouvert" if acces.is_valable else "expiré",
            ton="bien" if acces.is_valable else "neutre",
        )
        for acces in list_acces(cpts_id, structure_id)
    ]


def url_donner_acces(slug: str, structure_id: UUID) -> str:
    return reverse("medecin_traitant_donner_acces", args=[slug, structure_id])


ELEMENTS_PARTENAIRE = (
    SourceElementsPartenaire(
        "medecin_traitant",
        "Demandes de médecin traitant sans compte",
        list_elements_partenaire,
        url_donner_acces,
        "Donner ou retirer un lien",
        "Ce partenaire n’a pas encore de lien pour déposer des demandes.",
        permissions.GERER,
    ),
)

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        modele="medecin_traitant.Demande",
        finalite="Trouver un médecin traitant à une personne qui n’en a pas",
        duree="24 mois après la dernière activité ; ensuite dates, états et faits comptés, sans identité",
        patient=True,
    ),
    DonneesPersonnelles(
        modele="medecin_traitant.Capacite",
        finalite="Savoir combien de nouveaux patients un médecin peut suivre",
        duree="Tant que le médecin est membre de la communauté",
    ),
    DonneesPersonnelles(
        modele="medecin_traitant.LigneRepartition",
        finalite="Trouver ensemble un médecin à toutes les personnes qui attendent, et pouvoir dire pourquoi celui-là",
        duree="Autant que la demande",
        patient=True,
    ),
    DonneesPersonnelles(
        modele="medecin_traitant.ListeAttente",
        finalite="Reprendre la liste d’attente que le guichet tenait dans un tableur",
        duree="Contenu chiffré, effacé dès que la liste est enregistrée ou abandonnée, sept jours au plus",
    ),
    DonneesPersonnelles(
        modele="medecin_traitant.AppelTelephonique",
        finalite="Savoir quand la personne a été appelée, et la rappeler au bon moment",
        duree="Tant que la communauté conserve ses actes : une date, un résultat, sans identité",
    ),
    DonneesPersonnelles(
        modele="medecin_traitant.TacheGuichet",
        finalite="Ne rien oublier de ce qui est à faire pour une personne",
        duree="La précision écrite s’efface avec l’identité ; la date et la nature restent",
        patient=True,
    ),
    DonneesPersonnelles(
        modele="medecin_traitant.DecisionPriorite",
        finalite="Savoir qui a décidé de la priorité d’une demande, et pourquoi",
        duree="La précision écrite s’efface avec l’identité ; le niveau, le motif et la date restent",
        patient=True,
    ),
    DonneesPersonnelles(
        modele="medecin_traitant.Tour",
        finalite="Savoir ce qu’une demande rouverte a été auparavant, et avec quel médecin",
        duree="Tant que la communauté conserve ses actes",
    ),
    DonneesPersonnelles(
        modele="medecin_traitant.Equipier",
        finalite="Nommer les professionnels qui suivent une personne en attendant un médecin",
        duree="Tant que la communauté conserve ses actes",
    ),
    DonneesPersonnelles(
        modele="medecin_traitant.DeclarationPlaces",
        finalite="Savoir qui a dit combien de places, et quand",
        duree="Tant que la communauté conserve ses actes",
    ),
    DonneesPersonnelles(
        modele="medecin_traitant.DestinataireRecensement",
        finalite="Demander à chaque médecin ses places une fois, sans le relancer après sa réponse",
        duree="Tant que la communauté conserve ses actes",
    ),
    DonneesPersonnelles(
        modele="medecin_traitant.RenfortMedecin",
        finalite="Savoir quels médecins sont aidés par un assistant, une IPA ou un protocole",
        duree="Tant que la communauté conserve ses actes",
    ),
    DonneesPersonnelles(
        modele="medecin_traitant.Mouvement",
        finalite="Prévoir les départs et les arrivées de médecins",
        duree="Tant que la communauté conserve ses actes",
    ),
    DonneesPersonnelles(
        modele="medecin_traitant.PassagePublic",
        finalite="Ralentir les robots sur les formulaires publics",
        duree="Un jour",
    ),
)
EFFACEMENTS = (
    EffacementPatient("medecin_traitant.Demande", erase_faits),
    EffacementPatient("medecin_traitant.LigneRepartition", forget_lignes),
)
OPPOSITIONS = (OppositionPatient("medecin_traitant.Demande", close_opposed),)
