/**
 * Layered configuration: text in, typed records out, all problems at once. The only package that
 * knows Commons Configuration; it uses none of our packages besides belay.error.
 */
package belay.conf;
