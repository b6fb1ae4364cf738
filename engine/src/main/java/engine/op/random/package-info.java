/** Dropout and other ops that draw: a draw is a function of seed, stream, step and index. */
package engine.op.random;
