"""The page « Le guichet en chiffres »: its sections."""

from .sections import Page, build_page

__all__ = ["Page", "build_page"]
