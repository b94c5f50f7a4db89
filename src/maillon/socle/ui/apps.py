from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "maillon.socle.ui"
    label = "ui"
