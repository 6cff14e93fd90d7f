package belay;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.Objective;
import belay.backend.UpdateRule;
import belay.backend.fusion.Piece;
import belay.net.Operation;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.InstanceofCheck;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may import whom: data flows one way, and only cli sees everything. */
class HouseRulesTest {
  /** Packages that every other may use. */
  private static final Set<String> GROUND = Set.of("error", "random", "storage", "json", "log");

  /** Package to the packages of ours that it may use besides the ground. */
  private static final Map<String, Set<String>> MAY_USE = new TreeMap<>();

  static {
    GROUND.forEach(HouseRulesTest::allow);
    allow("metrics");
    allow("conf", "conf.settings");
    allow("conf.settings");
    allow("data");
    allow("net");
    allow("job");
    allow("cluster", "job");
    allow("console");
    allow("view");
    allow("report", "view");
    allow("hdf");
    allow("backend", "net", "data");
    allow("backend.fusion", "net");
    allow("backend.update", "backend", "net");
    allow("backend.reference", "backend", "backend.update", "net", "data");
    allow("backend.cuda.driver", "backend");
    allow("backend.cuda.kernels", "backend.cuda.driver", "net");
    allow("backend.cuda.conv", "backend.cuda.driver", "backend.cuda.kernels", "net");
    allow(
        "backend.cuda.frame",
        "backend.fusion",
        "backend.cuda.driver",
        "backend.cuda.kernels",
        "backend.cuda.conv",
        "backend",
        "net");
    allow(
        "backend.cuda.stage",
        "backend.fusion",
        "backend.cuda.driver",
        "backend.cuda.kernels",
        "backend.cuda.conv",
        "backend.cuda.frame",
        "backend",
        "net");
    allow("backend.cuda.update", "backend.cuda.driver", "backend.cuda.frame", "backend", "net");
    allow(
        "backend.cuda.net",
        "backend.cuda.driver",
        "backend.cuda.kernels",
        "backend.cuda.frame",
        "backend.cuda.stage",
        "backend.cuda.update",
        "backend",
        "net",
        "data");
    allow(
        "backend.cuda.svm",
        "backend.cuda.driver",
        "backend.cuda.kernels",
        "backend.cuda.frame",
        "backend.cuda.net",
        "backend");
    allow(
        "backend.cuda",
        "backend.cuda.driver",
        "backend.cuda.net",
        "backend.cuda.svm",
        "backend",
        "net",
        "data");
    allow(
        "backend.cuda.lab",
        "backend.cuda",
        "backend.cuda.driver",
        "backend.cuda.kernels",
        "backend.cuda.conv",
        "backend.cuda.frame",
        "backend.cuda.net",
        "backend",
        "net");
    allow("backend.onednn.dnnl", "backend", "net");
    allow("backend.onednn.stage", "backend.onednn.dnnl", "backend", "backend.fusion", "net");
    allow(
        "backend.onednn",
        "backend.fusion",
        "backend.onednn.dnnl",
        "backend.onednn.stage",
        "backend",
        "backend.update",
        "net",
        "data");
    allow("train", "backend", "net", "data");
    allow("checkpoint", "hdf", "net", "train");
    allow("features", "hdf", "backend", "net", "data");
    allow("svm", "hdf", "backend", "svm.host");
    allow("svm.host", "backend");
    allow(
        "review",
        "conf",
        "conf.settings",
        "data",
        "net",
        "hdf",
        "backend",
        "train",
        "checkpoint",
        "svm",
        "view");
    allow(
        "inspect",
        "checkpoint",
        "hdf",
        "net",
        "train",
        "data",
        "backend",
        "features",
        "svm",
        "view",
        "review");
    allow("repair", "checkpoint", "cluster", "conf", "hdf", "inspect", "view", "review", "train");
    allow("doctor", "backend", "backend.reference", "data", "net");
    allow("predict", "net", "backend", "checkpoint", "data", "hdf", "job", "svm", "view");
    allow(
        "run",
        "conf",
        "conf.settings",
        "data",
        "net",
        "job",
        "cluster",
        "console",
        "view",
        "hdf",
        "metrics",
        "backend",
        "backend.reference",
        "backend.cuda",
        "backend.onednn",
        "train",
        "checkpoint",
        "features",
        "svm");
    allow(
        "watch",
        "console",
        "conf",
        "conf.settings",
        "checkpoint",
        "cluster",
        "job",
        "review",
        "view");
    allow(
        "submit",
        "run",
        "watch",
        "conf",
        "conf.settings",
        "data",
        "net",
        "hdf",
        "job",
        "cluster",
        "checkpoint");
    allow("cli.option", "conf", "conf.settings", "checkpoint", "cluster", "run", "submit");
  }

  private static void allow(String room, String... others) {
    MAY_USE.put(room, Set.copyOf(List.of(others)));
  }

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

  /** Rooms in an order in which each uses only what comes before it. */
  @Test
  void theTableHasNoCircle() {
    Set<String> built = new HashSet<>();
    while (built.addAll(
        MAY_USE.keySet().stream().filter(room -> built.containsAll(MAY_USE.get(room))).toList())) {}
    assertEquals(MAY_USE.keySet(), built);
  }

  @Test
  void noRoomHoldsMoreThanThirtyFiles() {
    Map<String, Long> files =
        BELAY.stream()
            .filter(type -> !type.isNestedClass())
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(Collectors.groupingBy(HouseRulesTest::name, Collectors.counting()));
    files.values().removeIf(count -> count <= 30);
    assertEquals(Map.of(), files);
  }

  /** Library packages and the places that may use each. */
  static Map<String, Set<String>> homes() {
    return Map.of(
        "io.jhdf..", Set.of("belay.hdf"),
        "org.apache.commons.configuration2..", Set.of("belay.conf"),
        "org.apache.commons.text..", Set.of("belay.conf"),
        "org.apache.commons.compress..", Set.of("belay.data"),
        "javax.imageio..", Set.of("belay.data"),
        "picocli..", Set.of("belay.cli", "belay.cli.option"),
        "com.sun.jna..", Set.of("belay.backend.onednn.dnnl"),
        "jcuda..", Set.of("belay.backend.cuda.."),
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
            target(owner(HasName.Predicates.name("belay.backend.cuda.driver.Call")))
                .and(target(HasName.Predicates.name("of"))))
        .check(BELAY);
  }

  /** A visitor does not compile until it knows a new kind; instanceof falls through in silence. */
  @ParameterizedTest
  @ValueSource(classes = {Operation.class, Piece.class, UpdateRule.class, Objective.class})
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
