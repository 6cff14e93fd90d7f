/** The operations of a network on a GPU: how a program becomes stages, and what each launches. */
package belay.backend.cuda.stage;
