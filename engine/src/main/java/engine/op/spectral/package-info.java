/** The two-dimensional Fourier transform of real pictures. */
@NullMarked
package engine.op.spectral;

import org.jspecify.annotations.NullMarked;
