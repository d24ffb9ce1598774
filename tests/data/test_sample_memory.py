"""Memory does not grow with the company."""

import subprocess
import sys

CODE = """
import resource, sys
from data.make_sample import main
assert main(["--scale", sys.argv[1], "--out", sys.argv[2]]) == 0
print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak_kilobytes(scale, folder):
    run = subprocess.run(
        [sys.executable, "-c", CODE, str(scale), str(folder)], capture_output=True, text=True, check=True
    )
    return int(run.stdout.rsplit("peak ", 1)[1])


def test_four_times_the_chunks_take_no_more_memory(folder):
    two_chunks = peak_kilobytes(0.5, folder / "small")
    eight_chunks = peak_kilobytes(2, folder / "large")
    assert eight_chunks < 1.25 * two_chunks
    assert eight_chunks < 400_000
