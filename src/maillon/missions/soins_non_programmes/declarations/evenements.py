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

CHIFFRES = (("soins.ouverture_demandee", "Ouverture de créneaux demandée"),)

EVENEMENTS = (*CRENEAUX, *CHIFFRES)
