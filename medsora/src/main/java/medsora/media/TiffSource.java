package medsora.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The pages of a tiff as a video. Smaller copies and masks of pages are none of its frames. */
final class TiffSource extends ForwardedSource {
  private final PictureDecoder.Pages file;
  private final FrameSource pages;
  private final List<String> remarks = new ArrayList<>();

  /** Opens a tiff of several pages. */
  TiffSource(Path path, TiffPages found, ReadLimits limits) throws IOException {
    int count = found.frames().size();
    remarks.add(
        "a tiff of %d pages, which are its frames".formatted(count)
            + (found.others() > 0 ? "; %d smaller copies or masks left out" : "")
                .formatted(found.others()));
    if (found.broken()) {
      remarks.add("damaged: its chain of pages breaks off behind page " + (count + found.others()));
    }
    List<PictureSequence.Place> places = new ArrayList<>();
    file = new PictureDecoder.Pages(path, limits);
    for (int page : found.frames()) {
      places.add(
          new PictureSequence.Place(
              "page " + (page + 1), path, places.isEmpty(), () -> file.picture(page)));
    }
    try {
      pages = new PictureSequence(path.toString(), places, limits);
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  @Override
  FrameSource source() {
    return pages;
  }

  @Override
  public boolean next(byte[] rgb) throws IOException {
    return pages.next(rgb);
  }

  @Override
  public List<String> remarks() {
    List<String> all = new ArrayList<>(remarks);
    all.addAll(pages.remarks());
    return all;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
