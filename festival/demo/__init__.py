"""The demo edition: its people, its texts, and short films made by arithmetic or in the studio."""
