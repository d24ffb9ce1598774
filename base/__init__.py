"""What everything else stands on: where state lives, the company's settings, errors people read.

Knows the standard library, tomlkit and filelock, and nothing of the product above it.
"""
