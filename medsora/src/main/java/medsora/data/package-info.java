/**
 * Video in, training clips out: readers for video files and picture folders, clip sampling, the
 * clip transform, data sets with a held-out split, writers, and the phantom generator.
 *
 * <p>Everything here works on plain arrays: frames are interleaved RGB bytes {@code [H,W,3]},
 * transformed clips are planar floats in [-1,1].
 */
package medsora.data;
