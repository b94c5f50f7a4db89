"""The words of the journal: one tuple a part."""

CRENEAUX = (
    ("soins.plage_ouverte", "Plage de créneaux ouverte"),
    ("soins.places_ouvertes", "Places ouvertes en un geste"),
    ("soins.plage_retiree", "Plage retirée"),
    ("soins.plage_rouverte", "Plage rouverte"),
    ("soins.jour_retire", "Journée retirée"),
    ("soins.jour_rouvert", "Journée rouverte"),
    ("soins.creneau_retire", "Créneau retiré"),
    ("soins.creneau_rouvert", "Créneau rouvert"),
    ("soins.lieu", "Lieu de consultation enregistré"),
    ("soins.lieu_ferme", "Lieu de consultation fermé"),
    ("soins.habitude", "Habitudes d’un professionnel modifiées"),
    ("soins.reglages", "Réglages des soins non programmés modifiés"),
    ("soins.rendez_vous_pris", "Rendez-vous donné"),
    ("soins.rendez_vous_derogation", "Rendez-vous ajouté par dérogation"),
    ("soins.rendez_vous_annule", "Rendez-vous annulé"),
    ("soins.rendez_vous_retabli", "Annulation d’un rendez-vous reprise"),
    ("soins.rendez_vous_deplace", "Rendez-vous déplacé"),
    ("soins.rendez_vous_prevenu", "Rendez-vous qui tombe : personne prévenue, ou rendez-vous maintenu"),
    ("soins.rendez_vous_a_prevenir", "Rendez-vous qui tombe : de nouveau à prévenir"),
    ("soins.rendez_vous_honore", "Rendez-vous honoré"),
    ("soins.rendez_vous_absent", "Patient absent à son rendez-vous"),
    ("soins.rendez_vous_venue_annulee", "Venue d’un patient corrigée"),
)

CHIFFRES = (("soins.ouverture_demandee", "Ouverture de créneaux demandée"),)

RENDEZ_VOUS = (
    ("soins.demande_deposee", "Demande de soin déposée"),
    ("soins.professionnel_sollicite", "Professionnel sollicité"),
    ("soins.professionnel_refuse", "Un professionnel a refusé"),
    ("soins.professionnel_silencieux", "Un professionnel n’a pas répondu à temps"),
    ("soins.professionnel_desiste", "Un professionnel est revenu sur son accord"),
    ("soins.demande_acceptee", "Un professionnel a accepté"),
    ("soins.acceptation_annulee", "Accord noté par erreur, annulé"),
    ("soins.refus_annule", "Refus annulé"),
    ("soins.demande_escaladee", "Personne n’a pu : à la garde, à l’accueil et à la régulation"),
    ("soins.demande_repondue", "Réponse donnée"),
    ("soins.demande_annulee", "Demande annulée"),
    ("soins.demande_rouverte", "Demande rouverte"),
    ("soins.creneau_ouvert", "Créneau ouvert pour une demande"),
)

EVENEMENTS = (*CRENEAUX, *RENDEZ_VOUS, *CHIFFRES)
