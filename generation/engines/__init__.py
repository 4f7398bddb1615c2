"""Video engines: what they promise, where they lie, and how one is asked for frames. No Django here."""
