package engine.kernel.simd;

/**
 * One operand of a {@link SimdGemm} product, read as panels. The operand is a matrix of {@code
 * outer} (the rows of A or the columns of B) by {@code k}; it may exist only as a rule, as the
 * unfolded input of a convolution does.
 */
interface PanelPacker {
  /**
   * Writes element (o, p) for p in [k0, k1) and o in [from, to) to {@code panel[at + (p - k0) *
   * width + (o - from)]}, where width is {@link SimdGemm#MR} for A and {@link SimdGemm#NR} for B.
   * Places of the panel beyond {@code to - from} may be left with any contents: their outputs are
   * dropped. k is never padded. Called by several threads at once; {@code k1 - k0} is at most
   * {@link SimdGemm#KC}, and {@code to - from} at most width.
   */
  void pack(int k0, int k1, int from, int to, float[] panel, int at);

  /**
   * How many k to pack before going on to the next panel. A packer whose neighbours in memory lie
   * in the next panel asks for few, so that it reads each cache line once.
   */
  default int depth() {
    return SimdGemm.KC;
  }

  /** Packs several panels, that of [from, from + width) first, each with all of [k0, k1). */
  default void packAll(int k0, int k1, int from, int to, int width, float[] panels, int at) {
    int depth = depth();
    for (int k = k0; k < k1; k += depth) {
      int end = Math.min(k1, k + depth);
      for (int o = from; o < to; o += width) {
        int panel = at + (o - from) * (k1 - k0) + (k - k0) * width;
        pack(k, end, o, Math.min(to, o + width), panels, panel);
      }
    }
  }
}
