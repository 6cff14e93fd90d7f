package belay.cli;

import belay.cluster.BatchSystem;
import belay.cluster.JobRequest;
import java.util.Map;

/**
 * Where jobs go.
 *
 * @param request what is asked of the scheduler in its own words
 * @param variables by which jobs find the same site
 */
record Site(BatchSystem batch, JobRequest request, Map<String, String> variables) {}
