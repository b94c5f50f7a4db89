"""Statements, transfers and yearly tables."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
