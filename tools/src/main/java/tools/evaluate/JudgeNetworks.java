package tools.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
   * @param sha256 of the file
   */
  public record Opened(FeatureNetwork network, String sha256) {}

  private final Map<Metric, Opened> networks = new EnumMap<>(Metric.class);

  private JudgeNetworks() {}

  /**
   * Opens files, each by the first of the protocol's networks that it holds.
   *
   * @throws IOException where a file holds none of them, with the reason of each
   */
  public static JudgeNetworks open(Protocol protocol, List<Path> files) throws IOException {
    JudgeNetworks out = new JudgeNetworks();
    for (Path file : files) {
      out.open(protocol, file);
    }
    return out;
  }

  private void open(Protocol protocol, Path file) throws IOException {
    String sha256 = GivenFeatures.sha256(file);
    List<String> reasons = new ArrayList<>();
    boolean taken = false;
    for (Judge judge : protocol.judges()) {
      try {
        FeatureNetwork network = load(judge, file);
        if (network != null) {
          networks.put(judge.metric(), new Opened(network, sha256));
          Output.say(
              "%s: %s of %s".formatted(judge.metric().shown(), network.name(), file.getFileName()));
          taken = true;
        }
      } catch (IOException e) {
        reasons.add(e.getMessage());
      }
    }
    if (!taken) {
      throw new IOException(
          "[evaluate] %s holds no network of protocol %s: %s"
              .formatted(file, protocol.shown(), String.join("; ", reasons)));
    }
  }

  /** Null for the judge whose network wants a second file, the mean of its training clips. */
  private static FeatureNetwork load(Judge judge, Path file) throws IOException {
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
      case IS_C3D -> null;
    };
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
