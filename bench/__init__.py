"""Measurements beside peers: `make bench`. None of it is a test."""
