/** Durable files and the machine that writes them; every package may use it. */
package belay.storage;
