/** How alike and how lively pictures are. */
@NullMarked
package medsora.metric;

import org.jspecify.annotations.NullMarked;
