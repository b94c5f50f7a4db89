from django.apps import AppConfig


class SollicitationsConfig(AppConfig):
    name = "maillon.communaute.sollicitations"
    label = "sollicitations"
    verbose_name = "sollicitations"
