"""The information given when data are collected: one text a version, never changed once published.

A new text takes a new name (year-month) and a new template; the patient's row keeps the version that was shown.
"""

NOTICE_VERSION = "2026-11"


def template_of(version: str) -> str:
    """The template of a version of the notice."""
    return f"patients/notices/{version}.html"
