package belay.submit;

import belay.cluster.BatchSystem;
import belay.cluster.JobRequest;
import java.util.Map;

/**
 * Where jobs go.
 *
 * @param request what is asked of the scheduler in its own words
 * @param variables by which jobs find the same site
 */
public record Site(BatchSystem batch, JobRequest request, Map<String, String> variables) {}
