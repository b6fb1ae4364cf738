package tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import medsora.audit.ClipCheck;
import medsora.audit.SampleModel;
import medsora.audit.Verdict;
import medsora.media.Clip;
import medsora.media.Label;
import medsora.media.LabelReader;
import medsora.train.manifest.DrawRecord;
import medsora.train.manifest.Manifest;
import medsora.train.manifest.Provenance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.program.FileHash;
import tools.program.Output;
import tools.program.SampleSet;
import tools.program.VerdictProgram;
import tools.program.Version;

/** Says where a drawn clip is from, and draws it again. */
@Command(
    name = "whence",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Reads what a clip's file (mp4, gif, png, safetensors) says of the model, seed and number that"
          + " it was drawn from, looks it up in the manifest beside it, draws it again and compares"
          + " the frames.",
      "Exit code 0: equal; 1: it differs; 2: it cannot be said, such as without the model."
    })
public final class Whence extends VerdictProgram {
  @Parameters(index = "0", paramLabel = "FILE", description = "the clip")
  Path file;

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description = "manifest of its folder (default: the one beside it)")
  Path manifest;

  @Option(
      names = "--checkpoint",
      paramLabel = "DIR|FILE",
      description = "the model (default: where the manifest says that it was)")
  Path checkpoint;

  @Option(
      names = "--vae",
      paramLabel = "DIR|FILE",
      description = "its autoencoder (default: as then)")
  Path vae;

  public static void main(String[] args) {
    System.exit(execute(new Whence(), args));
  }

  @Override
  protected List<Verdict> judge() throws Exception {
    if (Files.isDirectory(file)) {
      return List.of(say(new Verdict.Unsaid(file + " is a folder: name a file in it")));
    }
    if (!Files.isRegularFile(file)) {
      return List.of(say(new Verdict.Unsaid("there is no file " + file)));
    }
    Optional<Label> label = LabelReader.of(file);
    if (label.isEmpty()) {
      return List.of(
          say(
              new Verdict.Unsaid(
                  file
                      + " says nothing of where it is from: not written by"
                      + " sample, or by an older one, or written again by another program")));
    }
    Provenance said = Provenance.read(file.toString(), label.get());
    describe(said);
    List<Verdict> all = new ArrayList<>();
    Optional<DrawRecord> drawn = recorded(said, all);
    all.add(redrawn(said, label.get(), drawn));
    return all;
  }

  private static void describe(Provenance said) {
    DrawRecord.Settings s = said.settings();
    Output.result(
        "synthetic: sample %d of seed %d, %s of %d steps, by %s under numeric contract %d",
        said.sample(), s.seed(), s.sampler(), s.steps(), said.generator(), said.contract());
    Output.result("model sha256 %s (%s weights)", said.model().sha256(), said.model().weights());
  }

  /** What the manifest has of the file, whose bytes are held against it. */
  private Optional<DrawRecord> recorded(Provenance said, List<Verdict> all) throws IOException {
    Path beside = manifest == null ? file.toAbsolutePath().resolveSibling(Manifest.FILE) : manifest;
    if (!Files.exists(beside)) {
      if (manifest != null) {
        throw new IOException("there is no manifest " + manifest);
      }
      Output.say("no manifest lies beside " + file);
      return Optional.empty();
    }
    String name = file.getFileName().toString();
    for (DrawRecord draw : Manifest.read(beside).draws()) {
      for (DrawRecord.Drawn clip : draw.clips()) {
        String hash = clip.files().get(name);
        if (hash != null) {
          all.add(say(bytes(beside, hash, clip, said)));
          return Optional.of(draw);
        }
      }
    }
    Output.say("%s has nothing of %s".formatted(beside, name));
    return Optional.empty();
  }

  private Verdict bytes(Path beside, String hash, DrawRecord.Drawn clip, Provenance said)
      throws IOException {
    String here = FileHash.sha256(file);
    if (!here.equals(hash)) {
      return new Verdict.Differs(
          file + ": its bytes", List.of("sha256 in %s %s, here %s".formatted(beside, hash, here)));
    }
    return clip.framesSha256().equals(said.framesSha256())
        ? new Verdict.Equal(file + ": its bytes are those that the manifest has")
        : new Verdict.Differs(
            file + ": hash of its frames",
            List.of("manifest %s, file %s".formatted(clip.framesSha256(), said.framesSha256())));
  }

  private Verdict redrawn(Provenance said, Label label, Optional<DrawRecord> drawn)
      throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Optional<Path> model =
        checkpoint == null
            ? drawn.flatMap(d -> SampleSet.found(d.model().checkpoint(), folder))
            : Optional.of(checkpoint);
    Optional<SampleModel> shipped =
        model.isEmpty() ? SampleModel.shipped(said.model()) : Optional.empty();
    if (model.isEmpty() && shipped.isEmpty()) {
      return say(
          new Verdict.Unsaid(
              "the model is not here: --checkpoint names the one of sha256 "
                  + said.model().sha256()));
    }
    Path autoencoder =
        vae == null
            ? drawn.flatMap(d -> SampleSet.found(d.model().autoencoder(), folder)).orElse(null)
            : vae;
    SampleModel loaded =
        shipped.isPresent()
            ? shipped.get()
            : SampleModel.load(
                model.get(), autoencoder, said.model().weights(), said.model().size());
    List<String> others = SampleSet.differences(said.model(), loaded.record());
    if (!others.isEmpty()) {
      return say(new Verdict.Differs("the model of " + model.orElseThrow(), others));
    }
    Clip again = loaded.draw(said.settings(), said.sample());
    String hash = Provenance.framesSha256(again);
    if (!hash.equals(said.framesSha256())) {
      return say(
          new Verdict.Differs(
              "the frames drawn again",
              List.of("sha256 in the file %s, here %s".formatted(said.framesSha256(), hash))));
    }
    return say(ClipCheck.of(file, again.labelled(label).at(said.settings().fps())));
  }
}
