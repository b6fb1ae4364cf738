package tools.evaluate;

import engine.io.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import medsora.metric.network.C3dFeatures;
import medsora.metric.network.ClipFeatures;
import medsora.metric.network.FeatureNetwork;
import medsora.metric.network.I3dFeatures;
import medsora.metric.network.InceptionFeatures;
import medsora.metric.network.VideoMaeFeatures;
import medsora.metric.protocol.Judge;
import medsora.metric.protocol.Judge.Metric;
import medsora.metric.protocol.Protocol;
import medsora.metric.protocol.Resize;
import tools.program.Output;

/** The networks of a protocol's numbers, from files of weights that say by their names whose. */
public final class JudgeNetworks implements AutoCloseable {
  /**
   * A network and its weights.
   *
   * @param sha256 of the file, or of several as {@link WeightFiles} says
   */
  public record Opened(FeatureNetwork network, String sha256) {
    /** The weights as a number is quoted with them. */
    String words() {
      return "weights " + sha256.substring(0, 12);
    }
  }

  private final Map<Metric, Opened> networks = new EnumMap<>(Metric.class);

  private final Path c3dMean;

  private JudgeNetworks(Path c3dMean) {
    this.c3dMean = c3dMean;
  }

  /**
   * Opens files, each for all of the protocol's numbers whose network it holds.
   *
   * @param c3dMean the mean of C3D's training clips; null where C3D is not asked for
   * @throws IOException where a file holds none of them, with the reason of each
   */
  public static JudgeNetworks open(Protocol protocol, List<Path> files, Path c3dMean)
      throws IOException {
    JudgeNetworks out = new JudgeNetworks(c3dMean);
    for (Path file : files) {
      out.open(protocol, file);
    }
    if (c3dMean != null && !out.networks.containsKey(Metric.IS_C3D)) {
      throw new IllegalArgumentException(
          "--c3d-mean is read with --weights of C3D alone, by a protocol with IS-C3D (stylegan-v)");
    }
    return out;
  }

  /**
   * Which network besides I3D a file holds.
   *
   * @param network by its name, where there is one
   * @param none the names of those that were looked for
   * @param reasons why it is none of them
   */
  public record Held(Optional<String> network, String none, List<String> reasons) {}

  /** Reads a network, or fails with the reason why a file does not hold it. */
  private interface Reader {
    void read(Path file) throws IOException;
  }

  /** Tells which network besides I3D a file holds. */
  public static Held held(Path file) throws IOException {
    Map<String, Reader> readers = new LinkedHashMap<>();
    readers.put("Inception", f -> InceptionFeatures.load(f, InceptionFeatures.Variant.PYTORCH_FID));
    readers.put("VideoMAE", f -> VideoMaeFeatures.open(f).close());
    readers.put("CLIP", ClipFeatures::load);
    readers.put("C3D", C3dFeatures::read);
    List<String> reasons = new ArrayList<>();
    for (Map.Entry<String, Reader> each : readers.entrySet()) {
      try {
        each.getValue().read(file);
        return new Held(Optional.of(each.getKey()), "", List.of());
      } catch (FormatException e) {
        throw e;
      } catch (IOException e) {
        reasons.add(e.getMessage());
      }
    }
    return new Held(Optional.empty(), String.join(", ", readers.keySet()), reasons);
  }

  private void open(Protocol protocol, Path file) throws IOException {
    String sha256 = WeightFiles.sha256(file);
    Set<String> reasons = new LinkedHashSet<>();
    boolean taken = false;
    for (Judge judge : protocol.judges()) {
      try {
        Opened opened = opened(protocol, judge, file, sha256);
        if (networks.putIfAbsent(judge.metric(), opened) != null) {
          throw new IllegalArgumentException(
              "--weights "
                  + file
                  + ": a file before it holds the network of "
                  + judge.metric().shown()
                  + " too");
        }
        Output.say(
            "%s: %s of %s"
                .formatted(judge.metric().shown(), opened.network.name(), file.getFileName()));
        taken = true;
      } catch (IOException e) {
        reasons.add(e.getMessage());
      }
    }
    if (!taken) {
      throw new IOException(
          "[evaluate] %s holds no network of protocol %s: %s%s"
              .formatted(
                  file, protocol.shown(), String.join("; ", reasons), WeightFiles.hint(file)));
    }
  }

  /** One network serves FID and IS, which differ by what is asked of it alone. */
  private Opened opened(Protocol protocol, Judge judge, Path file, String sha256)
      throws IOException {
    Opened fid = networks.get(Metric.FID);
    boolean sameFile = fid != null && fid.sha256.equals(sha256);
    boolean sameResize =
        protocol.judges().stream()
            .anyMatch(j -> j.metric() == Metric.FID && j.resize() == judge.resize());
    return judge.metric() == Metric.IS && sameFile && sameResize
        ? fid
        : new Opened(load(judge, file), sha256);
  }

  private FeatureNetwork load(Judge judge, Path file) throws IOException {
    boolean legacy = judge.resize() == Resize.LEGACY;
    return switch (judge.metric()) {
      case FVD ->
          I3dFeatures.load(
              file, legacy ? I3dFeatures.Variant.TENSORFLOW : I3dFeatures.Variant.STYLEGAN_V);
      case FID, IS ->
          InceptionFeatures.load(
              file,
              legacy
                  ? InceptionFeatures.Variant.TENSORFLOW
                  : InceptionFeatures.Variant.PYTORCH_FID);
      case CD_FVD -> VideoMaeFeatures.open(file);
      case FC -> ClipFeatures.load(file);
      case IS_C3D -> c3d(file);
      case FD_PHANTOM_FRAMES, FD_PHANTOM_MOTION ->
          throw new IllegalStateException(judge.metric() + " comes with the program");
    };
  }

  private FeatureNetwork c3d(Path file) throws IOException {
    if (c3dMean == null) {
      // First whether it is one: of another file the mean is not missing.
      C3dFeatures.read(file);
      throw new IOException(
          "[evaluate] C3D wants --c3d-mean beside its weights: the mean of its training clips");
    }
    return C3dFeatures.load(file, c3dMean);
  }

  /** All networks that were given. */
  public List<FeatureNetwork> all() {
    return networks.values().stream().map(Opened::network).toList();
  }

  /** What they are and the hashes of their weights, in words. */
  public String identity() {
    return networks.values().stream()
        .map(n -> n.network.name() + " " + n.sha256)
        .collect(Collectors.joining(", ", "networks ", ""));
  }

  /** The network of a number, where its weights were given. */
  public Optional<Opened> of(Judge judge) {
    return Optional.ofNullable(networks.get(judge.metric()));
  }

  /** Gives back the files that networks read their weights from as they go. */
  @Override
  public void close() {
    for (Opened opened : networks.values()) {
      if (opened.network instanceof VideoMaeFeatures streamed) {
        streamed.close();
      }
    }
  }
}
