package belay.view;

/**
 * A picture inside the page.
 *
 * @param png the whole file
 * @param width pixels
 * @param height pixels
 * @param description what it shows, for those who do not see it
 */
public record Picture(byte[] png, int width, int height, String description) {}
