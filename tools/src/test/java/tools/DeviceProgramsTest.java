package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.kernel.opencl.OpenClDevice;
import engine.testing.OpenClBackends;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;
import tools.soak.Child;

/** The programs on an OpenCL device, and where there is none. */
class DeviceProgramsTest {
  private static final long PATIENCE = 300;
  private static final List<String> TINY =
      List.of("--config", "tiny", "--phantom-clips", "3", "--steps", "2", "--backend", "opencl");

  @TempDir Path folder;

  private static OpenClDevice device() {
    assumeTrue(!OpenClBackends.ALL.isEmpty(), "no OpenCL device that keeps the contract");
    return OpenClBackends.DEVICE.orElseThrow();
  }

  @Test
  void devicesAreListedWithWhatTheProbeSays() {
    OpenClDevice device = device();
    Outcome o = Runs.run(new Devices());
    assertEquals(0, o.code(), o.err());
    assertTrue(o.out().contains(device.line()), o.out());
    assertTrue(o.out().contains("probe: exact"), o.out());
    assertTrue(o.out().contains("--backend opencl takes " + device.line()), o.out());
    assertTrue(o.lastLine().startsWith("--backend auto takes "), o.out());
  }

  /** In processes of their own, which have no other backend to fall back on. */
  @Test
  void trainingOnADeviceWritesTheWeightsOfTheProcessor() throws Exception {
    device();
    Path there = folder.resolve("there");
    try (Child child = train(there, List.of())) {
      assertEquals(0, child.end(PATIENCE), child.said());
    }
    Path here = folder.resolve("here");
    assertEquals(0, Runs.tiny(here).code());
    for (String name : List.of("vae.safetensors", "denoiser.safetensors")) {
      assertEquals(weights(here.resolve(name)), weights(there.resolve(name)), name);
    }
  }

  private static String weights(Path checkpoint) throws IOException {
    Path plain = checkpoint.resolveSibling("plain-" + checkpoint.getFileName());
    Outcome o = Runs.run(new Export(), checkpoint, plain);
    assertEquals(0, o.code(), o.err());
    return Arrays.hashCode(Files.readAllBytes(plain)) + " of " + Files.size(plain);
  }

  private Child train(Path run, List<String> options) throws IOException {
    List<String> words = new ArrayList<>(TINY);
    words.addAll(List.of("--out", run.toString()));
    List<String> jvm = new ArrayList<>(List.of("-Xmx1g", "--enable-native-access=ALL-UNNAMED"));
    jvm.addAll(options);
    return Child.start(Child.command(Train.class, jvm, words), folder.resolve("log"));
  }

  @Test
  void aDeviceThatIsNotThereIsRefusedWithThoseThatAre() throws Exception {
    OpenClDevice device = device();
    try (Child child = train(folder.resolve("run"), List.of("-Dengine.opencl.device=nowhere"))) {
      assertEquals(1, child.end(PATIENCE), child.said());
      assertTrue(child.said().contains("no device 'nowhere'; there are [" + device.line()));
      assertFalse(child.said().contains("\tat "), child.said());
    }
  }

  @Test
  void withoutADriverTheRemedyIsNamed() throws Exception {
    device();
    List<String> command =
        Child.command(
            Devices.class, List.of("-Xmx1g", "--enable-native-access=ALL-UNNAMED"), List.of());
    List<String> alone = new ArrayList<>(List.of("env", "OCL_ICD_VENDORS=/nonexistent"));
    alone.addAll(command);
    try (Child child = Child.start(alone, folder.resolve("log"))) {
      assertEquals(1, child.end(PATIENCE), child.said());
      assertTrue(child.said().contains("no platform answers"), child.said());
      assertTrue(child.said().contains("install a driver"), child.said());
      assertFalse(child.said().contains("\tat "), child.said());
    }
  }

  /** A class path from which the optional JOCL is missing. */
  private static List<String> withoutJocl(Class<?> program, List<String> words) {
    List<String> command = new ArrayList<>(Child.command(program, List.of("-Xmx1g"), words));
    int at = command.indexOf("-cp") + 1;
    command.set(
        at,
        Arrays.stream(command.get(at).split(File.pathSeparator))
            .filter(entry -> !new File(entry).getName().startsWith("jocl"))
            .collect(Collectors.joining(File.pathSeparator)));
    return command;
  }

  private void needsJocl(Class<?> program, String... words) throws Exception {
    List<String> command = withoutJocl(program, List.of(words));
    try (Child child = Child.start(command, folder.resolve("log"))) {
      assertEquals(1, child.end(PATIENCE), child.said());
      assertTrue(child.said().contains("needs JOCL: add the jar of org.jocl:jocl"), child.said());
      assertFalse(child.said().contains("\tat "), child.said());
    }
  }

  @Test
  void withoutJoclItsJarIsNamed() throws Exception {
    needsJocl(Devices.class);
    needsJocl(Tune.class);
    needsJocl(Inspect.class, "tiny", "--backend", "opencl");
  }

  @Test
  void withoutJoclAllElseWorks() throws Exception {
    for (List<String> words :
        List.of(List.of("MedSora-S"), List.of("MedSora-S", "--backend", "scalar"))) {
      List<String> command = withoutJocl(Inspect.class, words);
      try (Child child = Child.start(command, folder.resolve("log"))) {
        assertEquals(0, child.end(PATIENCE), child.said());
      }
    }
    List<String> bench = withoutJocl(Bench.class, List.of("--list"));
    try (Child child = Child.start(bench, folder.resolve("log"))) {
      assertEquals(0, child.end(PATIENCE), child.said());
    }
  }
}
