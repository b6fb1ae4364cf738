/**
 * Distances between two sets of features, and scores of one, in double precision: Frechet and
 * kernel distances, the inception score, neighbourhoods. A result depends on the rows and their
 * order alone: not on batches, threads or ranks.
 */
@NullMarked
package medsora.metric.distance;

import org.jspecify.annotations.NullMarked;
