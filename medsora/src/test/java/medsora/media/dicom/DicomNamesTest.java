package medsora.media.dicom;

import static medsora.media.dicom.DicomWriter.EXPLICIT;
import static medsora.media.dicom.DicomWriter.image;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import medsora.media.VideoFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of persons in names of files, whatever their endings, are not shown. */
class DicomNamesTest {
  private static final String PERSON = "NIEMAND";

  @TempDir Path folder;

  @Test
  void dicomGoesByNeutralNamesUnderAnyEnding() throws IOException {
    Path inner = Files.createDirectory(folder.resolve(PERSON + "_A"));
    int number = 0;
    for (String ending : new String[] {"mp4", "avi", "gif", "png", "jpg", "tif", "6", "DCM"}) {
      image(EXPLICIT, 2, 1, 3)
          .text(Tags.PATIENT_ID, "LO", "p" + number)
          .pixels(new byte[] {1, 2, 3, 4, 5, (byte) number++})
          .write(inner.resolve(PERSON + "." + ending));
    }
    Files.write(inner.resolve("._" + PERSON + ".dcm"), new byte[100]);
    Files.writeString(inner.resolve(PERSON + ".txt"), "a report");
    VideoFolder found = VideoFolder.list(folder);
    assertEquals(8, found.videos().size(), found.toString());
    for (Path video : found.videos()) {
      assertTrue(found.name(video).startsWith("dicom-"), found.name(video));
      assertTrue(found.group(video).isPresent());
    }
    assertEquals(2, found.ignored().size(), found.ignored().toString());
    assertFalse(found.ignored().toString().contains(PERSON), found.ignored().toString());
  }
}
