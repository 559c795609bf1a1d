"""The main job on real files: every product that has joined, with a priced report."""
