"""A running service from outside."""
