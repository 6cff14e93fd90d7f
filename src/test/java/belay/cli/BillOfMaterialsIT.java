package belay.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The list of all that is in the jar, in CycloneDX's form: inside it and beside it. */
class BillOfMaterialsIT {
  private static final String INSIDE = "META-INF/sbom/belay.cdx.json";

  private static byte[] inside;
  private static List<JsonObject> components;
  private static Set<String> classes;

  @BeforeAll
  static void read() throws IOException {
    boolean isOffline = "offline=true".equals(System.getProperty("belay.maven"));
    assumeFalse(isOffline, "Maven makes no bill while it is offline");
    try (ZipFile jar = new ZipFile(Jar.PATH.toFile());
        InputStream bill = jar.getInputStream(jar.getEntry(INSIDE))) {
      inside = bill.readAllBytes();
      classes = classes(jar);
    }
    JsonArray list =
        JsonParser.parseString(new String(inside, StandardCharsets.UTF_8))
            .getAsJsonObject()
            .getAsJsonArray("components");
    components =
        StreamSupport.stream(list.spliterator(), false).map(JsonElement::getAsJsonObject).toList();
  }

  @Test
  void theOneBesideTheJarIsTheOneInIt() throws IOException {
    assertArrayEquals(inside, Files.readAllBytes(Jar.PATH.resolveSibling("belay.cdx.json")));
  }

  @Test
  void everyComponentHasVersionDigestAndLicence() {
    for (JsonObject component : components) {
      assertTrue(component.get("purl").getAsString().startsWith("pkg:maven/"), component::toString);
      assertTrue(component.toString().contains("\"alg\":\"SHA-256\""), component::toString);
      assertTrue(!component.getAsJsonArray("licenses").isEmpty(), component::toString);
    }
  }

  @Test
  void everyClassOfTheJarIsOursOrOfAComponent() {
    Set<String> unknown = new TreeSet<>(classes);
    unknown.removeIf(name -> name.startsWith("belay/"));
    Set<String> files =
        components.stream()
            .map(component -> text(component, "name") + "-" + text(component, "version"))
            .collect(Collectors.toSet());
    int found = 0;
    for (String entry : System.getProperty("java.class.path").split(":")) {
      Path jar = Path.of(entry);
      boolean isListed = files.stream().anyMatch(jar.getFileName().toString()::startsWith);
      if (isListed && entry.endsWith(".jar")) {
        found++;
        unknown.removeAll(classes(jar));
      }
    }
    assertEquals(components.size(), found, "components on the class path");
    assertEquals(Set.of(), unknown);
  }

  private static Set<String> classes(Path jar) {
    try (ZipFile file = new ZipFile(jar.toFile())) {
      return classes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> classes(ZipFile jar) {
    return jar.stream()
        .map(entry -> entry.getName())
        .filter(name -> name.endsWith(".class"))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static String text(JsonObject object, String name) {
    return object.get(name).getAsString();
  }
}
