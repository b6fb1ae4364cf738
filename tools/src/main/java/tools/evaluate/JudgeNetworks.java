package tools.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
      throw new IOException(
          "[evaluate] C3D wants --c3d-mean beside its weights: the mean of its training clips");
    }
    return C3dFeatures.load(file, c3dMean);
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
