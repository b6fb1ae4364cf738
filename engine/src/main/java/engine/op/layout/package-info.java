/**
 * Ops that move elements and compute nothing: reshape, permute, slice, pad, gather, concatenate.
 */
package engine.op.layout;
