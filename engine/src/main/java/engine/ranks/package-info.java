/**
 * The processes that work on one thing together, found at run time through MPI where a launcher
 * such as {@code mpirun} or {@code srun} has started several; without one there is one rank and
 * nothing is looked for. What ranks exchange are bytes: every sum is made in Java, in the order of
 * the numeric contract.
 */
@NullMarked
package engine.ranks;

import org.jspecify.annotations.NullMarked;
