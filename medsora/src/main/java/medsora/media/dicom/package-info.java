/**
 * Reads DICOM (ISO 12052): multi-frame cine, series of single frames and folders with a DICOMDIR,
 * as frames of RGB bytes. Found by {@link medsora.media.VideoReader} as a {@link
 * medsora.media.VideoFormat}; nothing else calls it.
 *
 * <p>A file's way: {@code DicomFile} reads its data set and keeps only the attributes of a closed
 * list ({@code Tags}), so that names, dates and institutions never enter the program; {@code
 * Frames} takes the pixel data apart and decodes it; {@code Rendering} makes RGB of it; {@code
 * Regions} blackens what lies outside of the ultrasound. Section numbers such as C.7.6.3 are those
 * of the standard's part 3, Annex A of part 5.
 */
@NullMarked
package medsora.media.dicom;

import org.jspecify.annotations.NullMarked;
