package tools.explore;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engine.kernel.Walks;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import medsora.denoiser.DenoiserConfig;
import medsora.denoiser.ScanOrder;

/**
 * Station 3: the orders in which spatial Mamba walks the tokens, and how far apart neighbours of
 * the clip end up in a sequence (paper Figure 3).
 */
record ScanStation() implements Station {
  private static final String[] WALKS = {
    "along the width", "along the width, back", "along the height", "along the height, back"
  };

  /** Neighbours to the right, below, and in the next frame. */
  private static final int KINDS = 3;

  @Override
  public String id() {
    return "scans";
  }

  @Override
  public List<Place> places() {
    return List.of(
        Place.model("the spiral", 8, "denoiser/Spiral", "path"),
        Place.model("its reverse", 8, "denoiser/Spiral", "reversed"),
        Place.model("the four walks of a block", 8, "denoiser/SpatialMamba", "forward"),
        Place.model("which order a block has", 0, "denoiser/ScanOrder", "ofBlock"),
        Place.model("temporal Mamba", 10, "denoiser/TemporalMamba", "forward"));
  }

  @Override
  public void write(Subject s, tools.explore.Arrays arrays, ObjectNode facts) {
    DenoiserConfig config = s.denoiser().config();
    int frames = config.frames();
    int grid = config.grid();
    facts.put("frames", frames).put("videoFrames", config.videoFrames()).put("grid", grid);
    facts.put("runs", config.switches().trueSpiral() ? "spiral" : "released-0");
    ArrayNode variants = facts.putArray("variants");
    DenoiserConfig paper = config.with(switches(config, true));
    DenoiserConfig released = config.with(switches(config, false));
    ScanOrder spiral = ScanOrder.ofBlock(paper, 0);
    add("spiral", "the paper's spiral", spiral.walks(frames, grid), arrays, variants, config);
    for (int block = 0; block < Math.min(4, config.depth()); block++) {
      Walks walks = ScanOrder.ofBlock(released, block).walks(frames, grid);
      String name = "the released code's gather, block " + block;
      add("released-" + block, name, walks, arrays, variants, config);
    }
    int[] rows = IntStream.range(0, frames * grid).toArray();
    ScanOrder byRows = new ScanOrder(rows, medsora.denoiser.Spiral.reversed(rows));
    Walks cut = byRows.walks(frames, grid);
    add("rows", "raster within each slice", cut, arrays, variants, config);
    int[] all = IntStream.range(0, frames * grid * grid).toArray();
    Walks raster = Walks.of(all.length, all, medsora.denoiser.Spiral.reversed(all));
    add("raster", "raster of all tokens at once", raster, arrays, variants, config);
  }

  static DenoiserConfig.Switches switches(DenoiserConfig config, boolean spiral) {
    DenoiserConfig.Switches s = config.switches();
    return new DenoiserConfig.Switches(
        s.heads(),
        s.attentionOutput(),
        s.rotary(),
        s.attentionDropout(),
        spiral,
        s.learnedVariance());
  }

  private static void add(
      String id,
      String name,
      Walks walks,
      tools.explore.Arrays arrays,
      ArrayNode variants,
      DenoiserConfig config) {
    ObjectNode node = variants.addObject();
    node.put("id", id).put("name", name).put("length", walks.length());
    ArrayNode names = node.putArray("walks");
    for (int w = 0; w < walks.count(); w++) {
      names.add(walks.count() == WALKS.length ? WALKS[w] : w == 0 ? "forward" : "back");
    }
    node.set("order", arrays.shorts(walks.order(), walks.count(), walks.tokens()));
    int[] kinds = new int[KINDS * (walks.length() + 1)];
    double[] means = new double[KINDS];
    count(walks, config.frames(), config.grid(), kinds, means);
    node.set("distances", arrays.shorts(kinds, KINDS, walks.length() + 1));
    for (double mean : means) {
      node.withArray("means").add(mean);
    }
  }

  /**
   * How many neighbours are so far apart: for each kind and distance. What never shares a sequence
   * counts in column 0.
   */
  private static void count(Walks walks, int frames, int grid, int[] counts, double[] means) {
    int columns = walks.length() + 1;
    int[] step = {1, grid, grid * grid};
    int[] met = new int[KINDS];
    for (int token = 0; token < walks.tokens(); token++) {
      int[] at = {token % grid, token / grid % grid, token / (grid * grid)};
      int[] end = {grid, grid, frames};
      for (int kind = 0; kind < KINDS; kind++) {
        if (at[kind] + 1 < end[kind]) {
          int far = distance(walks, token, token + step[kind]);
          counts[(kind * columns) + far]++;
          means[kind] += far;
          met[kind] += far == 0 ? 0 : 1;
        }
      }
    }
    Arrays.setAll(means, kind -> met[kind] == 0 ? 0 : means[kind] / met[kind]);
  }

  /** Steps between two tokens on the walk that brings them nearest; 0 where none does. */
  private static int distance(Walks walks, int a, int b) {
    int nearest = 0;
    for (int w = 0; w < walks.count(); w++) {
      int p = walks.position()[(w * walks.tokens()) + a];
      int q = walks.position()[(w * walks.tokens()) + b];
      int far = Math.abs(p - q);
      if (p / walks.length() == q / walks.length() && (nearest == 0 || far < nearest)) {
        nearest = far;
      }
    }
    return nearest;
  }
}
