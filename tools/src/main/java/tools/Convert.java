package tools;

import engine.io.Printable;
import engine.io.SafeTensorsWriter;
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
      "Writes the tensors of a PyTorch checkpoint (.pt, .pth; zip or legacy layout) as safetensors,"
          + " floating types as float32.",
      "Nothing that the checkpoint says is run: what is more than data is refused by name."
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
          "which dict of the checkpoint, such as model or ema (default: the weights themselves,"
              + " else ema, model, state_dict, teacher, student)")
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
    try (TorchCheckpoint file = TorchCheckpoint.open(in, part)) {
      OutputFolder.readyFor(out);
      SafeTensorsWriter writer = new SafeTensorsWriter();
      long elements = 0;
      for (String name : file.names()) {
        elements += add(writer, file, name);
      }
      writer.write(out);
      System.out.printf("%,d tensors, %,d elements%n", file.names().size(), elements);
      for (Map.Entry<String, Integer> e : file.parts().entrySet()) {
        System.out.printf(
            "part '%s': %,d tensors%s%n",
            Printable.brief(e.getKey()),
            e.getValue(),
            e.getKey().equals(file.part()) ? ", written" : "");
      }
      System.out.println("wrote " + out);
    }
  }

  /** Adds a tensor, prints its line and says how many elements it has. */
  private static long add(SafeTensorsWriter writer, TorchCheckpoint file, String name)
      throws IOException {
    long[] shape = file.shape(name);
    System.out.printf(
        "%-60s %-5s %s%n", Printable.brief(name), file.dtype(name), Arrays.toString(shape));
    if (file.dtype(name).isFloating()) {
      writer.floats(name, shape, file.floats(name));
    } else {
      writer.longs(name, shape, file.longs(name));
    }
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }
}
