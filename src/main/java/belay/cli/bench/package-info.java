/** Commands that measure this machine. */
package belay.cli.bench;
