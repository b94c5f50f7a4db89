"""The words of the journal: one tuple a part."""

CRENEAUX = (
    ("soins.rendez_vous_pris", "Rendez-vous donné"),
    ("soins.rendez_vous_derogation", "Rendez-vous ajouté par dérogation"),
    ("soins.rendez_vous_annule", "Rendez-vous annulé"),
    ("soins.rendez_vous_retabli", "Annulation d’un rendez-vous reprise"),
    ("soins.rendez_vous_deplace", "Rendez-vous déplacé"),
    ("soins.rendez_vous_honore", "Rendez-vous honoré"),
    ("soins.rendez_vous_absent", "Patient absent à son rendez-vous"),
    ("soins.rendez_vous_venue_annulee", "Venue d’un patient corrigée"),
)

RENDEZ_VOUS = (
    ("soins.demande_deposee", "Demande de soin déposée"),
    ("soins.professionnel_sollicite", "Professionnel sollicité"),
    ("soins.professionnel_refuse", "Un professionnel a refusé"),
    ("soins.professionnel_silencieux", "Un professionnel n’a pas répondu à temps"),
    ("soins.professionnel_desiste", "Un professionnel est revenu sur son accord"),
    ("soins.demande_acceptee", "Un professionnel a accepté"),
    ("soins.acceptation_annulee", "Accord noté par erreur, annulé"),
    ("soins.refus_annule", "Refus annulé"),
    ("soins.demande_escaladee", "Personne n’a pu : à la garde, à l’accueil et à la régulation"),
    ("soins.demande_repondue", "Réponse donnée"),
    ("soins.demande_annulee", "Demande annulée"),
    ("soins.demande_rouverte", "Demande rouverte"),
    ("soins.creneau_ouvert", "Créneau ouvert pour une demande"),
)

EVENEMENTS = (*CRENEAUX, *RENDEZ_VOUS)
