"""Membership programmes for corporate customers: points from bills, explained down to the bill item."""
