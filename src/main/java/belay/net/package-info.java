/** Networks: their text form, their graph of operations, their parameters and training state. */
package belay.net;
