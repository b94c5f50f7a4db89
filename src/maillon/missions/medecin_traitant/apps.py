from django.apps import AppConfig


class MedecinTraitantConfig(AppConfig):
    name = "maillon.missions.medecin_traitant"
    label = "medecin_traitant"
    verbose_name = "médecin traitant"
