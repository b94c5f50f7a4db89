"""Personal data: what for, how long, how they are erased."""

from uuid import UUID

from maillon.socle.declarations import (
    DonneesPersonnelles,
    EffacementPatient,
    OppositionPatient,
)
from maillon.socle.droits.acteur import Acteur

from .. import services


def erase_faits(cpts_id: UUID, patient_id: UUID) -> int:
    return services.erase_faits(cpts_id=cpts_id, patient_id=patient_id)


def forget_lignes(cpts_id: UUID, patient_id: UUID) -> int:
    return services.forget_lignes(cpts_id=cpts_id, patient_id=patient_id)


def close_opposed(cpts_id: UUID, patient_id: UUID, by: Acteur) -> int:
    return services.close_opposed(cpts_id=cpts_id, patient_id=patient_id, by=by)


DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        modele="medecin_traitant.Demande",
        finalite="Trouver un médecin traitant à une personne qui n’en a pas",
        duree="24 mois après la dernière activité ; ensuite dates, états et faits comptés, sans identité",
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
        modele="medecin_traitant.AccesPartenaire",
        finalite="Savoir à quel service d’un partenaire un lien a été donné",
        duree="Tant que la communauté conserve ses actes",
    ),
    DonneesPersonnelles(
        modele="medecin_traitant.ListeAttente",
        finalite="Reprendre la liste d’attente que le guichet tenait dans un tableur",
        duree="Contenu chiffré, effacé dès que la liste est enregistrée ou abandonnée, sept jours au plus",
    ),
    DonneesPersonnelles(
        modele="medecin_traitant.AppelTelephonique",
        finalite="Savoir quand la personne a été appelée, et la rappeler au bon moment",
        duree="Tant que la communauté conserve ses actes : une date, un résultat, sans identité",
    ),
    DonneesPersonnelles(
        modele="medecin_traitant.TacheGuichet",
        finalite="Ne rien oublier de ce qui est à faire pour une personne",
        duree="La précision écrite s’efface avec l’identité ; la date et la nature restent",
        patient=True,
    ),
    DonneesPersonnelles(
        modele="medecin_traitant.DecisionPriorite",
        finalite="Savoir qui a décidé de la priorité d’une demande, et pourquoi",
        duree="La précision écrite s’efface avec l’identité ; le niveau, le motif et la date restent",
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
