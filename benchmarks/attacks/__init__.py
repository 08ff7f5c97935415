"""Attacks on the program from outside: what is expected, and what is seen.

``python -m benchmarks.attacks`` prints the table; ``python -m benchmarks.attacks.kills`` kills processes at random.
"""
