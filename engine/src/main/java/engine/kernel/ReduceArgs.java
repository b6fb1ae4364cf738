package engine.kernel;

/** A tensor seen as [outer, r, inner], reduced over r to [outer, inner] (numeric contract N5). */
public record ReduceArgs(int outer, int r, int inner) {}
