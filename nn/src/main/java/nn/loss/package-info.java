/** Losses that are no plain op: the focal frequency loss, the cross entropy. */
@NullMarked
package nn.loss;

import org.jspecify.annotations.NullMarked;
