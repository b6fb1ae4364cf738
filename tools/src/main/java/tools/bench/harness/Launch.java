package tools.bench.harness;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How processes of rows are started: with the Java, the options and the classes of this one.
 *
 * @param main the class that serves
 * @param classPath what it is found in
 * @param properties system properties beside those that this process was started with
 */
public record Launch(String main, String classPath, Map<String, String> properties) {
  private static final String AGENT = "-(javaagent|agentlib|agentpath|Xrunjdwp).*";

  /** A process of our own rows on a backend. */
  static Launch ours(Map<String, String> properties) {
    return new Launch(
        RowProcess.class.getName(), System.getProperty("java.class.path"), properties);
  }

  /** The command line on a number of threads. */
  public List<String> command(int threads) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Agents of debuggers and coverage would be measured too.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.matches(AGENT))
        .forEach(command::add);
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.add("-Dengine.threads=" + threads);
    command.add("-cp");
    command.add(classPath);
    command.add(main);
    return command;
  }
}
