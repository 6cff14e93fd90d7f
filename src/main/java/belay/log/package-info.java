/** What log lines carry besides their text. */
package belay.log;
