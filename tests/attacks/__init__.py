"""Attacks on a running endpoint, each followed by a correct small query.

`python -m tests.attacks URL [--pid PID]` runs them against any server; test_attacks.py runs them against one of its
own. An attack is a function of an Arena (attack.py) that tells what came back, or raises Wrong.
"""
