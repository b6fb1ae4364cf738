package tools;

import engine.io.Dtype;
import engine.io.FormatException;
import engine.io.Printable;
import engine.io.SafeTensorsWriter;
import engine.io.TensorSource;
import engine.io.TorchCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.Version;

/** Writes the tensors of a PyTorch checkpoint as safetensors. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Writes the tensors of a PyTorch checkpoint as safetensors, floating types as float32:"
          + " what torch.save writes (zip and legacy layout), archives of TorchScript, pickles in"
          + " the manner of StyleGAN. Safetensors files and the .index.json of several are taken"
          + " too.",
      "Nothing that the checkpoint says is run: names that mean nothing here are passed over."
    })
public final class Convert extends Program {
  private static final String ENDING = ".safetensors";

  @Parameters(index = "0", paramLabel = "IN.pth", description = "checkpoint to read")
  Path in;

  @Parameters(index = "1", paramLabel = "OUT.safetensors", description = "file to write")
  Path out;

  @Option(
      names = "--part",
      paramLabel = "KEYS",
      description =
          "which part of the checkpoint, by its path of keys (default: by meaning, averages first:"
              + " ema, G_ema; model, state_dict, model_state_dict, module, generator; teacher,"
              + " student; else the weights that lie open, or the only part)")
  String part;

  @Option(names = "--force", description = "replace a file that is there")
  boolean force;

  public static void main(String[] args) {
    System.exit(execute(new Convert(), args));
  }

  @Override
  protected void run() throws Exception {
    if (!out.getFileName().toString().endsWith(ENDING)) {
      throw new IllegalArgumentException("OUT wants to end in " + ENDING + ", got " + out);
    }
    if (!force && Files.exists(out)) {
      throw new IOException("[convert] " + out + " is there already; --force replaces it");
    }
    try (TensorSource file = TensorSource.open(in, TensorSource.Choice.part(part))) {
      OutputFolder.readyFor(out);
      SafeTensorsWriter writer = new SafeTensorsWriter();
      int tensors = 0;
      long elements = 0;
      for (String name : file.names()) {
        if (add(writer, file, name)) {
          tensors++;
          elements += Arrays.stream(file.shape(name)).reduce(1, Math::multiplyExact);
        }
      }
      if (tensors == 0) {
        throw new IOException("[convert] " + in + " has no tensor of a type that can be written");
      }
      writer.write(out);
      System.out.printf("%,d tensors, %,d elements%n", tensors, elements);
      if (file instanceof TorchCheckpoint torch) {
        torch
            .leftOut()
            .forEach((name, what) ->
                System.out.printf(
                    "left out: %s, %s%n", Printable.brief(name), Printable.brief(what)));
        parts(torch, tensors);
      }
      System.out.println("wrote " + out);
    }
  }

  private static void parts(TorchCheckpoint file, int tensors) {
    for (Map.Entry<String, Integer> e : file.parts().entrySet()) {
      boolean alone = e.getKey().equals(file.part());
      System.out.printf(
          "part '%s': %,d tensors%s%n",
          Printable.brief(e.getKey()),
          e.getValue(),
          !file.reads(e.getKey())
              ? ""
              : alone && tensors != e.getValue()
                  ? ", %,d of them written".formatted(tensors)
                  : ", written");
    }
  }

  /** Adds a tensor and prints its line; false where it is left out, which is said. */
  private static boolean add(SafeTensorsWriter writer, TensorSource file, String name)
      throws IOException {
    long[] shape = file.shape(name);
    Dtype dtype = file.dtype(name);
    String leftOut = "";
    if (dtype.isFloating()) {
      writer.floats(name, shape, file.floats(name));
    } else if (dtype.isInteger()) {
      leftOut = integers(writer, file, name, shape);
    } else {
      leftOut = "%s: such elements are not read".formatted(dtype);
    }
    System.out.printf("%-60s %-5s %s%n", Printable.brief(name), dtype, Arrays.toString(shape));
    if (!leftOut.isEmpty()) {
      System.out.printf("left out: %s, %s%n", Printable.brief(name), leftOut);
    }
    return leftOut.isEmpty();
  }

  /** Adds integers; the reason where some are valid and not read here, else the empty string. */
  private static String integers(
      SafeTensorsWriter writer, TensorSource file, String name, long[] shape) throws IOException {
    try {
      writer.longs(name, shape, file.longs(name));
      return "";
    } catch (FormatException e) {
      if (e.isDamage()) {
        throw e;
      }
      return file.dtype(name) + " beyond 2^63-1: such elements are not read";
    }
  }
}
