/** Exit codes and the exceptions that carry them; every package may use it. */
package belay.error;
