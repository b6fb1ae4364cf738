package tools;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import engine.io.Dtype;
import engine.io.SafeTensors;
import engine.io.TorchWriter;
import engine.io.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import medsora.train.DenoiserObjective;
import medsora.train.VaeObjective;
import medsora.train.store.Checkpoint;
import medsora.train.store.ExportedWeights;
import medsora.train.store.InitialWeights;
import medsora.train.store.WeightsFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.Version;

/** Writes the weights of checkpoints as plain safetensors under the released names. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Writes weights as plain safetensors under the names of the released state dicts, and beside"
          + " them their configuration as json.",
      "A run folder with both stages gives two files: OUT.safetensors with the denoiser and"
          + " OUT-vae.safetensors with the autoencoder; --stage picks one.",
      "What only profile paper has keeps its own name, marked in the table:"
          + " blocks.I.output_matrix.weight (W_o of Eq. 7),"
          + " encoder.down_blocks.I.frequency_compensation.* and"
          + " decoder.up_blocks.I.frequency_compensation.* (section 3.3).",
      "What was written is read by --checkpoint, --vae and --init of the other programs."
    })
public final class Export extends Program {
  private static final String ENDING = ".safetensors";

  /** Which weights of a checkpoint. */
  enum Kind {
    ema,
    raw
  }

  /** Types of the numbers. */
  enum Type {
    float32(Dtype.F32),
    float16(Dtype.F16),
    bfloat16(Dtype.BF16);

    private final Dtype dtype;

    Type(Dtype dtype) {
      this.dtype = dtype;
    }
  }

  /** Networks by the names of their stages. */
  enum Part {
    denoiser,
    vae
  }

  @Parameters(
      index = "0",
      paramLabel = "CHECKPOINT",
      description = {
        "run folder, a file in it, or weights in another form: a .pt of the released form, plain"
            + " safetensors, a folder of diffusers;",
        "FILE#PART names the part of a .pt"
      })
  Path checkpoint;

  @Parameters(index = "1", paramLabel = "OUT.safetensors", description = "file to write")
  Path out;

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      description = "of a run folder: ${COMPLETION-CANDIDATES} (default: what it holds)")
  Part stage;

  @Option(
      names = "--weights",
      paramLabel = "KIND",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  Kind kind = Kind.ema;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description =
          "${COMPLETION-CANDIDATES}; the short ones round to nearest (default: ${DEFAULT-VALUE})")
  Type dtype = Type.float32;

  @Option(
      names = "--torch",
      description =
          "beside each file another for PyTorch, OUT.pt: {\"ema\": state dict} (or \"model\") as"
              + " torch.save writes, float32")
  boolean torch;

  @Option(names = "--force", description = "replace files that are there")
  boolean force;

  public static void main(String[] args) {
    System.exit(execute(new Export(), args));
  }

  @Override
  protected void run() throws Exception {
    if (!out.getFileName().toString().endsWith(ENDING)) {
      throw new IllegalArgumentException("OUT wants to end in " + ENDING + ", got " + out);
    }
    Map<Path, Path> targets = targets();
    refuseToOverwrite(targets);
    for (Path target : targets.values()) {
      OutputFolder.readyFor(target);
    }
    for (Map.Entry<Path, Path> e : targets.entrySet()) {
      export(e.getKey(), e.getValue());
    }
  }

  /** What is written where. */
  private Map<Path, Path> targets() throws IOException {
    if (!Files.isDirectory(checkpoint)) {
      if (stage != null) {
        throw new IllegalArgumentException(
            "--stage is for run folders, " + checkpoint + " is none");
      }
      return Map.of(checkpoint, out);
    }
    List<Part> held = new ArrayList<>();
    for (Part part : Part.values()) {
      if ((stage == null || stage == part) && Files.exists(file(part))) {
        held.add(part);
      }
    }
    if (held.isEmpty()) {
      Optional<Path> published = published(stage == null ? Part.vae : stage);
      if (published.isPresent()) {
        return Map.of(published.get(), out);
      }
      throw new IOException(
          "[export] %s holds no %s"
              .formatted(
                  checkpoint,
                  stage == null
                      ? DenoiserObjective.NAME + ENDING + " and no " + VaeObjective.NAME + ENDING
                      : stage + ENDING));
    }
    Map<Path, Path> targets = new LinkedHashMap<>();
    targets.put(file(held.getFirst()), out);
    if (held.size() > 1) {
      targets.put(file(Part.vae), out.resolveSibling(stem(out) + "-vae" + ENDING));
    }
    return targets;
  }

  /** The weights in a folder that is no run's. */
  private Optional<Path> published(Part part) {
    try {
      return Optional.of(WeightsFile.find(checkpoint, part.name()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Path file(Part part) {
    return checkpoint.resolve(part + ENDING);
  }

  private static String stem(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - ENDING.length());
  }

  private static Path json(Path target) {
    return target.resolveSibling(stem(target) + ".json");
  }

  private static Path pickle(Path target) {
    return target.resolveSibling(stem(target) + ".pt");
  }

  private void refuseToOverwrite(Map<Path, Path> targets) throws IOException {
    List<Path> there = new ArrayList<>();
    for (Map.Entry<Path, Path> e : targets.entrySet()) {
      if (Files.exists(e.getValue())
          && Files.exists(e.getKey())
          && Files.isSameFile(e.getKey(), e.getValue())) {
        throw new IllegalArgumentException("OUT is the checkpoint itself: " + e.getValue());
      }
      Stream.of(e.getValue(), json(e.getValue()), pickle(e.getValue()))
          .filter(file -> torch || !file.equals(pickle(e.getValue())))
          .filter(Files::exists)
          .forEach(there::add);
    }
    if (!there.isEmpty() && !force) {
      throw new IOException("[export] in the way: " + there + "; --force replaces them");
    }
  }

  private void export(Path source, Path target) throws IOException {
    InitialWeights.Kind which =
        kind == Kind.ema ? InitialWeights.Kind.EMA : InitialWeights.Kind.RAW;
    List<ExportedWeights.Row> rows = ExportedWeights.write(source, which, dtype.dtype, target);
    WholeFile.write(json(target), describe(source, target));
    if (torch) {
      try (SafeTensors file = SafeTensors.open(target)) {
        TorchWriter.write(file, kind == Kind.ema ? "ema" : "model", pickle(target));
      }
    }
    table(target, rows);
  }

  /** The configuration in the keys of configuration files, and what the file is. */
  private byte[] describe(Path source, Path target) throws IOException {
    Map<String, Object> tree = new LinkedHashMap<>();
    try (SafeTensors file = SafeTensors.open(target)) {
      Checkpoint.Info info = ExportedWeights.info(file);
      tree.put("weights", target.getFileName().toString());
      tree.put("stage", info.stage());
      tree.put("step", info.step());
      tree.put("kind", kind.name());
      tree.put("dtype", dtype.name());
      tree.put("from", source.getFileName().toString());
      tree.putAll(info.beside());
      tree.putAll(info.extra());
      tree.put("configuration", info.tree(target).plain());
    }
    return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(tree);
  }

  private static void table(Path target, List<ExportedWeights.Row> rows) {
    int width = rows.stream().mapToInt(r -> r.name().length()).max().orElse(0);
    long count = 0;
    for (ExportedWeights.Row row : rows) {
      count += row.count();
      Output.result(
          "%-" + width + "s  %-20s %-4s %s%s",
          row.name(),
          Arrays.toString(row.shape()).replace(" ", ""),
          row.dtype(),
          row.averaged() ? "average" : "as it is",
          ExportedWeights.isPaperOnly(row.name()) ? ", not a name of the released code" : "");
    }
    Output.result(
        "%s: %s",
        target, String.format(Locale.ROOT, "%,d tensors, %,d elements", rows.size(), count));
  }
}
