/**
 * Convolutions over two and three axes, direct, by Winograd's transform and together with
 * up-sampling. Signals are {@code [N,C,(D,)H,W]}.
 */
@NullMarked
package engine.op.conv;

import org.jspecify.annotations.NullMarked;
