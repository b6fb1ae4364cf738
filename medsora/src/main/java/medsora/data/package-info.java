/**
 * Training clips from videos: clip sampling, the clip transform, data sets with a held-out split,
 * and the cutting of long recordings. Frames are interleaved RGB bytes {@code [H,W,3]}; transformed
 * clips are planar floats in [-1,1].
 */
@NullMarked
package medsora.data;

import org.jspecify.annotations.NullMarked;
