package tools.conform;

import engine.io.TorchCheckpoint;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code baseline_*}: the tensors {@code out.NAME} that the averaged generator in the pickle of the
 * same name has, which lies beside the file. The source of classes in it is never run.
 */
final class PickleFamily implements Family {
  private static final String OUT = "out.";

  @Override
  public void check(Check check) throws IOException {
    FixtureFile file = check.file();
    String stem = file.path().getFileName().toString().replaceFirst("\\.[^.]*$", "");
    Path pickle = check.sibling(stem + ".pkl");
    try (TorchCheckpoint read = TorchCheckpoint.open(pickle)) {
      Set<String> unwanted = new TreeSet<>(read.names());
      for (String name : file.namesUnder(OUT)) {
        UnfitException.unless(read.contains(name), "%s has no tensor '%s'", pickle, name);
        unwanted.remove(name);
        int[] dims = Arrays.stream(read.shape(name)).mapToInt(Math::toIntExact).toArray();
        check.floats(OUT + name, Tensor.of(Shape.of(dims), read.floats(name)));
      }
      unwanted.forEach(
          name -> check.add(Row.failure(OUT + name, 0, "in the pickle, not in the file")));
    }
  }
}
