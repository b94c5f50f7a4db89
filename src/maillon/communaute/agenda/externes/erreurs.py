class AgendaIllisible(ValueError):
    """Why a calendar kept elsewhere cannot be read, in one French sentence that says what to do."""
