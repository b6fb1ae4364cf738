/**
 * Feature networks that come with the program, learned without labels from the embedded phantom:
 * distances by them want no download and have names of their own.
 */
@NullMarked
package medsora.metric.phantom;

import org.jspecify.annotations.NullMarked;
