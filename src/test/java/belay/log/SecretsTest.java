package belay.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {
  @ParameterizedTest
  @CsvSource({
    "http://host:9091, http://host:9091",
    "https://me:secret@host/x, https://***@host/x",
    "HTTPS://me@host/x, HTTPS://***@host/x",
    "https://me:p@ss@host/x, https://***@host/x",
    "https://host/x@y, https://host/x@y",
    "https://host/x?token=1&b=2, https://host/x?***",
    "https://me:secret@host?token=1, https://***@host?***",
    "https://me:sec$1ret\\@host/$2, https://***@host/$2",
    "htp://me:secret@host/x?token=1, htp://***@host/x?***",
    "no address at all?, no address at all?"
  })
  void anAddressKeepsOnlyWhereItLeads(String address, String shown) {
    assertEquals(shown, Secrets.hide(address));
  }

  @ParameterizedTest
  @CsvSource({
    "me:secret@host/a?token=1, ***@host/a?***",
    "htp:/me:secret@host, htp:/***@host",
    "http://me:se cret@host/a, http://***@host/a",
    "me:sec?ret@host, ***",
    "host/a?mail=me@host, ***",
    "ftp://host/file, ftp://host/file"
  })
  void whatShouldBeAnAddressIsShortenedHoweverItLooks(String value, String shown) {
    assertEquals(shown, Secrets.hideAddress(value));
  }

  @Test
  void everyAddressInATextIsShortened() {
    assertEquals(
        "Cannot download https://***@a/b: refused; https://c?*** redirects to 'https://***@d'",
        Secrets.hide(
            "Cannot download https://u:p@a/b: refused; https://c?t=1 redirects to 'https://x@d'"));
  }

  @Test
  void whatIsHiddenStaysAsItIs() {
    String hidden = Secrets.hide("https://me:secret@host/x?y");
    assertEquals(hidden, Secrets.hide(hidden));
  }

  @Test
  void passwordsMayHoldWhatAddressesDoNot() {
    for (String secret : new String[] {"u:pa/ss@h", "u:pa#ss@h", "u:p?w@h", "u:a@b@h"}) {
      assertEquals("at https://***@h", Secrets.hide("at https://" + secret));
      assertEquals("at https:/***@h", Secrets.hide("at https:/" + secret));
    }
  }
}
