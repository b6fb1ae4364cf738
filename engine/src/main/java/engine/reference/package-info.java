/**
 * What an implementation is held against, and can be read by: the formula by which every
 * implementation makes the weights and inputs of the reference files for itself, and the listing of
 * the state space scan.
 */
@NullMarked
package engine.reference;

import org.jspecify.annotations.NullMarked;
