import os
import time

from django.http import JsonResponse
from django.urls import re_path


def session(request):
    sessions, count = request.session, 0
    if sessions.session_key or request.GET.get("create") != "false":
        count = sessions.get("count", 0) + 1
        if "wait" in request.GET:
            time.sleep(min(600000, int(request.GET["wait"])) / 1000)
        sessions["count"] = count
        if not sessions.session_key:
            sessions.create()
            sessions["count"] = count
    server = os.environ["SESSCTL_SERVER"]
    answer = JsonResponse(
        {
            "server": server,
            "session": sessions.session_key,
            "count": count,
            "isNew": count == 1,
            "link": request.get_full_path(),
            "client": request.META["REMOTE_ADDR"],
        }
    )
    answer["X-Lab-Server"] = server
    answer["Cache-Control"] = "no-store"
    if "invalidate" in request.GET:
        sessions.flush()
    return answer


urlpatterns = [re_path("", session)]
