package tools.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import medsora.denoiser.DenoiserConfig;

/**
 * Norms, softmax, activations and the optimiser: on the tokens of MedSora-B, which caches hold, and
 * on arrays that none holds, where the bandwidth of memory binds.
 */
final class TokenRows {
  private static final int LARGE_ROWS = 6144;
  private static final int LARGE_WIDTH = 1024;

  /** Parameters of one optimiser row: a fifth of MedSora-B, 320 MB with all that belongs to it. */
  private static final int PARAMETERS = 1 << 24;

  private final List<Row> rows = new ArrayList<>();

  static List<Row> all() {
    TokenRows made = new TokenRows();
    DenoiserConfig c = Models.denoiserConfig(12);
    int tokens = c.frames() * c.tokens();
    made.norm(Normalisation.Kind.LAYER_NORM, tokens, c.hidden(), 1);
    made.norm(Normalisation.Kind.LAYER_NORM, 8192, 1152, 1);
    made.norm(Normalisation.Kind.RMS_NORM_GATED, tokens, c.innerWidth(), 1);
    made.norm(Normalisation.Kind.RMS_NORM_GATED, LARGE_ROWS, c.innerWidth(), 1);
    made.norm(Normalisation.Kind.GROUP_NORM, 1, 128, 8 * 128 * 128);
    made.norm(Normalisation.Kind.GROUP_NORM, 1, 512, 2 * 16 * 16);
    made.norm(Normalisation.Kind.SOFTMAX, LARGE_ROWS, LARGE_WIDTH, 1);
    for (Pointwise.Kind kind : Pointwise.Kind.values()) {
      made.pointwise(kind, LARGE_ROWS, LARGE_WIDTH);
    }
    made.pointwise(Pointwise.Kind.MODULATE, tokens, c.hidden());
    made.pointwise(Pointwise.Kind.GATE_ADD, tokens, c.hidden());
    made.rows.add(
        Row.of("adamw-ema-" + PARAMETERS, Row.Family.POINTWISE, new OptimiserStep(PARAMETERS)));
    return made.rows;
  }

  private void norm(Normalisation.Kind kind, int outer, int width, int inner) {
    String shape = "-" + outer + "x" + width + (inner == 1 ? "" : "x" + inner);
    for (Pass pass : new Pass[] {Pass.FORWARD, Pass.BACKWARD}) {
      rows.add(
          Row.of(
              word(kind) + shape + pass.suffix(),
              Row.Family.TOKEN,
              new Normalisation(kind, pass, outer, width, inner)));
    }
  }

  private void pointwise(Pointwise.Kind kind, int height, int width) {
    for (Pass pass : new Pass[] {Pass.FORWARD, Pass.BACKWARD}) {
      if (kind == Pointwise.Kind.ADD && pass == Pass.BACKWARD) {
        // Its gradients are the gradient itself: nothing is computed.
        continue;
      }
      String name = "%s-%dx%d%s".formatted(word(kind), height, width, pass.suffix());
      rows.add(Row.of(name, Row.Family.POINTWISE, new Pointwise(kind, pass, height, width)));
    }
  }

  /** LAYER_NORM as layerNorm. */
  private static String word(Enum<?> kind) {
    StringBuilder word = new StringBuilder();
    for (String part : kind.name().toLowerCase(Locale.ROOT).split("_", -1)) {
      word.append(
          word.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
    }
    return word.toString();
  }
}
