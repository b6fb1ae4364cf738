package tools.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import medsora.audit.SampleModel;
import medsora.audit.Verdict;
import medsora.media.Clip;
import medsora.train.manifest.DrawRecord;
import medsora.train.manifest.Provenance;

/**
 * Draws samples of a manifest again.
 *
 * @param folder of the manifest
 * @param checkpoint the model, or null for where the manifest says that it was
 * @param vae its autoencoder, or null likewise
 * @param numbers of the samples; none for all
 */
public record SampleAudit(Path folder, Path checkpoint, Path vae, List<Long> numbers) {
  /** Verdicts on the samples of one draw; none where none of them is wanted. */
  public List<Verdict> of(DrawRecord draw) throws IOException {
    List<DrawRecord.Drawn> wanted =
        draw.clips().stream()
            .filter(c -> numbers.isEmpty() || numbers.contains(c.number()))
            .toList();
    if (wanted.isEmpty()) {
      return List.of();
    }
    Optional<Path> place =
        checkpoint == null
            ? SampleSet.found(draw.model().checkpoint(), folder)
            : Optional.of(checkpoint);
    Optional<SampleModel> shipped =
        place.isEmpty() ? SampleModel.shipped(draw.model()) : Optional.empty();
    if (place.isEmpty() && shipped.isEmpty()) {
      return List.of(
          VerdictProgram.say(
              new Verdict.Unsaid(
                  "samples: their model is not at %s; --checkpoint names it"
                      .formatted(draw.model().checkpoint()))));
    }
    Path autoencoder =
        vae == null ? SampleSet.found(draw.model().autoencoder(), folder).orElse(null) : vae;
    SampleModel model =
        shipped.isPresent()
            ? shipped.get()
            : SampleModel.load(
                place.get(), autoencoder, draw.model().weights(), draw.model().size());
    List<String> others = SampleSet.differences(draw.model(), model.record());
    if (!others.isEmpty()) {
      return List.of(
          VerdictProgram.say(
              new Verdict.Differs("samples: the model of " + place.orElseThrow(), others)));
    }
    List<Verdict> all = new ArrayList<>();
    for (DrawRecord.Drawn clip : wanted) {
      all.add(VerdictProgram.say(of(draw, clip, model)));
    }
    return all;
  }

  private Verdict of(DrawRecord draw, DrawRecord.Drawn clip, SampleModel model) throws IOException {
    String name = "sample %d of seed %d".formatted(clip.number(), draw.settings().seed());
    List<String> faults = new ArrayList<>();
    for (Map.Entry<String, String> e : clip.files().entrySet()) {
      Path file = folder.resolve(e.getKey()).normalize();
      // A set may have been copied without all of its files.
      if (Files.exists(file) && !FileHash.sha256(file).equals(e.getValue())) {
        faults.add(
            "%s: sha256 there %s, here %s".formatted(file, e.getValue(), FileHash.sha256(file)));
      }
    }
    Clip again = model.draw(draw.settings(), clip.number());
    String hash = Provenance.framesSha256(again);
    if (!hash.equals(clip.framesSha256())) {
      faults.add("frames sha256: there %s, here %s".formatted(clip.framesSha256(), hash));
    }
    return faults.isEmpty()
        ? new Verdict.Equal(name + ", all frames")
        : new Verdict.Differs(name, faults);
  }
}
