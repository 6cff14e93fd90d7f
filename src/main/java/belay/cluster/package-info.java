/** Jobs of this user: their scripts, the schedulers' commands, and what is recorded of them. */
package belay.cluster;
