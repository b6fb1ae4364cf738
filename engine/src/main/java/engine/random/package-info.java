/** Counter-based random numbers: each draw is a function of seed, stream, step and index. */
package engine.random;
