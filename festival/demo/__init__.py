"""The demo edition: its people, its texts, and short films drawn on the spot by arithmetic."""
