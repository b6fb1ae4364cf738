/** Counter-based random numbers: each draw is a function of seed, stream, step and index. */
@NullMarked
package engine.random;

import org.jspecify.annotations.NullMarked;
