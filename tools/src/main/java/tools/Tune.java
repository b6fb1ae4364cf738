package tools;

import engine.kernel.opencl.OpenClDevice;
import engine.kernel.opencl.OpenClDevices;
import engine.kernel.opencl.OpenClTile;
import engine.kernel.opencl.OpenClTuner;
import engine.kernel.opencl.OpenClTuner.Timing;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.program.Output;
import tools.program.Program;
import tools.program.Version;

/** Measures how an OpenCL device likes its products cut, and keeps the best. */
@Command(
    name = "tune",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Measures matrix product and convolution with several tiles on an OpenCL device and keeps the"
          + " best in the user's cache folder, where --backend opencl finds it.",
      "No result depends on it: all tiles give the same bits, which is checked on the way."
    })
public final class Tune extends Program {
  @Option(
      names = "--device",
      paramLabel = "NUMBER|NAME",
      description = "a device of ./run devices (default: the one that --backend opencl takes)")
  private String device;

  private int shown;

  public static void main(String[] args) {
    System.exit(execute(new Tune(), args));
  }

  @Override
  protected void run() {
    String wanted = device == null ? System.getProperty("engine.opencl.device") : device;
    OpenClDevice chosen = OpenClDevices.choose(wanted);
    Output.result("%s", chosen.line());
    Output.result("");
    Output.result("%-24s %16s %16s", "tile", "product GMA/s", "conv3d GMA/s");
    Timing best = OpenClTuner.tune(chosen, this::show);
    Output.result("");
    Output.result("kept: %s (without tuning: %s)", best.tile(), OpenClTile.of(chosen));
  }

  private void show(Timing t, int all) {
    shown++;
    Output.result(
        "%-24s %16.1f %16.1f   %d/%d", t.tile(), t.product(), t.convolution(), shown, all);
  }
}
