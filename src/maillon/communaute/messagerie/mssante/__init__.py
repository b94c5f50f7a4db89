"""MSSanté: ordinary mail through an operator that vouches for its users; sent by SMTP, reported on over IMAP."""
