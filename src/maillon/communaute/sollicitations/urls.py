"""Addresses of solicitations."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
