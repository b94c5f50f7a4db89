"""Addresses of attendance, minutes and decisions."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
