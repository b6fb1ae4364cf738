/** Networks that turn clips and pictures into features, by which sets of them are compared. */
@NullMarked
package medsora.metric.network;

import org.jspecify.annotations.NullMarked;
