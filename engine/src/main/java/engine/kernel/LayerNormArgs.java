package engine.kernel;

/** A tensor seen as [rows, width], each row normalised on its own; eps is added to the variance. */
public record LayerNormArgs(int rows, int width, float eps) {}
