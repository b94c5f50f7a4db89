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
    ("soins.rendez_vous_honore", "Rendez-vous honoré"),
    ("soins.rendez_vous_absent", "Patient absent à son rendez-vous"),
    ("soins.rendez_vous_venue_annulee", "Venue d’un patient corrigée"),
)

CHIFFRES = (("soins.ouverture_demandee", "Ouverture de créneaux demandée"),)

EVENEMENTS = (*CRENEAUX, *CHIFFRES)
