/** Every key with its rule, and the typed records that are read from their values. */
package belay.conf.settings;
