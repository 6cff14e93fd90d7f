/** JSON texts and files of one JSON object a line. */
package belay.json;
