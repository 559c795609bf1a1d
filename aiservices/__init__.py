"""One typed client over twelve AWS AI services, with a local mock that computes its answers."""
