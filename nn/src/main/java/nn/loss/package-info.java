/** Losses that are no plain op: the focal frequency loss. */
@NullMarked
package nn.loss;

import org.jspecify.annotations.NullMarked;
