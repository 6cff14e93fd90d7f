/**
 * What people see of work that goes on: log lines, bars of progress, and logs that are followed.
 */
package belay.console;
