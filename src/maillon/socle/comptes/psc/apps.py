from django.apps import AppConfig


class PscConfig(AppConfig):
    name = "maillon.socle.comptes.psc"
    label = "psc"
