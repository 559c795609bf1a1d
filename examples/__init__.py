"""One example, one task; each runs offline with AISERVICES_BACKEND=mock."""
