/**
 * JPEG (ISO 10918-1) as it stands in picture files and in DICOM: its header, its lossless process,
 * and what the Java runtime's decoder of the lossy ones warns of. Used by {@code medsora.media} and
 * {@code medsora.media.dicom}, and by nothing else.
 */
@NullMarked
package medsora.media.jpeg;

import org.jspecify.annotations.NullMarked;
