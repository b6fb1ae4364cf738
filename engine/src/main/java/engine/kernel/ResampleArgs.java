package engine.kernel;

/**
 * One axis mapped by a table: x [outer, table.in, inner] to y [outer, table.out, inner]. With taps
 * (s_0, w_0), (s_1, w_1), ... of an output, {@code y = w_0 * x[s_0]}, rounded, then {@code y =
 * fma(w_t, x[s_t], y)} for t ascending. So a single tap of weight 1 copies; without taps y is +0.
 */
public record ResampleArgs(int outer, int inner, ResampleTable table) {}
