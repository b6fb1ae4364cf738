package medsora.media.dicom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import medsora.media.FrameSource;
import medsora.media.ReadLimits;
import medsora.media.VideoException;
import medsora.media.VideoFolder.Dropped;
import medsora.media.VideoFormat;

/**
 * DICOM as videos: each file of several frames is one, and so are the single frames of a series in
 * a folder, in the order of their instance numbers.
 */
public final class DicomFormat implements VideoFormat {
  private static final Set<String> ENDINGS = Set.of("dcm", "dicom", "dic");

  /** For the service loader. */
  public DicomFormat() {}

  @Override
  public boolean claims(byte[] head, String fileName) {
    String ending = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return DicomFile.begins(head) || ENDINGS.contains(ending);
  }

  @Override
  public Optional<FrameSource> open(Path file, ReadLimits limits) throws IOException {
    return claimed(file) ? Optional.of(opened(file, limits)) : Optional.empty();
  }

  private FrameSource opened(Path file, ReadLimits limits) throws IOException {
    Entry entry = Entry.of(file, limits);
    return switch (entry.kind()) {
      case DIRECTORY -> openAll(file, List.of(file), limits);
      case CINE, REFUSED -> DicomSource.open(file, limits);
      case SINGLE -> {
        List<Entry> series = new ArrayList<>();
        for (Path sibling : siblings(file)) {
          Entry other = sibling.equals(file) ? entry : Entry.of(sibling, limits);
          if (other.video().equals(entry.video())) {
            series.add(other);
          }
        }
        yield new JoinedSource(NeutralName.of(file), List.of(Series.of(series)), List.of(), limits);
      }
    };
  }

  private List<Path> siblings(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    List<Path> out = new ArrayList<>();
    try (Stream<Path> list = Files.list(folder)) {
      for (Path path : list.sorted().toList()) {
        if (Files.isRegularFile(path) && !Files.isSymbolicLink(path) && claimed(path)) {
          out.add(file.resolveSibling(path.getFileName()));
        }
      }
    }
    if (!out.contains(file)) {
      out.add(file);
    }
    return out;
  }

  private boolean claimed(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return claims(in.readNBytes(HEAD), file.getFileName().toString());
    }
  }

  @Override
  public FrameSource openAll(Path folder, List<Path> files, ReadLimits limits) throws IOException {
    List<Dropped> refused = new ArrayList<>();
    List<Series> readable = new ArrayList<>();
    for (Series video : videos(entries(files, limits, refused))) {
      Entry first = video.first();
      if (first.kind() == Entry.Kind.REFUSED) {
        refused.add(new Dropped(NeutralName.of(0, first.path()), first.reason()));
      } else {
        readable.add(video);
      }
    }
    if (readable.isEmpty()) {
      throw new VideoException(
          folder.toString(), "holds no DICOM pictures" + Dropped.list(refused));
    }
    List<String> left = refused.stream().map(d -> d.what() + ": " + d.reason()).toList();
    return new JoinedSource(
        NeutralName.of(readable.getFirst().first().path()),
        readable,
        left.isEmpty() ? List.of() : List.of("left out: " + Series.few(left)),
        limits);
  }

  @Override
  public Found find(List<Path> files, ReadLimits limits) {
    List<Dropped> refused = new ArrayList<>();
    List<Found.Video> found = new ArrayList<>();
    Map<String, String> groups = new LinkedHashMap<>();
    int number = 0;
    for (Series video : videos(entries(files, limits, refused))) {
      Entry first = video.first();
      String name = NeutralName.of(++number, first.path());
      if (first.kind() == Entry.Kind.REFUSED) {
        refused.add(new Dropped(name, first.reason()));
        continue;
      }
      // Nobody's number: then the series is all that is known to belong together.
      String person = first.patient().isEmpty() ? "series " + first.series() : first.patient();
      String group =
          groups.computeIfAbsent(person, p -> "dicom-patient-%04d".formatted(groups.size() + 1));
      found.add(new Found.Video(first.path(), name, group));
    }
    return new Found(found, refused);
  }

  /** Files in the order of the DICOMDIR above them, where there is one. */
  private static List<Entry> entries(List<Path> files, ReadLimits limits, List<Dropped> refused) {
    Map<Path, Entry> read = new LinkedHashMap<>();
    files.forEach(f -> read.put(f, Entry.of(f, limits)));
    List<Entry> out = new ArrayList<>();
    Set<Path> done = new HashSet<>();
    for (Entry directory : List.copyOf(read.values())) {
      if (directory.kind() == Entry.Kind.DIRECTORY) {
        done.add(directory.path());
        for (Path file : referenced(directory.path(), limits, refused)) {
          if (done.add(file)) {
            out.add(read.getOrDefault(file, Entry.of(file, limits)));
          }
        }
        List<Path> unlisted =
            read.keySet().stream().filter(f -> below(f, directory.path()) && done.add(f)).toList();
        if (!unlisted.isEmpty()) {
          refused.add(
              new Dropped(
                  "a DICOMDIR",
                  "does not list %d further DICOM file%s of its folder"
                      .formatted(unlisted.size(), unlisted.size() == 1 ? "" : "s")));
        }
      }
    }
    read.forEach((file, entry) -> {
      if (!done.contains(file)) {
        out.add(entry);
      }
    });
    return out;
  }

  /** A directory speaks for all that lies in its folder; what it leaves out is not offered. */
  private static boolean below(Path file, Path directory) {
    return file.toAbsolutePath().startsWith(directory.toAbsolutePath().getParent());
  }

  private static List<Path> referenced(Path directory, ReadLimits limits, List<Dropped> refused) {
    List<Integer> missing = new ArrayList<>();
    List<Path> files = List.of();
    try {
      files = DicomDirectory.files(directory, limits, missing);
    } catch (IOException e) {
      refused.add(new Dropped("a DICOMDIR", "cannot be read"));
    }
    missing.forEach(
        n -> refused.add(new Dropped("a DICOMDIR", "names " + n + " files that are not there")));
    return files;
  }

  private static List<Series> videos(List<Entry> entries) {
    Map<Object, List<Entry>> out = new LinkedHashMap<>();
    entries.forEach(e -> out.computeIfAbsent(e.video(), v -> new ArrayList<>()).add(e));
    return out.values().stream().map(Series::of).toList();
  }
}
