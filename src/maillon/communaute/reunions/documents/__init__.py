"""Documents of a meeting, set by typst; the data go as JSON, never as markup."""

from .convocation import write_convocation_pdf

__all__ = ["write_convocation_pdf"]
