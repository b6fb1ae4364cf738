package engine.kernel;

/**
 * Rows picked along one axis: x [outer, in, inner] to y [outer, index.length, inner], {@code
 * y[o,j,i] = x[o,index[j],i]}.
 */
public record GatherArgs(int outer, int in, int inner, int[] index) {}
