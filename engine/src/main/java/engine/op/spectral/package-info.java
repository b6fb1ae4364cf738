/** The two-dimensional Fourier transform of real pictures. */
package engine.op.spectral;
