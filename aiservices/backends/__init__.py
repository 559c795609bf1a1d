"""What changes a call: AWS, retries, and other backends around backends."""
