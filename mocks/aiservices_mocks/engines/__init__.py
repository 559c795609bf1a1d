"""What computes the answers: plain functions over plain values."""
