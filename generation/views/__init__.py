"""The studio's pages."""
