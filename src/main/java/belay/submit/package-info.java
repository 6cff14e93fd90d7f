/**
 * From runs and the keys of a site to jobs: what is wrong with them, what is left to do, who has
 * them already.
 */
package belay.submit;
