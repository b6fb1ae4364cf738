/**
 * Clips ({@link medsora.media.Clip}), in and out: readers of video files, picture folders and png
 * strips, and writers. Frames are interleaved RGB bytes {@code [H,W,3]}. Everything that is read is
 * treated as hostile ({@link medsora.media.ReadLimits}).
 */
@NullMarked
package medsora.media;

import org.jspecify.annotations.NullMarked;
