/**
 * Pictures at other sizes and places: nearest, bilinear and area resampling, bilinear sampling at
 * given positions, maximum over windows.
 */
package engine.op.resample;
