package belay.cluster;

import belay.storage.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What jobs/local.sh says of itself.
 *
 * @param host that it runs on
 * @param boot of that host: process ids count anew after the next
 * @param pid of the supervisor, which leads the session of the whole job
 * @param ticks from the boot to its start, since ids are used again
 * @param word waiting, running, completed, cancelled or failed
 * @param reason for people, may be empty
 */
record LocalJob(String host, String boot, long pid, long ticks, String word, String reason) {
  boolean isHere() {
    return Host.local().name().equals(host);
  }

  /** Of a job of this machine: whether its supervisor runs. */
  boolean lives() {
    return Host.local().bootId().equals(boot) && ticks > 0 && ticks == runningSince();
  }

  private boolean isOver() {
    return word.equals("completed") || word.equals("cancelled") || word.equals("failed");
  }

  JobState state(SubmittedJob job) {
    if (!isOver() && isHere() && !lives()) {
      return new JobState(job, job.job(), "ended", "killed, or the machine was restarted");
    }
    String where = isHere() ? "" : "on " + host;
    return new JobState(job, job.job(), word, isOver() || isHere() ? reason : where);
  }

  /** Field 22 of proc(5)'s /proc/PID/stat; 0 if the process is gone or dead. */
  private long runningSince() {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The second field is the command in brackets, which may hold anything.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      boolean isDead = fields[0].equals("Z") || fields[0].equals("X");
      return isDead ? 0 : Long.parseLong(fields[19]);
    } catch (IOException e) {
      return 0;
    }
  }
}
