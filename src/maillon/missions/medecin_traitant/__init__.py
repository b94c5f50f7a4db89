"""The médecin traitant desk: from a request to a doctor who takes the patient."""
