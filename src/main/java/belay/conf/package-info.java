/**
 * Layered configuration: text in, typed records out, all problems at once. The only package that
 * knows Commons Configuration.
 */
package belay.conf;
