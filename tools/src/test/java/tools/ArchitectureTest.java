package tools;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The walls of the house, checked on the compiled classes of all four modules. */
@AnalyzeClasses(
    packages = {"engine", "nn", "medsora", "tools"},
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  /** Programs must run without the incubator module; one package keeps that possible. */
  @ArchTest
  static final ArchRule vectorApiStaysInSimd =
      noClasses()
          .that()
          .resideOutsideOfPackage("engine.kernel.simd..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.incubator.vector..")
          .allowEmptyShould(true);

  /** Programs must run without an OpenCL driver; one package keeps that possible. */
  @ArchTest
  static final ArchRule joclStaysInOpenCl =
      noClasses()
          .that()
          .resideOutsideOfPackage("engine.kernel.opencl..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.jocl..")
          .allowEmptyShould(true);

  /** Who chooses a backend knows none of them: they are found as providers. */
  @ArchTest
  static final ArchRule theContractKnowsNoBackend =
      noClasses()
          .that()
          .resideInAnyPackage("engine.kernel", "engine.tensor", "engine.autodiff", "engine.op..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "engine.kernel.scalar..", "engine.kernel.simd..", "engine.kernel.opencl..");

  /** One place finds backends. */
  @ArchTest
  static final ArchRule providersAreFoundInOnePlace =
      noClasses()
          .that()
          .resideInAPackage("engine..")
          .and(describe("are not Providers", c -> !c.getSimpleName().equals("Providers")))
          .should()
          .dependOnClassesThat()
          .areAssignableTo(java.util.ServiceLoader.class);

  /** Data knows nothing of who computes with it; what devices have of it, they keep themselves. */
  @ArchTest
  static final ArchRule dataKnowsNoKernels =
      noClasses()
          .that()
          .resideInAPackage("engine.tensor")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("engine.kernel..");

  /** Imports point down: tools, medsora, nn, engine. */
  @ArchTest
  static final ArchRule importsPointDown =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("tools")
          .definedBy("tools..")
          .layer("medsora")
          .definedBy("medsora..")
          .layer("nn")
          .definedBy("nn..")
          .layer("engine")
          .definedBy("engine..")
          .whereLayer("tools")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("medsora")
          .mayOnlyBeAccessedByLayers("tools")
          .whereLayer("nn")
          .mayOnlyBeAccessedByLayers("tools", "medsora");

  /** Training, sampling and alignment know the network that predicts noise by its interface. */
  @ArchTest
  static final ArchRule networksStandBehindAnInterface =
      noClasses()
          .that()
          .resideInAnyPackage(
              "medsora",
              "medsora.align..",
              "medsora.config..",
              "medsora.diffusion..",
              "medsora.train..",
              "tools",
              "tools.program..",
              "tools.report..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("medsora.denoiser.Denoiser");

  /**
   * Contract N12 and N14: elementary functions of the platform differ between processors, and
   * between code that is interpreted and compiled. StrictMath's are the same everywhere; Math's
   * sqrt, fma, rounding and comparisons are exact.
   */
  @ArchTest
  static final ArchRule resultsCallNoPlatformElementaryFunctions =
      noClasses()
          .that()
          .resideInAnyPackage("engine..", "nn..", "medsora..")
          .should()
          .accessTargetWhere(
              isOwnedBy("java.lang.Math")
                  .and(isNamed("exp|expm1|log|log10|log1p|pow|cbrt|hypot"))
                  .or(isOwnedBy("java.lang.Math").and(isNamed("a?(sin|cos|tan)h?|atan2")))
                  .as("an elementary function of java.lang.Math"));

  /**
   * Contract N16: JTransforms' plans fill their tables from the platform's sine; its transforms of
   * given tables do not.
   */
  @ArchTest
  static final ArchRule transformsBringTheirTables =
      noClasses()
          .that()
          .resideInAnyPackage("engine..", "nn..", "medsora..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.jtransforms.fft..");

  /**
   * Contract N14: StrictMath is for tables that the host computes once in double. A kernel class
   * that builds one says so by its name.
   */
  @ArchTest
  static final ArchRule strictMathOnlyInTables =
      noClasses()
          .that()
          .resideInAnyPackage("engine.kernel..", "engine.numeric..")
          .and(describe("build no table", c -> !topLevel(c).getSimpleName().endsWith("Tables")))
          .should()
          .accessTargetWhere(isOwnedBy("java.lang.StrictMath").as("java.lang.StrictMath"))
          .allowEmptyShould(true);

  /**
   * Contract N5 and N12: reduceLanes leaves its order of summation open, and the transcendental
   * lane operators change their bits between cold and compiled code.
   */
  @ArchTest
  static final ArchRule vectorsKeepTheirOrder =
      noClasses()
          .that()
          .resideInAnyPackage("engine.kernel..", "engine.numeric..")
          .should()
          .accessTargetWhere(
              target(name("reduceLanes"))
                  .and(isOwnedBy("jdk.incubator.vector.(Float|Double)Vector"))
                  .or(
                      isOwnedBy("jdk.incubator.vector.VectorOperators")
                          .and(
                              isNamed(
                                  "EXP|EXPM1|LOG|LOG10|LOG1P|POW|CBRT|HYPOT"
                                      + "|A?(SIN|COS|TAN)H?|ATAN2")))
                  .as("reduceLanes on floats or a transcendental lane operator"))
          .allowEmptyShould(true);

  /** Configurations and files can be read without the loop that writes them. */
  @ArchTest
  static final ArchRule theStoreKnowsNoLoop =
      noClasses()
          .that()
          .resideInAnyPackage("medsora.config", "medsora.train.store")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("medsora.train");

  /** The tree of the configuration stands below all that is stored with it. */
  @ArchTest
  static final ArchRule theConfigurationKnowsNoStore =
      noClasses()
          .that()
          .resideInAPackage("medsora.config")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("medsora.train..");

  /** No two rooms of a floor need each other. */
  @ArchTest
  static final ArchRule engineHasNoCircles =
      slices().matching("engine.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule nnHasNoCircles = slices().matching("nn.(*)..").should().beFreeOfCycles();

  /** The loop and its store are two rooms. */
  @ArchTest
  static final ArchRule medsoraHasNoCircles =
      slices().matching("medsora.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule toolsHaveNoCircles =
      slices().matching("tools.(*)..").should().beFreeOfCycles();

  /** Clips go in and out without anybody knowing what for. */
  @ArchTest
  static final ArchRule mediaStandAlone =
      noClasses()
          .that()
          .resideInAPackage("medsora.media..")
          .should()
          .dependOnClassesThat(
              describe(
                  "are of the model above",
                  c ->
                      c.getPackageName().startsWith("medsora")
                          && !c.getPackageName().startsWith("medsora.media")));

  /** The rendered data set needs the form of a clip, and nothing else of the model. */
  @ArchTest
  static final ArchRule thePhantomKnowsClipsAlone =
      noClasses()
          .that()
          .resideInAPackage("medsora.phantom..")
          .should()
          .dependOnClassesThat(
              describe(
                  "are neither the phantom's nor media's",
                  c -> c.getPackageName().matches("medsora(?!\\.(phantom|media)\\b).*")));

  /** Networks are built, trained and stored by others; they know neither loop nor configuration. */
  @ArchTest
  static final ArchRule networksKnowNoTraining =
      noClasses()
          .that()
          .resideInAnyPackage(
              "medsora.denoiser..",
              "medsora.diffusion..",
              "medsora.vae..",
              "medsora.flow..",
              "medsora.dino..",
              "medsora.perceptual..",
              "medsora.align..",
              "medsora.baseline..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "medsora", "medsora.config..", "medsora.train..", "medsora.data..", "medsora.cost..");

  /** The conformance check is a program's part, and no program's part is part of it. */
  @ArchTest
  static final ArchRule conformanceIsForItsProgram =
      noClasses()
          .that()
          .resideInAPackage("tools..")
          .and(describe("are not Conform", c -> !topLevel(c).getName().equals("tools.Conform")))
          .and(
              describe(
                  "are not conformance's own", c -> !c.getPackageName().equals("tools.conform")))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("tools.conform..");

  private static DescribedPredicate<JavaAccess<?>> isOwnedBy(String classNameRegex) {
    return targetOwner(nameMatching(classNameRegex)).forSubtype();
  }

  private static DescribedPredicate<JavaAccess<?>> isNamed(String memberNameRegex) {
    return target(nameMatching(memberNameRegex)).forSubtype();
  }

  private static JavaClass topLevel(JavaClass c) {
    return c.getEnclosingClass().map(ArchitectureTest::topLevel).orElse(c);
  }
}
