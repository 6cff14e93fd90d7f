package belay;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.Piece;
import belay.backend.UpdateRule;
import belay.net.Operation;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.InstanceofCheck;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may import whom: data flows one way, and only cli sees everything. */
class HouseRulesTest {
  /** Packages that every other may use. */
  private static final Set<String> GROUND = Set.of("error", "random", "storage", "json", "log");

  /** Package to the packages of ours that it may use besides the ground. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("error", Set.of()),
          Map.entry("random", Set.of()),
          Map.entry("storage", Set.of()),
          Map.entry("json", Set.of()),
          Map.entry("log", Set.of()),
          Map.entry("metrics", Set.of()),
          Map.entry("conf", Set.of()),
          Map.entry("data", Set.of()),
          Map.entry("net", Set.of()),
          Map.entry("cluster", Set.of()),
          Map.entry("report", Set.of()),
          Map.entry("hdf", Set.of()),
          Map.entry("backend", Set.of("net", "data")),
          Map.entry("backend.reference", Set.of("backend", "net", "data")),
          Map.entry("backend.cuda", Set.of("backend", "net", "data")),
          Map.entry("backend.onednn", Set.of("backend", "net", "data")),
          Map.entry("train", Set.of("backend", "net", "data")),
          Map.entry("checkpoint", Set.of("hdf", "net", "train")),
          Map.entry("features", Set.of("hdf", "backend", "net", "data")),
          Map.entry("svm", Set.of("hdf", "backend")),
          Map.entry(
              "inspect",
              Set.of(
                  "checkpoint",
                  "hdf",
                  "net",
                  "train",
                  "data",
                  "backend",
                  "features",
                  "svm",
                  "report",
                  "review")),
          Map.entry(
              "repair",
              Set.of(
                  "checkpoint", "cluster", "conf", "hdf", "inspect", "report", "review", "train")),
          Map.entry(
              "review",
              Set.of(
                  "conf",
                  "data",
                  "net",
                  "hdf",
                  "backend",
                  "train",
                  "checkpoint",
                  "svm",
                  "report")));

  private static final JavaClasses BELAY =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("belay");

  static Set<String> packages() {
    return MAY_USE.keySet();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void packageUsesOnlyWhatTheTableAllows(String name) {
    Set<String> allowed = MAY_USE.get(name);
    DescribedPredicate<JavaClass> forbidden =
        DescribedPredicate.describe(
            "classes of other packages than " + allowed,
            used ->
                isOurs(used)
                    && !name(used).equals(name)
                    && !GROUND.contains(name(used))
                    && !allowed.contains(name(used)));
    ArchRule rule =
        noClasses()
            .that()
            .resideInAPackage("belay." + name)
            .should()
            .dependOnClassesThat(forbidden)
            .allowEmptyShould(true);
    rule.check(BELAY);
  }

  @Test
  void everyPackageStandsInTheTable() {
    for (JavaClass type : BELAY) {
      assertTrue(
          name(type).equals("cli") || MAY_USE.containsKey(name(type)), () -> type.getFullName());
    }
  }

  /** Library packages and the places that may use each. */
  static Map<String, Set<String>> homes() {
    return Map.of(
        "io.jhdf..", Set.of("belay.hdf"),
        "org.apache.commons.configuration2..", Set.of("belay.conf"),
        "org.apache.commons.text..", Set.of("belay.conf"),
        "org.apache.commons.compress..", Set.of("belay.data"),
        "javax.imageio..", Set.of("belay.data"),
        "picocli..", Set.of("belay.cli"),
        "com.sun.jna..", Set.of("belay.backend.onednn"),
        "jcuda..", Set.of("belay.backend.cuda"),
        "io.micrometer..", Set.of("belay.metrics"),
        "com.google.gson..", Set.of("belay.json", "belay.checkpoint"));
  }

  @Test
  void librariesStayInTheirRooms() {
    homes()
        .forEach(
            (library, rooms) ->
                noClasses()
                    .that()
                    .resideOutsideOfPackages(rooms.toArray(String[]::new))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(library)
                    .check(BELAY));
  }

  @Test
  void onlyTheClassOfAKernelFileCallsItsKernels() {
    noClasses()
        .that()
        .haveSimpleNameNotEndingWith("Kernels")
        .should()
        .callMethodWhere(
            target(owner(HasName.Predicates.name("belay.backend.cuda.Call")))
                .and(target(HasName.Predicates.name("of"))))
        .check(BELAY);
  }

  /** A visitor does not compile until it knows a new kind; instanceof falls through in silence. */
  @ParameterizedTest
  @ValueSource(classes = {Operation.class, Piece.class, UpdateRule.class})
  void kindsAreToldApartByVisitors(Class<?> sealed) {
    for (JavaClass type : BELAY) {
      for (InstanceofCheck check : type.getInstanceofChecks()) {
        assertFalse(
            check.getRawType().isAssignableTo(sealed),
            () -> check.getSourceCodeLocation().toString());
      }
    }
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith("belay");
  }

  private static String name(JavaClass type) {
    String name = type.getPackageName();
    return name.equals("belay") ? "" : name.substring("belay.".length());
  }
}
