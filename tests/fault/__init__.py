"""Faults where requests leave the process, on every way on which anything is written."""
