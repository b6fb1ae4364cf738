/**
 * Protocols of evaluation: all that published programs fix and that a number depends on, by name,
 * and what a number measured under one of them is worth.
 */
@NullMarked
package medsora.metric.protocol;

import org.jspecify.annotations.NullMarked;
