/** Training states on disk: their files, their directory, and the thread that writes them. */
package belay.checkpoint;
