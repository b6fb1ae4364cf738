/**
 * What runs, sample sets and evaluations put down about themselves, so that others can do them
 * again: {@link medsora.train.manifest.Manifest} is the file, its parts are the records.
 */
@NullMarked
package medsora.train.manifest;

import org.jspecify.annotations.NullMarked;
