"""Personal data: what for, how long, how they are erased."""

from maillon.socle.declarations import DonneesPersonnelles

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        modele="soins_non_programmes.DemandeSoin",
        finalite="Trouver un soin du jour à une personne, et savoir en combien de temps elle a eu une réponse",
        duree="24 mois après la dernière activité ; ensuite dates et états, sans identité",
        patient=True,
    ),
    DonneesPersonnelles(
        modele="soins_non_programmes.RendezVous",
        finalite="Donner un rendez-vous et savoir s’il a été honoré",
        duree="24 mois après la dernière activité ; ensuite dates et états, sans identité",
        patient=True,
    ),
    DonneesPersonnelles(
        modele="soins_non_programmes.Plage",
        finalite="Savoir quand un professionnel reçoit",
        duree="Tant que la communauté conserve ses actes",
    ),
    DonneesPersonnelles(
        modele="soins_non_programmes.Creneau",
        finalite="Savoir quand un professionnel reçoit",
        duree="Tant que la communauté conserve ses actes",
    ),
    DonneesPersonnelles(
        modele="soins_non_programmes.Habitude",
        finalite="Ouvrir en un geste les places d’un professionnel, et lui écrire le matin s’il le veut",
        duree="Tant que le professionnel est membre",
    ),
    DonneesPersonnelles(
        modele="soins_non_programmes.LieuConsultation",
        finalite="Savoir où un professionnel reçoit",
        duree="Tant que la communauté conserve ses actes",
    ),
)
