package medsora.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import medsora.media.FrameCursor;
import medsora.media.FrameSource;
import medsora.media.VideoException;
import medsora.media.VideoReader;
import org.jspecify.annotations.Nullable;

/**
 * One video of a data set: which of its sections are long enough for a clip, and where its frames
 * come from, memory or the file again. Frames are numbered from 0 through those sections.
 *
 * @param path of the file; null for a video that was never one
 * @param sections those that are used; none where the video is too short
 * @param frames all of them in memory, or null
 * @param remarks what a user should know
 */
record StoredVideo(
    ClipDataset.Entry entry,
    @Nullable Path path,
    List<Section> sections,
    @Nullable List<byte[]> frames,
    List<String> remarks) {

  /**
   * Frames between two seams.
   *
   * @param first number of the first one in the file
   * @param length how many
   */
  record Section(long first, int length) {}

  /**
   * Decodes a video once.
   *
   * @param room bytes that its frames may take in memory
   */
  static StoredVideo scan(
      FrameSource source, String name, @Nullable Path path, long room, ClipDataset.Options options)
      throws IOException {
    return new Scan(options, room).all(new FrameCursor(source), name, path);
  }

  /** A decoding under way. */
  private static final class Scan {
    private final ClipDataset.Options options;
    private final long room;
    private final VideoTransform transform;
    private final MessageDigest digest = sha();
    private final List<Section> sections = new ArrayList<>();
    private final List<byte[]> cached = new ArrayList<>();
    private boolean fits = true;
    private int width;
    private int height;

    Scan(ClipDataset.Options options, long room) {
      this.options = options;
      this.room = room;
      this.transform = new VideoTransform(options.size(), false);
    }

    StoredVideo all(FrameCursor frames, String name, @Nullable Path path) throws IOException {
      int section = 0;
      long first = 0;
      List<Section> all = new ArrayList<>();
      while (frames.next()) {
        if (frames.section() != section) {
          all.add(ended(first, frames.number()));
          first = frames.number();
          section = frames.section();
        }
        take(frames, frames.number() == first && sections.isEmpty());
      }
      all.add(ended(first, frames.count()));
      List<String> remarks = new ArrayList<>(frames.remarks());
      if (!sections.isEmpty() && sections.size() < all.size()) {
        remarks.add(
            "%d of %d parts are too short for a clip"
                .formatted(all.size() - sections.size(), all.size()));
      }
      return new StoredVideo(
          entry(name, all), path, List.copyOf(sections), fits ? cached : null, remarks);
    }

    private void take(FrameCursor frames, boolean sized) {
      if (sized) {
        width = frames.width();
        height = frames.height();
      }
      byte[] small = transform.resize(frames.rgb(), frames.height(), frames.width());
      digest.update(small);
      fits &= (cached.size() + 1L) * options.frameBytes() <= room;
      if (fits) {
        cached.add(small);
      } else {
        cached.clear();
      }
    }

    /** A section, which is forgotten where it is too short for a clip and not all there is. */
    private Section ended(long first, long end) {
      Section section = new Section(first, Math.toIntExact(end - first));
      if (section.length >= options.sampler().frames()) {
        sections.add(section);
      } else if (fits) {
        cached.subList(cached.size() - section.length, cached.size()).clear();
      }
      return section;
    }

    private ClipDataset.Entry entry(String name, List<Section> all) {
      int total = all.stream().mapToInt(Section::length).sum();
      int longest = all.stream().mapToInt(Section::length).max().orElse(0);
      digest.update(ByteBuffer.allocate(8).putInt(total).putInt(options.size()).array());
      if (all.size() > 1) {
        // Equal frames with other seams give other clips.
        all.forEach(s -> digest.update(ByteBuffer.allocate(4).putInt(s.length).array()));
      }
      boolean any = !sections.isEmpty();
      return new ClipDataset.Entry(
          name,
          any ? sections.stream().mapToInt(Section::length).sum() : longest,
          width,
          height,
          any ? options.sampler().spacing(longest) : 0,
          HexFormat.of().formatHex(digest.digest()),
          null);
    }
  }

  /** The same video, of which a list says what it shows. */
  StoredVideo labelled(String label) {
    ClipDataset.Entry e = entry;
    return new StoredVideo(
        new ClipDataset.Entry(
            e.name(), e.frames(), e.width(), e.height(), e.spacing(), e.sha256(), label),
        path,
        sections,
        frames,
        remarks);
  }

  static MessageDigest sha() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** How many clips can begin in it, in all sections together. */
  int begins(ClipSampler sampler) {
    return sections.stream().mapToInt(s -> sampler.begins(s.length)).sum();
  }

  /**
   * The frames of a clip, all of one section.
   *
   * @param begin 0 .. begins-1
   */
  int[] indices(ClipSampler sampler, int begin) {
    int left = begin;
    int first = 0;
    for (Section section : sections) {
      int begins = sampler.begins(section.length);
      if (left >= 0 && left < begins) {
        int[] indices = sampler.indices(section.length, left);
        for (int i = 0; i < indices.length; i++) {
          indices[i] += first;
        }
        return indices;
      }
      left -= begins;
      first += section.length;
    }
    throw new IllegalArgumentException(
        "[clip] begin %d is not in 0..%d of %s"
            .formatted(begin, begins(sampler) - 1, entry.name()));
  }

  /** Frames by ascending numbers, from memory or by decoding the file again. */
  List<byte[]> read(int[] indices, ClipDataset.Options options) throws IOException {
    List<byte[]> out = new ArrayList<>();
    if (frames != null) {
      for (int i : indices) {
        out.add(frames.get(i));
      }
      return out;
    }
    VideoTransform transform = new VideoTransform(options.size(), false);
    Path file = Objects.requireNonNull(path, "videos that were never files stay in memory");
    try (FrameSource source = VideoReader.open(file, options.read())) {
      FrameCursor at = new FrameCursor(source);
      while (out.size() < indices.length) {
        if (!at.next()) {
          throw new VideoException(file.toString(), "has become shorter since it was opened");
        }
        if (at.number() == inFile(indices[out.size()])) {
          out.add(transform.resize(at.rgb(), at.height(), at.width()));
        }
      }
    }
    return out;
  }

  private long inFile(int index) {
    int left = index;
    for (Section section : sections) {
      if (left < section.length) {
        return section.first + left;
      }
      left -= section.length;
    }
    throw new IndexOutOfBoundsException(index);
  }
}
