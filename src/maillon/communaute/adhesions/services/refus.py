"""What a service of the members refuses."""


class AdhesionRefusee(ValueError):
    """The membership cannot change so; the message is a French sentence for the person who asked."""
