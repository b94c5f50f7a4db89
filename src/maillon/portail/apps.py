from django.apps import AppConfig


class PortailConfig(AppConfig):
    name = "maillon.portail"
    label = "portail"
