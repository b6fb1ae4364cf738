/**
 * The data sets that the paper trains on, known by the folders in which they are published: which
 * videos there are, what their annotations say, which official split each is on, and what may not
 * stand on both sides of one. What is known of each, and what is assumed: docs/data-sets.md.
 */
@NullMarked
package medsora.data.layout;

import org.jspecify.annotations.NullMarked;
