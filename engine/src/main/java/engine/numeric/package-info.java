/**
 * The elementary functions that every backend shares, their coefficients, and the version of the
 * numeric contract. Stands below everything that computes.
 */
@NullMarked
package engine.numeric;

import org.jspecify.annotations.NullMarked;
