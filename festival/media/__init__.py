"""Films and pictures as files: what they hold, and what is made of them. Knows no database."""
