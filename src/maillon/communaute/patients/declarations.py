"""What the room of patients offers to upper rooms."""

from maillon.socle.declarations import DonneesPersonnelles

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        modele="patients.Patient",
        finalite="Suivre la demande d’une personne dans la communauté",
        duree="24 mois après la dernière activité, puis sans identité ni année de naissance",
        patient=True,
    ),
    DonneesPersonnelles(
        modele="patients.Identite",
        finalite="Joindre la personne, lui trouver un médecin traitant ou un rendez-vous",
        duree="24 mois après la dernière activité",
        patient=True,
    ),
    DonneesPersonnelles(
        modele="patients.RelationSoin",
        finalite="Ouvrir l’identité aux seuls professionnels qui prennent part aux soins",
        duree="24 mois après la dernière activité",
        patient=True,
    ),
)

EVENEMENTS = (
    ("patients.cree", "Patient enregistré"),
    ("patients.identite_modifiee", "Identité modifiée"),
    ("patients.commune_modifiee", "Commune du patient modifiée"),
    ("patients.opposition", "Opposition enregistrée"),
    ("patients.opposition_levee", "Opposition levée"),
    ("patients.relation_ouverte", "Relation de soin ouverte"),
    ("patients.relation_fermee", "Relation de soin fermée"),
    ("patients.retire", "Patient retiré avec la liste qui l’avait apporté"),
    ("patients.efface", "Identité effacée"),
    ("patients.traces_lues", "Traces d’un patient consultées"),
)
