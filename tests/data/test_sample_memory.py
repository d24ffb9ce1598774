"""Memory does not grow with the company."""

import subprocess
import sys

CODE = """
import pathlib, resource, sys
from data.make_sample import main
assert main(["--scale", sys.argv[1], "--out", sys.argv[2]]) == 0
# What the system calls the peak counts the process that started this one, too; the kernel's own mark does not.
status = pathlib.Path("/proc/self/status")
if status.exists():
    peak = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print("peak", peak)
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
