/** Matrix products, in batches too, and the linear map of the last axis. */
@NullMarked
package engine.op.linalg;

import org.jspecify.annotations.NullMarked;
