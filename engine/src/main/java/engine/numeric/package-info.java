/**
 * The elementary functions that every backend shares, their coefficients, and the version of the
 * numeric contract. Stands below everything that computes.
 */
package engine.numeric;
