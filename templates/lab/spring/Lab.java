package lab;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * One class and no scanning for others: all else is what Spring Boot makes of the jars and of the
 * properties. For Spring Boot 2.7 the lab writes javax in place of jakarta.
 */
@Controller
@EnableAutoConfiguration
public class Lab {
  public static void main(String[] args) {
    SpringApplication.run(Lab.class, args);
  }

  private static String quote(String text) {
    return text == null ? "null" : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  @RequestMapping("/**")
  public void answer(HttpServletRequest request, HttpServletResponse response)
      throws IOException, InterruptedException {
    String server = System.getProperty("sessctl.server", "");
    HttpSession session = request.getSession(!"false".equals(request.getParameter("create")));
    boolean isNew = session != null && session.isNew();
    int count = 0;
    if (session != null) {
      Integer counted = (Integer) session.getAttribute("count");
      count = counted == null ? 1 : counted + 1;
      String wait = request.getParameter("wait");
      if (wait != null) Thread.sleep(Math.min(600000, Integer.parseInt(wait)));
      session.setAttribute("count", count);
    }
    String id = session == null ? null : session.getId();
    if (session != null && request.getParameter("invalidate") != null) session.invalidate();
    response.setHeader("X-Lab-Server", server);
    response.setHeader("Cache-Control", "no-store");
    response.setContentType("application/json;charset=UTF-8");
    String link = response.encodeURL(request.getRequestURI());
    response
        .getWriter()
        .printf("{ \"server\": %s, \"session\": %s, \"count\": %d,", quote(server), quote(id), count)
        .printf(" \"isNew\": %b, \"link\": %s,", isNew, quote(link))
        .printf(" \"client\": %s }%n", quote(request.getRemoteAddr()));
  }
}
