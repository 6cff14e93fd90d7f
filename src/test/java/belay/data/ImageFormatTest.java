package belay.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.ConfigurationException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageFormatTest {

  @Test
  void aRecordOfCifar10Has3073Bytes() {
    assertEquals(3_072, ImageFormat.CIFAR10.imageBytes());
    assertEquals(3_073, ImageFormat.CIFAR10.recordBytes());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 32, 3, 10, height = 0",
    "32, -1, 3, 10, width = -1",
    "32, 32, 0, 10, channels = 0",
    "32, 32, 3, 257, classes = 257",
    "16384, 16384, 16384, 10, 16384 x 16384 x 16384 has more"
  })
  void refusesWhatNoFileCanHold(int height, int width, int channels, int classes, String words) {
    ConfigurationException problem =
        assertThrows(
            ConfigurationException.class, () -> new ImageFormat(height, width, channels, classes));

    assertTrue(problem.getMessage().contains(words), problem::getMessage);
  }

  @Test
  void aLayoutNeedsTrainingAndTestFiles() {
    assertThrows(
        ConfigurationException.class,
        () -> new CifarLayout(List.of(), List.of("t"), "", ImageFormat.CIFAR10));
    assertThrows(
        ConfigurationException.class,
        () -> new CifarLayout(List.of("t"), List.of(), "", ImageFormat.CIFAR10));
  }
}
