from django.apps import AppConfig


class SoinsNonProgrammesConfig(AppConfig):
    name = "maillon.missions.soins_non_programmes"
    label = "soins_non_programmes"
    verbose_name = "soins non programmés"
