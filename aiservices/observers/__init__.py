"""What watches calls: logs, costs."""
