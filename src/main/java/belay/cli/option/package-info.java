/** Options and arguments that several commands share. */
package belay.cli.option;
