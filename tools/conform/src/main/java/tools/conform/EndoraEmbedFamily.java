package tools.conform;

import static engine.op.layout.Layout.reshape;

import engine.autodiff.Tape;
import engine.reference.Formula;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.denoiser.Parts;
import medsora.denoiser.PositionTable;

/** {@code endora_embed}: tables of places and of frames, and the embedding of timesteps. */
final class EndoraEmbedFamily implements Family {
  static final Limits LIMITS = Limits.STANDARD.except(n -> n.startsWith("out.t_"), 1e-4);

  private static final Pattern SEED = Pattern.compile("formula seed (\\d+)");
  private static final Pattern PLACES =
      Pattern.compile("pos_embed_(\\d{1,5})_grid(\\d{1,3})(_sub)?");
  private static final Pattern FRAMES = Pattern.compile("temp_embed_(\\d{1,5})(_sub)?");

  /** A part of a table holds so many-th channels. */
  private static final int STEP = 4;

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    try (Tape scope = Tape.noGrad()) {
      for (String name : file.namesUnder("out.")) {
        Matcher places = PLACES.matcher(name);
        Matcher frames = FRAMES.matcher(name);
        if (places.matches()) {
          int grid = Integer.parseInt(places.group(2));
          Tensor table = PositionTable.of(grid, Integer.parseInt(places.group(1)));
          table(check, name, table, places.group(3) != null);
        } else if (frames.matches()) {
          int length = file.shape("out." + name, 2).dim(0);
          Tensor table = PositionTable.line(length, Integer.parseInt(frames.group(1)));
          table(check, name, table, frames.group(2) != null);
        }
      }
      timesteps(check);
    }
  }

  private static void table(Check check, String name, Tensor table, boolean part) {
    Tensor rows = reshape(table, table.dim(1), table.dim(2));
    check.floats("out." + name, part ? Sub.every(rows, 1, STEP) : rows);
  }

  private static void timesteps(Check check) {
    FixtureFile file = check.file();
    Matcher seed = SEED.matcher(file.metadata("note").orElse(""));
    UnfitException.unless(seed.find(), "the note does not say 'formula seed N'");
    Parts.Layer layer = Parts.timesteps(file.shape("out.t_emb", 2).dim(1));
    FormulaWeights.fill(layer.module(), Long.parseLong(seed.group(1)), Formula::range);
    float[] t = file.steps("in.t");
    check.floats("out.t_freq", Parts.frequencies(t));
    check.floats("out.t_emb", layer.forward().apply(Tensor.of(Shape.of(t.length), t)));
  }
}
