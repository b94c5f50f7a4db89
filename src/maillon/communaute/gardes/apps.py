from django.apps import AppConfig


class GardesConfig(AppConfig):
    name = "maillon.communaute.gardes"
    label = "gardes"
    verbose_name = "gardes"
