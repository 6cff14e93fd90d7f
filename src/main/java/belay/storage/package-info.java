/** Durable files; every package may use it. */
package belay.storage;
