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
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may import whom: data flows one way, and only cli sees everything. */
class HouseRulesTest {
  private static final JavaClasses BELAY =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("belay");

  static Set<String> packages() {
    return Rooms.MAY_USE.keySet();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void packageUsesOnlyWhatTheTableAllows(String name) {
    Set<String> allowed = Rooms.MAY_USE.get(name);
    DescribedPredicate<JavaClass> forbidden =
        DescribedPredicate.describe(
            "classes of other packages than " + allowed,
            used ->
                isOurs(used)
                    && !name(used).equals(name)
                    && !Rooms.GROUND.contains(name(used))
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
          name(type).equals("cli") || Rooms.MAY_USE.containsKey(name(type)),
          () -> type.getFullName());
    }
  }

  /** Rooms in an order in which each uses only what comes before it. */
  @Test
  void theTableHasNoCircle() {
    Set<String> built = new HashSet<>();
    while (built.addAll(
        Rooms.MAY_USE.keySet().stream()
            .filter(room -> built.containsAll(Rooms.MAY_USE.get(room)))
            .toList())) {}
    assertEquals(Rooms.MAY_USE.keySet(), built);
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
        "javax.imageio..", Set.of("belay.data.picture"),
        "picocli..", Set.of("belay.cli", "belay.cli.bench", "belay.cli.option"),
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
