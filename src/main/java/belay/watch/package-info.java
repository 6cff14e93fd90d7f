/**
 * Where runs stand by their files, jobs and processes, and whether they are still going to move.
 */
package belay.watch;
