/** What log lines carry besides their text, and what they must not carry. */
package belay.log;
