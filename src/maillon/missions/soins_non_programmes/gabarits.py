"""The messages by which a person hears that their appointment is cancelled."""

ANNULE_COURRIEL = "soins_non_programmes/messages/rendez_vous_annule.txt"
ANNULE_SMS = "soins_non_programmes/messages/sms_annule.txt"
ANNULES = (ANNULE_COURRIEL, ANNULE_SMS)
