"""Engines elsewhere, for real: Virtuoso of Debian, and the server of the package oxigraph."""
