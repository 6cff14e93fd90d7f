/** The HTML page about runs: its sections and charts. */
package belay.report;
