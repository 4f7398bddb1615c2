"""A small video model of our own, and the drawings it learns from. No Django here."""
