/**
 * AdamW, the moving average of weights, learning rates, and gradients joined and clipped in one
 * order.
 */
@NullMarked
package nn.optim;

import org.jspecify.annotations.NullMarked;
