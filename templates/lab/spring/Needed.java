package lab;

import java.util.regex.Pattern;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;

/**
 * Of all that Spring Boot would make of an application's jars: a web server and sessions. Databases,
 * log-ins and brokers of the real application are not here, and nobody may ask for them.
 */
public class Needed implements AutoConfigurationImportFilter {
  private static final String WEB =
      "aop|availability|context|dao|http|http.converter|info|jackson|netty|persistence|reactor"
          + "|servlet|session|ssl|task|(tomcat|jetty|undertow).servlet|transaction"
          + "|web.(embedded|servlet)|web.servlet.error|webmvc|webmvc.error";

  private static final String STORE =
      System.getProperty("sessctl.store").equals("jdbc")
          ? "jdbc|session.jdbc|sql|sql.init"
          : "data.redis|session.data.redis";

  private static final Pattern NEEDED =
      Pattern.compile("org.springframework.boot.(" + WEB + "|" + STORE + ")[.][A-Z]\\w*");

  @Override
  public boolean[] match(String[] classes, AutoConfigurationMetadata metadata) {
    boolean[] isNeeded = new boolean[classes.length];
    for (int i = 0; i < classes.length; i++) {
      isNeeded[i] = classes[i] != null && isNeeded(classes[i]);
    }
    return isNeeded;
  }

  /** Asked for all that they bring along as well. */
  private static boolean isNeeded(String name) {
    if (!name.endsWith("AutoConfiguration")) return true;
    // Each module of Spring Boot 4 has a package of this name; before, all were below the one.
    return NEEDED.matcher(name.replaceFirst("[.]autoconfigure\\b", "")).matches();
  }
}
