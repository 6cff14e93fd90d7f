#!/bin/bash
# cigri.sh RUN [BELAY OPTIONS...]: all stages of a run, as a job of CiGri; the exec_file of cigri.json.
# CiGri takes a best-effort job back that was killed or met its walltime, and one that ends with 66;
# any other code stops the campaign on that cluster until somebody looks.
export BELAY_REQUEUE=cigri
exec "$(dirname "$0")/../attempt.sh" pipeline "$@"
