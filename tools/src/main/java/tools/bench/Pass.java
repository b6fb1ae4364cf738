package tools.bench;

import engine.tensor.Tensor;

/** Which part of an operation is run. */
public enum Pass {
  FORWARD(""),
  GRAD_INPUT("-gradInput"),
  GRAD_WEIGHT("-gradWeight"),
  /** All gradients. */
  BACKWARD("-backward");

  private final String suffix;

  Pass(String suffix) {
    this.suffix = suffix;
  }

  /** What the names of its rows end with. */
  String suffix() {
    return suffix;
  }

  /** An input, as a leaf where this pass wants its gradient. */
  Tensor input(Tensor x) {
    return this == GRAD_INPUT || this == BACKWARD ? x.asParameter() : x;
  }

  /** A weight, as a leaf where this pass wants its gradient. */
  Tensor weight(Tensor w) {
    return this == GRAD_WEIGHT || this == BACKWARD ? w.asParameter() : w;
  }
}
