package tools.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import medsora.audit.SampleModel;
import medsora.media.Clip;
import medsora.train.manifest.DrawRecord;
import medsora.train.manifest.Made;
import medsora.train.manifest.Manifest;
import medsora.train.manifest.Provenance;

/** Drawn clips in a folder, each file of which says what it is of, and their manifest. */
public final class SampleSet {
  private final Path folder;
  private final SampleModel model;
  private final DrawRecord.Settings settings;
  private final Collection<ClipFormat> formats;
  private final List<DrawRecord.Drawn> drawn = new ArrayList<>();

  /** A set that is to be written. */
  public SampleSet(
      Path folder,
      SampleModel model,
      DrawRecord.Settings settings,
      Collection<ClipFormat> formats) {
    this.folder = folder;
    this.model = model;
    this.settings = settings;
    this.formats = formats;
  }

  /** Writes the files of a clip. */
  public void add(Clip clip, long number) throws IOException {
    String stem = "sample-" + number;
    ClipFormat.write(folder, stem, model.labelled(clip.from(stem), settings, number), formats);
    SortedMap<String, String> files = new TreeMap<>();
    for (ClipFormat format : formats) {
      String name = stem + "." + format;
      files.put(name, FileHash.sha256(folder.resolve(name)));
    }
    drawn.add(new DrawRecord.Drawn(number, Provenance.framesSha256(clip), files));
  }

  /** Clips that were written. */
  public int size() {
    return drawn.size();
  }

  /** Puts down in the folder's manifest what was written. */
  public void finish() throws IOException {
    DrawRecord.Model own = model.record();
    DrawRecord.Model placed =
        new DrawRecord.Model(
            fromHere(own.checkpoint()),
            fromHere(own.autoencoder()),
            own.denoiserSha256(),
            own.vaeSha256(),
            own.weights(),
            own.size());
    DrawRecord record = new DrawRecord(Made.here(), placed, settings, drawn);
    Manifest.ofFolder(folder).with(record).write(folder);
  }

  /** A path as it is from the folder of the clips, so that both can be moved together. */
  private String fromHere(String path) {
    if (path.isEmpty()) {
      return path;
    }
    Path from = folder.toAbsolutePath().normalize();
    Path to = Path.of(path).toAbsolutePath().normalize();
    boolean together = from.getRoot() != null && from.getRoot().equals(to.getRoot());
    String said = (together ? from.relativize(to) : to).toString().replace('\\', '/');
    return said.isEmpty() ? "." : said;
  }

  /** Where something lies that a manifest names: from its folder, or from here. */
  public static Optional<Path> found(String said, Path folder) {
    if (said.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path path = Path.of(said);
      Path beside = folder.resolve(path).normalize();
      if (Files.exists(beside)) {
        return Optional.of(beside);
      }
      return Files.exists(path) ? Optional.of(path) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** In which of its networks a model differs from that of a clip. */
  public static List<String> differences(DrawRecord.Model there, DrawRecord.Model here) {
    List<String> lines = new ArrayList<>();
    if (!there.denoiserSha256().equals(here.denoiserSha256())) {
      lines.add(
          "denoiser: there %s, here %s".formatted(there.denoiserSha256(), here.denoiserSha256()));
    }
    if (!there.vaeSha256().equals(here.vaeSha256())) {
      lines.add("autoencoder: there %s, here %s".formatted(there.vaeSha256(), here.vaeSha256()));
    }
    return lines;
  }
}
