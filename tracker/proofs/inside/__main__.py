"""Run one proof: the job comes by standard input, the report leaves by the descriptor that the command line names."""

import sys

from tracker.proofs.inside import job

if __name__ == "__main__":
    job.run(report_to=int(sys.argv[1]))
