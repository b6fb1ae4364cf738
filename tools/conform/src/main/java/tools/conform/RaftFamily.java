package tools.conform;

import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.flow.raft.Raft;
import medsora.flow.raft.RaftConfig;

/**
 * {@code raft_basic_formula} and {@code raft_small_formula}: both encoders on {@code in.image1},
 * and the flow after several numbers of iterations, {@code out.RANGE.itersN.*}, of pictures in
 * 0..255 and in -1..1 ({@code in.m1_1.*}).
 */
final class RaftFamily implements Family {
  private static final Pattern RUN = Pattern.compile("(.+)\\.iters(\\d{1,3})\\.flow_low");

  /** Pictures in -1..1 are nearly black for the network; the small one is noisy there. */
  static final Limits LIMITS = Limits.noise(2e-6).except(name -> name.contains("m1_1"), 10 * 2e-5);

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    boolean small = file.path().getFileName().toString().startsWith("raft_small");
    Raft raft = new Raft(small ? RaftConfig.SMALL : RaftConfig.BASIC);
    FormulaWeights.of(file).fill(raft);
    try (Tape scope = Tape.noGrad()) {
      Tensor first = file.tensor("in.image1");
      encoder(check, "fnet", raft.features(first));
      encoder(check, "cnet", raft.context(first));
      for (String name : file.namesUnder("out.")) {
        Matcher run = RUN.matcher(name);
        if (run.matches()) {
          flow(check, raft, run.group(1), Integer.parseInt(run.group(2)));
        }
      }
    }
  }

  private static void encoder(Check check, String name, Tensor features) {
    Shape held = check.file().shape("out." + name + ".first8", 4);
    check.floats("out." + name + ".first8", slice(features, 1, 0, held.dim(1)));
    statistics(check, "stats." + name, features);
  }

  private static void flow(Check check, Raft raft, String range, int iterations) {
    String in = range.equals("0_255") ? "in." : "in." + range + ".";
    Tensor first = check.file().tensor(in + "image1");
    Tensor second = check.file().tensor(in + "image2");
    Raft.Output y = raft.forward(first, second, iterations);
    String out = "out." + range + ".iters" + iterations;
    check.floats(out + ".flow_low", y.coarse());
    check.floats(out + ".flow_up_sub4", quarter(y.flow()));
    statistics(check, "stats." + range + ".iters" + iterations + ".flow_up", y.flow());
  }

  /** Every fourth row from the second, every fourth column from the third. */
  private static Tensor quarter(Tensor flow) {
    Tensor rows = Layout.gather(flow, 2, every(flow.dim(2), 1));
    return Layout.gather(rows, 3, every(flow.dim(3), 2));
  }

  private static int[] every(int extent, int from) {
    int[] index = new int[(extent - from + 3) / 4];
    for (int i = 0; i < index.length; i++) {
      index[i] = from + 4 * i;
    }
    return index;
  }

  private static void statistics(Check check, String name, Tensor x) {
    check.statistics(name, List.of(Statistics.of(x.toArray())));
  }
}
