package engine.kernel;

/** Tokens x [batch, tokens, width] with one vector [batch, width] per sample. */
public record TokenArgs(int batch, int tokens, int width) {
  public int rows() {
    return batch * tokens;
  }
}
