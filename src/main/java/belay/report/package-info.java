/** What a run tells people: tables, curves and pages. */
package belay.report;
