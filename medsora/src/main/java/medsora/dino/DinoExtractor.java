package medsora.dino;

import engine.io.Printable;
import engine.io.RenamedTensors;
import engine.io.TensorSource;
import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import medsora.align.AlignmentConfig;
import medsora.align.FeatureExtractor;
import medsora.align.FrozenNetworks;
import medsora.flow.FlowEstimator;
import nn.io.Weights;

/** A vision transformer with given weights as an extractor of features. */
public final class DinoExtractor implements FeatureExtractor {
  /** Metadata of a file: the number of heads of attention. */
  public static final String HEADS = "heads";

  private static final String POSITIONS = "pos_embed";
  private static final String PATCHES = "patch_embed.proj.weight";

  /** Width of one head in every published size. */
  private static final int HEAD = 64;

  private final Vit network;

  public DinoExtractor(Vit network) {
    this.network = network;
    network.setTrainable(false);
  }

  /**
   * Reads a network. Its extents are those of the file; the number of heads, which no weight tells,
   * is in the metadata {@link #HEADS}, or such that each has 64 channels, as all published ones.
   * Names are DINO's or those of Hugging Face.
   *
   * @throws IOException listing names that are missing or unexpected
   */
  public static DinoExtractor load(Path weights) throws IOException {
    try (TensorSource opened = TensorSource.open(weights)) {
      return load(opened);
    }
  }

  /** Reads a network from what is open; {@link #load(Path)} says how. */
  public static DinoExtractor load(TensorSource opened) throws IOException {
    TensorSource file = translated(opened);
    String prefix = prefix(file);
    Vit network = new Vit(config(opened.path(), file, prefix));
    Weights.load(file, prefix, network);
    return new DinoExtractor(network);
  }

  private static TensorSource translated(TensorSource opened) throws IOException {
    try {
      return HuggingFaceNames.translated(RenamedTensors.bare(opened));
    } catch (IllegalArgumentException e) {
      throw new IOException("[dino] " + e.getMessage(), e);
    }
  }

  /** Full checkpoints hold the network as the backbone of student and teacher, beside a head. */
  private static String prefix(TensorSource file) {
    return file.contains("backbone." + POSITIONS) ? "backbone." : "";
  }

  private static VitConfig config(Path path, TensorSource file, String prefix) throws IOException {
    for (String name : List.of(POSITIONS, PATCHES)) {
      if (!file.contains(prefix + name)) {
        throw new IOException(
            "[dino] %s holds no vision transformer: '%s' is missing".formatted(path, name));
      }
    }
    long[] table = file.shape(prefix + POSITIONS);
    long[] patch = file.shape(prefix + PATCHES);
    int depth = 0;
    while (file.contains(prefix + "blocks." + depth + ".norm1.weight")) {
      depth++;
    }
    boolean fits = table.length == 3 && patch.length == 4 && patch[0] == table[2];
    int grid = fits ? (int) Math.round(Math.sqrt((double) table[1] - 1)) : 0;
    int heads = fits ? heads(path, file, patch[0]) : 0;
    boolean whole = heads > 0 && patch[0] % heads == 0;
    if (!fits || (long) grid * grid != table[1] - 1 || !whole || depth == 0) {
      throw new IOException(
          "[dino] %s: a position table of %s, patches of %s and %d heads are no vision transformer"
              .formatted(path, Arrays.toString(table), Arrays.toString(patch), heads));
    }
    return new VitConfig(Math.toIntExact(patch[2]), Math.toIntExact(patch[0]), depth, heads, grid);
  }

  private static int heads(Path path, TensorSource file, long width) throws IOException {
    String said = file.metadata().get(HEADS);
    if (said == null) {
      return width % HEAD == 0 ? (int) (width / HEAD) : 0;
    }
    try {
      return Integer.parseInt(said);
    } catch (NumberFormatException e) {
      throw new IOException(
          "[dino] %s: its metadata %s are no number: '%s'"
              .formatted(path, HEADS, Printable.brief(said)),
          e);
    }
  }

  public Vit network() {
    return network;
  }

  @Override
  public List<Tensor> features(Tensor pictures) {
    List<Tensor> out = new ArrayList<>();
    for (Tensor layer : network.layers(pictures)) {
      Shape s = layer.shape();
      out.add(Layout.slice(layer, 1, 1, s.dim(1)));
    }
    return out;
  }

  /** The networks of an alignment: an estimator, the colours that are configured, and this. */
  public FrozenNetworks frozen(AlignmentConfig config, FlowEstimator estimator) {
    return new FrozenNetworks(
        estimator,
        FrozenNetworks.colours(config),
        this,
        network.config().depth(),
        "flow " + estimator.identity() + " features " + Weights.sha256(network.stateDict()));
  }
}
