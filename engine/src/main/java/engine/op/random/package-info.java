/** Dropout and other ops that draw: a draw is a function of seed, stream, step and index. */
@NullMarked
package engine.op.random;

import org.jspecify.annotations.NullMarked;
