/**
 * Pictures at other sizes and places: nearest, bilinear and area resampling, bilinear sampling at
 * given positions, maximum over windows.
 */
@NullMarked
package engine.op.resample;

import org.jspecify.annotations.NullMarked;
