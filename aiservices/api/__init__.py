"""The AWS surface, from one map."""
