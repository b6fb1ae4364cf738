package engine.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is taken for a launcher, and which libraries are tried then. */
class LaunchTest {
  @TempDir Path folder;

  @Test
  void noLauncherIsOneRank() {
    assertEquals(Optional.empty(), Launch.of(Map.of()));
    assertEquals(
        Optional.empty(),
        Launch.of(Map.of("OMPI_COMM_WORLD_RANK", "0", "OMPI_COMM_WORLD_SIZE", "1")));
    // The script of a job, which srun has not started.
    assertEquals(Optional.empty(), Launch.of(Map.of("SLURM_PROCID", "0", "SLURM_NTASKS", "4")));
  }

  @Test
  void launchersSayWhoIsWho() {
    assertEquals(
        Optional.of(new Launch(Launch.By.OPEN_MPI, 2, 3)),
        Launch.of(Map.of("OMPI_COMM_WORLD_RANK", "2", "OMPI_COMM_WORLD_SIZE", "3")));
    assertEquals(
        Optional.of(new Launch(Launch.By.PMI, 0, 2)),
        Launch.of(Map.of("PMI_RANK", "0", "PMI_SIZE", "2")));
    assertEquals(
        Optional.of(new Launch(Launch.By.SLURM, 5, 8)),
        Launch.of(Map.of("SLURM_PROCID", "5", "SLURM_STEP_NUM_TASKS", "8")));
  }

  @Test
  void whatIsNoRankIsNoLauncher() {
    for (String rank : List.of("", "x", "-1", "4", "99999999", "999999999999")) {
      assertEquals(Optional.empty(), Launch.of(Map.of("PMI_RANK", rank, "PMI_SIZE", "4")), rank);
    }
  }

  @Test
  void theLibraryBesideTheLauncherComesFirst() throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path lib = Files.createDirectories(folder.resolve("lib"));
    Files.createFile(
        bin.resolve("mpirun"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path library = Files.createFile(lib.resolve("libmpi.so.40"));
    List<String> tried =
        MpiLibrary.candidates(Launch.By.OPEN_MPI, null, Map.of("PATH", "/no:" + bin));
    assertEquals(List.of(library.toString(), "libmpi.so.40", "libmpi.so"), tried);
    assertEquals(
        List.of("/x/libmpi.so"),
        MpiLibrary.candidates(Launch.By.PMI, "/x/libmpi.so", Map.of("PATH", bin.toString())));
  }

  @Test
  void manyProcessesWithoutMpiAreRefused() {
    String before = System.setProperty(MpiLibrary.PROPERTY, folder.resolve("none.so").toString());
    try {
      RanksException e =
          assertThrows(
              RanksException.class, () -> MpiLibrary.open(new Launch(Launch.By.PMI, 0, 4)));
      assertTrue(e.getMessage().startsWith("[ranks] the launcher started 4 processes, and no MPI"));
    } finally {
      if (before == null) {
        System.clearProperty(MpiLibrary.PROPERTY);
      } else {
        System.setProperty(MpiLibrary.PROPERTY, before);
      }
    }
  }
}
