/**
 * Ops that move elements and compute nothing: reshape, permute, slice, pad, gather, concatenate.
 */
@NullMarked
package engine.op.layout;

import org.jspecify.annotations.NullMarked;
