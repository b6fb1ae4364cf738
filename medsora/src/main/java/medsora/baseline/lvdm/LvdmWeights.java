package medsora.baseline.lvdm;

import engine.io.RenamedTensors;
import engine.io.TensorSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import medsora.vae.LatentStatistics;
import nn.Entry;
import nn.Module;
import nn.Outline;
import nn.io.Weights;

/**
 * A file with weights of LVDM: a checkpoint of PyTorch Lightning, whose state dict has the denoiser
 * below {@code model.diffusion_model}, its moving average under {@code model_ema} without the dots
 * of its names, and the autoencoder below {@code first_stage_model}; or weights of one of them
 * alone. What else such a checkpoint holds (callbacks, optimisers, buffers of the schedule) is left
 * alone.
 */
public final class LvdmWeights implements AutoCloseable {
  private static final List<String> OF_DENOISER =
      List.of("model.diffusion_model.", "diffusion_model.", "");
  private static final List<String> OF_AUTOENCODER = List.of("first_stage_model.", "");
  private static final String AVERAGE = "model_ema.";
  private static final String WRAPPER = "diffusion_model.";
  private static final String SCALE = "scale_factor";

  /** Networks of the autoencoder's loss, and their discriminator. */
  private static final String LOSS = "loss.";

  private final TensorSource source;

  /**
   * Of an open file.
   *
   * @param source with its raw weights; closed with this
   */
  public LvdmWeights(TensorSource source) {
    this.source = source;
  }

  /**
   * Opens a file.
   *
   * @throws IOException where it cannot be read
   */
  public static LvdmWeights open(Path file) throws IOException {
    return new LvdmWeights(TensorSource.open(file, TensorSource.Choice.RAW));
  }

  /** Whether there is a denoiser. */
  public boolean hasDenoiser() {
    return OF_DENOISER.stream().anyMatch(prefix -> shapes(prefix).isDenoiser());
  }

  /** Whether there is a video autoencoder. */
  public boolean hasAutoencoder() {
    return OF_AUTOENCODER.stream().anyMatch(prefix -> shapes(prefix).isAutoencoder());
  }

  private LvdmShapes shapes(String prefix) {
    return new LvdmShapes(source, prefix);
  }

  /**
   * Reads the denoiser.
   *
   * @param inputSize height and width of the latents
   * @param averaged whether the moving average is meant, where the file has one
   * @throws IOException where names or shapes do not fit; all faults are listed
   */
  public LvdmDenoiser denoiser(int inputSize, boolean averaged) throws IOException {
    String prefix =
        OF_DENOISER.stream()
            .filter(p -> shapes(p).isDenoiser())
            .findFirst()
            .orElseThrow(() -> lacks("denoiser"));
    LvdmConfig config = shapes(prefix).denoiser(inputSize);
    boolean average =
        averaged && source.names().stream().anyMatch(name -> name.startsWith(AVERAGE));
    UnaryOperator<String> place = average ? averages(prefix) : name -> prefix + name;
    return read(() -> new LvdmDenoiser(config), place, prefix);
  }

  /** The average's name of a parameter: that of the wrapped network without its dots. */
  private UnaryOperator<String> averages(String prefix) {
    return name -> {
      String wrapped = AVERAGE + (WRAPPER + name).replace(".", "");
      String bare = AVERAGE + name.replace(".", "");
      return source.contains(bare) || (prefix.isEmpty() && !source.contains(wrapped))
          ? bare
          : wrapped;
    };
  }

  /**
   * Reads the autoencoder.
   *
   * @throws IOException where names or shapes do not fit; all faults are listed
   */
  public LvdmVae autoencoder() throws IOException {
    String prefix =
        OF_AUTOENCODER.stream()
            .filter(p -> shapes(p).isAutoencoder())
            .findFirst()
            .orElseThrow(() -> lacks("video autoencoder"));
    LvdmVaeConfig config = shapes(prefix).autoencoder();
    LvdmVae vae = read(() -> new LvdmVae(config), name -> prefix + name, prefix);
    vae.setTrainable(false);
    return vae;
  }

  /**
   * How the latents of an autoencoder are scaled: by the usual shift, with the factor that the
   * checkpoint keeps, if it does.
   *
   * @throws IOException where that is no number to work with
   */
  public LatentStatistics statistics(LvdmVaeConfig of) throws IOException {
    LatentStatistics usual = of.published();
    boolean kept =
        source.contains(SCALE)
            && source.shape(SCALE).length == 0
            && source.dtype(SCALE).isFloating();
    if (!kept) {
      return usual;
    }
    try {
      return new LatentStatistics(usual.shifts().getFirst(), source.floats(SCALE)[0]);
    } catch (IllegalArgumentException e) {
      throw new IOException("[lvdm] " + source.path() + ": " + SCALE + ": " + e.getMessage(), e);
    }
  }

  /**
   * Builds a network and reads its weights, once an outline of it says that the file has them all.
   *
   * @param place where the weight of a name lies
   * @param prefix under which nothing else may lie
   */
  private <M extends Module> M read(Supplier<M> build, UnaryOperator<String> place, String prefix)
      throws IOException {
    M outline = Outline.of(build);
    RenamedTensors weights = new RenamedTensors(source, places(outline, place, prefix));
    Weights.check(weights, "", outline, Weights.Reading.WHOLE);
    M built = build.get();
    Weights.load(weights, "", built);
    return built;
  }

  private Map<String, List<String>> places(
      Module module, UnaryOperator<String> place, String prefix) {
    Map<String, Entry> entries = module.stateDict();
    Map<String, List<String>> places = new LinkedHashMap<>();
    entries.forEach((name, entry) ->
        // A weight of two names may lie under the other alone.
        Stream.concat(
                Stream.of(name),
                entries.keySet().stream().filter(twin -> entries.get(twin) == entry))
            .map(place)
            .filter(source::contains)
            .findFirst()
            .ifPresent(found -> places.put(name, List.of(found))));
    if (!prefix.isEmpty()) {
      for (String name : source.names()) {
        String bare = name.startsWith(prefix) ? name.substring(prefix.length()) : LOSS;
        if (!bare.startsWith(LOSS) && !entries.containsKey(bare)) {
          places.put(bare, List.of(name));
        }
      }
    }
    return places;
  }

  private IOException lacks(String what) {
    return new IOException("[lvdm] " + source.path() + " holds no " + what + " of LVDM");
  }

  @Override
  public void close() {
    source.close();
  }
}
